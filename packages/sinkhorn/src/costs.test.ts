import { constant, tensorFrom } from '@monge/backend'
import type { Backend } from '@monge/backend'
import {
  cosine,
  euclidean,
  fromFunction,
  fromMatrix,
  halfSquaredEuclidean,
  lp,
  lpPower,
  mahalanobis,
  matrix,
  power,
  pullback,
  radial,
  squaredEuclidean,
  weightedEuclidean,
} from '@monge/costs'
import type { Cost } from '@monge/costs'
import { valueAndGradient } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { add, dispose, div, expandDims, mul, pow, sqrt, square, sub, sum } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, reference, tolerance } from '../../../tooling/testing/src/index.ts'
import { hausdorffDivergence, planCost, sinkhornCost, sinkhornDivergence, solve } from './index.js'

const bend = (x: Tensor2D): Tensor2D => add(mul(square(x), 0.25), x)

const squares = (x: Tensor2D, y: Tensor2D): Tensor2D => sum(square(sub(expandDims(x, 1), expandDims(y, 0))), 2)

const costs: readonly Cost[] = [
  halfSquaredEuclidean,
  squaredEuclidean,
  euclidean,
  power(1.5),
  power(3),
  lp(1),
  lp(3),
  lpPower(3, 2),
  cosine,
  weightedEuclidean([2, 0.5]),
  weightedEuclidean([2, 0.5], { squared: false }),
  mahalanobis([
    [2, 0.5],
    [0.5, 1],
  ]),
  pullback(bend)(halfSquaredEuclidean),
  radial('smoothed distance', (s) => sqrt(add(s, constant(0.25)))),
  fromFunction('rational', (x, y) => div(squares(x, y), add(squares(x, y), constant(1))), { symmetric: true }),
]

const lopsided = fromFunction('lopsided', (x, y) => add(squares(x, y), expandDims(sum(square(x), 1), 1)))

const x = [
  [0.25, 0.5],
  [1, 0.125],
  [0.375, 1.25],
  [1.5, 1],
]
const y = [
  [0.5, 0.25],
  [1.25, 0.75],
  [1.75, 1.5],
]
const a = [0.25, 0.25, 0.125, 0.375]
const b = [0.5, 0.125, 0.375]

eachBackend('costs', (backend) => {
  const on = <A>(body: (mu: Measure, nu: Measure) => A): A => {
    const mu = measureOrThrow(fromArrays(x, a, backend()))
    const nu = measureOrThrow(fromArrays(y, b, backend()))
    try {
      return body(mu, nu)
    } finally {
      for (const measure of [mu, nu]) disposeMeasure(measure)
    }
  }
  const accuracy = (): number => tolerance(backend(), { float64: 1e-13, float32: 1e-6 })

  /** The same costs, given as a matrix. */
  const entriesOf = (cost: Cost, mu: Measure, nu: Measure): Cost => {
    const entries = backend().within(() => matrix(cost)(mu.points, nu.points))
    const given = fromMatrix({ data: entries.dataSync(), shape: entries.shape }, backend())
    entries.dispose()
    return given
  }

  const release = ({ pairwise }: Cost): void => {
    if (pairwise.tag === 'matrix') pairwise.entries.dispose()
  }

  test.each([...costs, lopsided].map((cost) => [cost.name, cost] as const))('%s is solved as its matrix is', (_, cost) => {
    on((mu, nu) => {
      const given = entriesOf(cost, mu, nu)
      const run = (which: Cost) => {
        const { f, g, plan, ...numbers } = solve({ cost: which, blur: 0.5, tolerance: accuracy() })(backend())(mu, nu)
        const moved = planCost(plan)
        dispose([f, g])
        return { ...numbers, moved }
      }
      const [found, expected] = [run(cost), run(given)]
      const allowed = tolerance(backend(), { float64: 1e-11, float32: 2e-5 })
      for (const key of ['value', 'lower', 'upper', 'moved'] as const)
        expect(Math.abs(found[key] - expected[key]), key).toBeLessThanOrEqual(allowed)
      expect(found.lower).toBeLessThanOrEqual(found.moved + allowed)
      expect(found.moved).toBeLessThanOrEqual(found.upper + allowed)
      release(given)
    })
  })

  test('a matrix gives the weights their gradient, and the points none', () => {
    on((mu, nu) => {
      const given = entriesOf(halfSquaredEuclidean, mu, nu)
      const gradients = [given, halfSquaredEuclidean].map((cost) => {
        const loss = sinkhornCost({ cost, blur: 0.5, tolerance: accuracy() })(backend())
        const found = valueAndGradient(loss)(mu, nu)
        const numbers = [found.mu.points, found.mu.weights, found.nu.weights].map((slope) => Array.from(slope.dataSync()))
        dispose([found.value, found.mu.points, found.mu.weights, found.nu.points, found.nu.weights])
        return numbers
      })
      expect(gradients[0]?.[0]?.every((slope) => slope === 0)).toBe(true)
      const allowed = tolerance(backend(), { float64: 1e-11, float32: 2e-5 })
      // A constant may go from f to g: what counts is how the gradient differs from point to point.
      const relative = (slopes: readonly number[] = []): readonly number[] =>
        slopes.map((slope) => slope - (slopes[0] ?? Number.NaN))
      for (const k of [1, 2]) {
        const expected = relative(gradients[1]?.[k])
        relative(gradients[0]?.[k]).forEach((slope, i) => {
          expect(Math.abs(slope - (expected[i] ?? Number.NaN))).toBeLessThanOrEqual(allowed)
        })
      }
      release(given)
    })
  })

  test.each([1, 2, 3.5])('p = %d is the Euclidean distance to that power, over p, with blur^p for epsilon', (p) => {
    on((mu, nu) => {
      const run = (options: object): number => {
        const { f, g, value } = solve({ blur: 0.7, ...options })(backend())(mu, nu)
        dispose([f, g])
        return value
      }
      const mine = radial('mine', (s) => div(pow(s, constant(p / 2)), constant(p)))
      expect(Math.abs(run({ p }) - run({ p, cost: mine }))).toBeLessThanOrEqual(
        tolerance(backend(), { float64: 1e-13, float32: 1e-5 }),
      )
    })
  })
})

