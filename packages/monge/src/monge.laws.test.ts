import type { Backend } from '@monge/backend'
import { euclidean, normalisedPower } from '@monge/costs'
import { energy, gaussian, kernelNorm, laplacian } from '@monge/kernels'
import { toNumber, valueAndGradient } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { key } from '@monge/random'
import { hausdorffDivergence, sinkhornCost, sinkhornDivergence, solve } from '@monge/sinkhorn'
import { dispose } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, isEngine, pairArbitrary, runs, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import type { CloudPair } from '../../../tooling/testing/src/index.ts'
import { emd, emdSamples, evaluate, samplesLoss, slicedWasserstein, transport, wasserstein1d } from './index.js'
import type { Clouds } from './index.js'

/*
 * The functions on plain arrays are those of the packages on measures, number for number.
 */

const pairs = pairArbitrary({ settings: ['near'], maxPoints: 5, dimension: 2 })
const lines = pairArbitrary({ settings: ['near'], maxPoints: 6, dimension: 1 })
const blurs = fc.constantFrom(0.5, 1)

const cloudsOf = ({ mu, nu }: Pick<CloudPair, 'mu' | 'nu'>): Clouds => ({ x: mu.points, y: nu.points, a: mu.weights, b: nu.weights })

eachBackend('on plain arrays', (backend) => {
  const few = (): number => (isEngine(backend()) ? runs(100) : runs(10, 'entropic solves by tensor operations'))

  const onMeasures = <A>({ mu, nu }: Pick<CloudPair, 'mu' | 'nu'>, body: (mu: Measure, nu: Measure) => A): A => {
    const [from, to] = [mu, nu].map(({ points, weights }) => measureOrThrow(fromArrays(points, weights, backend())))
    try {
      return body(from, to)
    } finally {
      disposeMeasure(from)
      disposeMeasure(to)
    }
  }

  test('evaluate gives a loss and its gradients as the loss has them on measures', () => {
    const losses: readonly Loss[] = [kernelNorm(gaussian(1))(backend()), kernelNorm(energy())(backend()), slicedWasserstein({ key: key(1), count: 8 })(backend())]
    fc.assert(
      fc.property(pairs, fc.constantFrom(...losses), (pair, loss) => {
        withoutLeaks(() => {
          const { value, gradX, gradY, gradA, gradB } = evaluate(loss)(cloudsOf(pair))
          onMeasures(pair, (mu, nu) => {
            const found = valueAndGradient(loss)(mu, nu)
            const tensors = [found.value, found.mu.points, found.nu.points, found.mu.weights, found.nu.weights]
            expect([[value], gradX, gradY, gradA, gradB].map((values) => Array.from(values))).toEqual(
              tensors.map((tensor) => Array.from(tensor.dataSync())),
            )
            dispose(tensors)
          })
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test('samplesLoss is the loss of that name', () => {
    const named = ({ blur, debias, name, p }: { blur: number; debias: boolean; name: string; p: 1 | 2 }) => {
      const options = { p, blur }
      const entropic = debias ? sinkhornDivergence : sinkhornCost
      const losses: Readonly<Record<string, (backend: Backend) => Loss>> = {
        sinkhorn: entropic(options),
        hausdorff: hausdorffDivergence(options),
        energy: kernelNorm(energy()),
        gaussian: kernelNorm(gaussian(blur)),
        laplacian: kernelNorm(laplacian(blur)),
      }
      return losses[name] ?? losses['sinkhorn']
    }
    const choices = fc.record({
      blur: blurs,
      debias: fc.boolean(),
      name: fc.constantFrom('sinkhorn', 'hausdorff', 'energy', 'gaussian', 'laplacian'),
      p: fc.constantFrom(1, 2),
    })
    fc.assert(
      fc.property(pairs, choices, (pair, { name, ...options }) => {
        withoutLeaks(() =>
          onMeasures(pair, (mu, nu) => {
            const expected = named({ name, ...options })?.(backend()) ?? samplesLoss()(backend())
            expect(toNumber(samplesLoss({ loss: name, ...options })(backend()))(mu, nu)).toBe(toNumber(expected)(mu, nu))
          }),
        )
      }),
      { numRuns: few() },
    )
  })

  test('transport is the solution of the packages', () => {
    fc.assert(
      fc.property(pairs, blurs, fc.constantFrom(normalisedPower(2), euclidean), (pair, blur, cost) => {
        withoutLeaks(() => {
          const options = { blur, cost, tolerance: 1e-4 }
          const found = transport(options)(backend())(cloudsOf(pair))
          onMeasures(pair, (mu, nu) => {
            const solution = solve(options)(backend())(mu, nu)
            expect([found.value, found.lower, found.upper, found.iterations]).toEqual([solution.value, solution.lower, solution.upper, solution.iterations])
            expect([found.f, found.g].map((values) => Array.from(values))).toEqual([solution.f, solution.g].map((tensor) => Array.from(tensor.dataSync())))
            dispose([solution.f, solution.g])
          })
        })
      }),
      { numRuns: few() },
    )
  })

  test('emd of samples is that of their matrix of costs, and on a line that of sorting and of slices', () => {
    fc.assert(
      fc.property(lines, ({ mu, nu }) => {
        const clouds = { x: mu.points, y: nu.points, a: mu.weights, b: nu.weights }
        const exact = emdSamples({ ...clouds, p: 1 }).cost
        const cost = mu.points.map(([x = NaN]) => nu.points.map(([y = NaN]) => Math.abs(x - y)))
        const sorted = wasserstein1d({ ...clouds, x: mu.points.flat(), y: nu.points.flat() })
        for (const other of [emd({ a: mu.weights, b: nu.weights, cost }).cost, sorted.cost, sorted.distance])
          expect(Math.abs(other - exact)).toBeLessThanOrEqual(1e-12 * (1 + exact))
        const sliced = evaluate(slicedWasserstein({ p: 1, key: key(2), count: 4 })(backend()))(clouds).value
        expect(Math.abs(sliced - exact)).toBeLessThanOrEqual(tolerance(backend(), { float64: 1e-9, float32: 1e-4 }) * (1 + exact))
      }),
      { numRuns: runs(100) },
    )
  })
})
