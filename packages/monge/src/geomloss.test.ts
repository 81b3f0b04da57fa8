import { constant } from '@monge/backend'
import { euclidean, radial as radialCost } from '@monge/costs'
import { radial as radialKernel } from '@monge/kernels'
import { exp, maximum, mul, neg, sqrt } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, tolerance } from '../../../tooling/testing/src/index.ts'
import recorded from '../fixtures/geomloss.json' with { type: 'json' }
import { evaluate, samplesLoss } from './index.js'
import type { SamplesLossOptions } from './index.js'

type Row = (typeof recorded.records)[number]

const records = recorded.records.map((row) => [JSON.stringify(row.options), row] as const)
const optionsOf = ({ options }: Row): SamplesLossOptions => options as SamplesLossOptions

const floor = (squares: Tensor): Tensor => sqrt(maximum(squares, constant(1e-8)))

/** The options under which we compute as GeomLoss does, which floors what is under its square roots at 1e-8. */
const floored = (row: Row): SamplesLossOptions => {
  const options = optionsOf(row)
  const rate = (options.blur ?? 1) ** -2
  if (options.loss === 'energy') return { ...options, kernel: radialKernel('energy', (s) => neg(floor(s)), 'conditional') }
  if (options.loss === 'laplacian')
    return { ...options, kernel: radialKernel('laplacian', (s) => exp(neg(floor(mul(s, constant(rate)))))) }
  return options.p === 1 ? { ...options, cost: radialCost('distance', floor, euclidean) } : options
}

const hasRoot = ({ options }: Row): boolean => options.p === 1 || ['energy', 'laplacian'].includes(options.loss)

/** True gradients over GeomLoss's, which differ with `reach`. */
const factor = ({ options }: Row): number => {
  if (options.reach === undefined) return 1
  const [epsilon, rho] = [(options.blur ?? 1) ** (options.p ?? 2), options.reach ** (options.p ?? 2)]
  return (rho + epsilon) / (rho + epsilon / 2)
}

eachBackend('the losses of GeomLoss', (backend) => {
  const relative = () => tolerance(backend(), { float64: 1e-9, float32: 1e-5 })
  const absolute = () => tolerance(backend(), { float64: 1e-13, float32: 1e-6 })

  test.each(records)('%s', (_, row) => {
    const { value } = evaluate(samplesLoss(optionsOf(row))(backend()))(recorded.clouds)
    // The floor costs 1e-4 at most: a pair of coinciding points, moved in full.
    const allowed = relative() * row.value + absolute() + (hasRoot(row) ? 1e-4 : 0)
    expect(Math.abs(value - row.value), `${value} for ${row.value}`).toBeLessThan(allowed)
  })

  // The records of soft Hausdorff have no gradients: GeomLoss's own raises.
  test.each(records)('%s, with its floor, in value and gradient', (_, row) => {
    const { value, gradX } = evaluate(samplesLoss(floored(row))(backend()))(recorded.clouds)
    expect(Math.abs(value - row.value), `${value} for ${row.value}`).toBeLessThan(relative() * row.value + absolute())
    const expected = row.gradX?.map((slope) => slope * factor(row)) ?? Array.from(gradX)
    const allowed = tolerance(backend(), { float64: 1e-7, float32: 2e-3 }) * Math.max(...expected.map(Math.abs))
    expected.forEach((slope, i) => expect(Math.abs(gradX[i] - slope), `${gradX[i]} for ${slope}`).toBeLessThan(allowed))
  })
})
