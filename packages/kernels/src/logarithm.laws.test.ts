import { tensorFrom } from '@monge/backend'
import { pairwiseMatrix } from '@monge/costs'
import { add, matMul, tidy } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs, tolerance } from '../../../tooling/testing/src/index.ts'
import {
  energy,
  exponential,
  fromFunction,
  gaussian,
  gaussianOfWidth,
  inverseMultiquadric,
  laplacian,
  matrix,
  product,
  pullback,
  radial,
  scale,
  smoothedEnergy,
  smoothedLaplacian,
  sum,
} from './index.js'
import type { Kernel } from './index.js'

const mine = radial('mine', (s) => s)
const twice = (points: Tensor2D): Tensor2D => add(points, points)
const shared = pullback((points) => points)

const kernels: readonly (readonly [Kernel, string, Kernel['definiteness'], boolean])[] = [
  [gaussian(0.7), 'gaussian 0.7', 'positive', true],
  [gaussianOfWidth(1.5), 'gaussian of width 1.5', 'positive', true],
  [laplacian(2), 'laplacian 2', 'positive', true],
  [exponential(1.5, 1.25), 'exponential 1.5 to the power 1.25', 'positive', true],
  [smoothedLaplacian(0.5, 2), 'smoothed laplacian 0.5 2', 'positive', true],
  [inverseMultiquadric(0.5), 'inverse multiquadric 0.5', 'positive', false],
  [smoothedEnergy(0.5), 'smoothed energy 0.5', 'positive', false],
  [energy(), 'energy', 'conditional', false],
  [energy(1.5), 'energy 1.5', 'conditional', false],
  [mine, 'mine', 'unknown', false],
  [fromFunction('mine', (x, y) => matMul(x, y, false, true), 'positive'), 'mine', 'positive', false],
  [scale(0.3)(laplacian(2)), '0.3 laplacian 2', 'positive', true],
  [scale(0.3)(energy()), '0.3 energy', 'conditional', false],
  [scale(2)(scale(0.3)(gaussian(1))), '2 0.3 gaussian 1', 'positive', true],
  [pullback(twice)(gaussian(1)), 'pullback of gaussian 1', 'positive', true],
  [product([gaussian(1), scale(0.3)(laplacian(2))]), '(gaussian 1) (0.3 laplacian 2)', 'positive', true],
  [product([gaussian(1), energy()]), '(gaussian 1) (energy)', 'unknown', false],
  [product([gaussian(1), pullback(twice)(gaussian(1))]), '(gaussian 1) (pullback of gaussian 1)', 'positive', false],
  [product([gaussian(1), mine]), '(gaussian 1) (mine)', 'unknown', false],
  [sum([gaussian(1), laplacian(2), energy()]), 'gaussian 1 + laplacian 2 + energy', 'conditional', false],
  [sum([gaussian(1), mine, energy()]), 'gaussian 1 + mine + energy', 'unknown', false],
  [sum([gaussian(1), laplacian(2)]), 'gaussian 1 + laplacian 2', 'positive', false],
]

const named = kernels.map(([kernel, ...known]) => [kernel.name, kernel, ...known] as const)
const coordinates = fc
  .array(fc.integer({ min: -16, max: 16 }), { minLength: 6, maxLength: 6 })
  .map((ks) => ks.map((k) => k / 8))

eachBackend('the logarithm of a kernel', (backend) => {
  test.each(named.filter(([, { logarithm }]) => logarithm))('is that of its values: %s', (_, kernel) => {
    fc.assert(
      fc.property(coordinates, coordinates, (x, y) =>
        tidy(() => {
          const embed = kernel.features ?? ((points: Tensor2D) => points)
          const [from, to] = [tensorFrom<Tensor2D>(x, [3, 2]), tensorFrom<Tensor2D>(y, [3, 2])]
          const { cost, epsilon, offset = 0 } = kernel.logarithm ?? { cost: kernel.pairwise, epsilon: Number.NaN }
          const exponents = pairwiseMatrix(cost)(embed(from), embed(to)).dataSync()
          const values = matrix(kernel)(from, to).dataSync()
          const allowed = tolerance(backend(), { float64: 1e-12, float32: 1e-5 })
          values.forEach((value, i) =>
            expect(Math.abs(value - Math.exp(offset - (exponents[i] ?? Number.NaN) / epsilon))).toBeLessThanOrEqual(
              allowed,
            ),
          )
        }),
      ),
      { numRuns: runs(100) },
    )
  })
})

describe('of itself a kernel knows', () => {
  test.each(named)('its name, its definiteness and whether it has a logarithm: %s', (name, kernel, ...known) => {
    expect([name, kernel.definiteness, kernel.logarithm !== undefined]).toEqual(known)
  })

  test('that one kernel is its own sum and product', () => {
    const kernel = gaussian(1)
    expect(sum([kernel])).toBe(kernel)
    expect(product([kernel])).toBe(kernel)
  })

  test('that radial kernels on the same features are one radial kernel', () => {
    const both = [shared(gaussian(1)), shared(energy())]
    // Each pullback along the same map keeps that very map.
    expect(both.map(({ features }) => features)).toEqual([both[0]?.features, both[0]?.features])
    expect(sum(both)).toMatchObject({ pairwise: { tag: 'radial' }, features: both[0]?.features })
    expect(sum([gaussian(1), both[1] ?? mine]).pairwise.tag).toBe('function')
    expect(sum([gaussian(1), pullback(twice)(energy())]).features).toBeUndefined()
  })
})