const backend: Backend = await reference()

describe('gradients in float64', () => {
  const step = 1e-5
  const losses = [
    ['divergence', sinkhornDivergence, {}],
    ['cost', sinkhornCost, {}],
    ['divergence with reach', sinkhornDivergence, { reach: 0.7 }],
    ['cost with reach', sinkhornCost, { reach: 0.7 }],
    ['soft Hausdorff divergence', hausdorffDivergence, {}],
  ] as const
  describe.each(losses)('of the %s', (title, make, options) => {
    const symmetric = title === 'cost' || title === 'cost with reach' ? [...costs, lopsided] : costs
    test.each(symmetric.map((cost) => [cost.name, cost] as const))('are differences of values for %s', (_, cost) => {
      backend.within(() => {
        const loss = make({ ...options, blur: 0.6, cost, tolerance: 1e-14 })(backend)
        const value = (points: readonly number[], weights: readonly number[]): number => {
          const mu = { points: tensorFrom<Tensor2D>(points, [4, 2]), weights: tensorFrom(weights, [4]) } as Measure
          const nu = measureOrThrow(fromArrays(y, b, backend))
          const scalar = loss(mu, nu)
          const [number = Number.NaN] = scalar.dataSync()
          for (const measure of [mu, nu]) disposeMeasure(measure)
          scalar.dispose()
          return number
        }
        const [mu, nu] = [measureOrThrow(fromArrays(x, a, backend)), measureOrThrow(fromArrays(y, b, backend))]
        const found = valueAndGradient(loss)(mu, nu)
        const difference = (along: (by: number) => number): number => (along(step) - along(-step)) / (2 * step)
        Array.from(found.mu.points.dataSync()).forEach((slope, index) => {
          const expected = difference((by) => value(x.flat().map((entry, k) => (k === index ? entry + by : entry)), a))
          expect(Math.abs(slope - expected), `point coordinate ${index}`).toBeLessThanOrEqual(1e-6)
        })
        // With exact marginals mass must stay: weight goes from one point to the next.
        const slopes = Array.from(found.mu.weights.dataSync())
        slopes.forEach((slope, index) => {
          const next = (index + 1) % slopes.length
          const expected = difference((by) =>
            value(x.flat(), a.map((weight, k) => weight + (k === index ? by : k === next ? -by : 0))),
          )
          expect(Math.abs(slope - (slopes[next] ?? Number.NaN) - expected), `weight ${index}`).toBeLessThanOrEqual(1e-6)
        })
        dispose([found.value, found.mu.points, found.mu.weights, found.nu.points, found.nu.weights])
        for (const measure of [mu, nu]) disposeMeasure(measure)
      })
    })
  })
})
