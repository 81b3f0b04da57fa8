import { tensorFrom } from '@monge/backend'
import { add, matMul, mul, neg, sum, tidy, transpose } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, runs, tolerance } from '../../../tooling/testing/src/index.ts'
import {
  cosine,
  euclidean,
  evaluate,
  geometry,
  gradient,
  halfSquaredEuclidean,
  lp,
  lpPower,
  mahalanobis,
  matrix,
  normalisedPower,
  power,
  pullback,
  scaled,
  squaredEuclidean,
  weightedEuclidean,
} from './index.js'
import type { Cost } from './index.js'

const quadratic = [
  [2, 0.5, 0],
  [0.5, 1, 0.25],
  [0, 0.25, 1.5],
]

const costs: readonly (readonly [string, Cost])[] = [
  squaredEuclidean,
  halfSquaredEuclidean,
  euclidean,
  power(0.5),
  power(1.5),
  normalisedPower(3),
  lp(1),
  lp(3),
  lpPower(1.5, 1.5),
  lpPower(3, 2),
  cosine,
  weightedEuclidean([0.5, 2, 1]),
  weightedEuclidean([0.5, 2, 1], { squared: false }),
  mahalanobis(quadratic),
  scaled(0.3)(power(1.5)),
  scaled(3)(mahalanobis(quadratic)),
].map((cost) => [cost.name, cost] as const)

const withDual = costs.flatMap(([name, cost]) => (cost.legendreDual ? [[name, cost, cost.legendreDual] as const] : []))

// Multiples of 1/8: exact in float32, and never closer than that without coinciding.
const coordinate = fc.integer({ min: -24, max: 24 }).map((k) => k / 8)
const cloud = (n: number): fc.Arbitrary<readonly number[]> =>
  fc.array(coordinate, { minLength: 3 * n, maxLength: 3 * n })
const pair = fc.integer({ min: 1, max: 5 }).chain((n) => fc.tuple(cloud(n), cloud(n)))
const triple = fc.integer({ min: 1, max: 4 }).chain((n) => fc.tuple(cloud(n), cloud(n), cloud(n)))

eachBackend('costs', (backend) => {
  const expectNear = (actual: ArrayLike<number>, expected: ArrayLike<number>, float32 = 2e-5): void => {
    const allowed = tolerance(backend(), { float64: 1e-11, float32 })
    expect(actual.length).toBe(expected.length)
    const scale = Math.max(1, ...Array.from(expected, Math.abs))
    Array.from(expected, (value, i) =>
      expect(Math.abs((actual[i] ?? Number.NaN) - value), `${actual[i]} for ${value}`).toBeLessThanOrEqual(
        allowed * scale,
      ),
    )
  }

  const expectAlways = <A>(arbitrary: fc.Arbitrary<A>, law: (sample: A) => void): void =>
    fc.assert(
      fc.property(arbitrary, (sample) => {
        tidy(() => law(sample))
      }),
      { numRuns: runs(100) },
    )

  const points = (values: readonly number[]): Tensor2D => tensorFrom(values, [values.length / 3, 3])
  const zeros = (like: readonly number[]): Tensor2D => points(like.map(() => 0))

  test.each(costs)('%s is symmetric', (_, cost) =>
    expectAlways(pair, ([x, y]) =>
      expectNear(
        matrix(cost)(points(x), points(y)).dataSync(),
        transpose(matrix(cost)(points(y), points(x))).dataSync(),
      ),
    ),
  )

  test.each(costs)('%s is by rows the diagonal of its matrix', (_, cost) =>
    expectAlways(pair, ([x, y]) => {
      const whole = matrix(cost)(points(x), points(y)).dataSync()
      const n = x.length / 3
      expectNear(
        evaluate(cost)(points(x), points(y)).dataSync(),
        Array.from({ length: n }, (__, i) => whole[i * n + i] ?? Number.NaN),
      )
    }),
  )

  test.each(costs)('%s is in plain operations what the backend makes of it', (_, cost) =>
    expectAlways(pair, ([x, y]) => {
      const made = geometry(cost)(backend())(points(x), points(y))
      expectNear(made.entries(0, x.length / 3), matrix(cost)(points(x), points(y)).dataSync())
      made.dispose()
    }),
  )

  test.each(costs)('%s is as invariant and homogeneous as it says', (_, cost) =>
    expectAlways(pair, ([x, y]) => {
      const value = evaluate(cost)(points(x), points(y)).dataSync()
      if (cost.translationInvariant) {
        const shift = tensorFrom<Tensor2D>([1, -2, 0.5], [1, 3])
        expectNear(evaluate(cost)(add(points(x), shift), add(points(y), shift)).dataSync(), value)
      }
      const { degree } = cost
      if (degree !== undefined) {
        const twice = (z: readonly number[]): Tensor2D => points(z.map((entry) => 2 * entry))
        expectNear(
          evaluate(cost)(twice(x), twice(y)).dataSync(),
          value.map((entry) => entry * 2 ** degree),
        )
      }
    }),
  )

  test.each(costs.filter(([, cost]) => cost.metric))('%s is a metric', (_, cost) =>
    expectAlways(triple, ([x, y, z]) => {
      const distance = (from: readonly number[], to: readonly number[]): ArrayLike<number> =>
        evaluate(cost)(points(from), points(to)).dataSync()
      const [direct, first, second] = [distance(x, z), distance(x, y), distance(y, z)]
      const slack = tolerance(backend(), { float64: 1e-12, float32: 1e-5 })
      Array.from(direct, (d, i) => expect(d).toBeLessThanOrEqual((first[i] ?? 0) + (second[i] ?? 0) + slack))
      expectNear(
        distance(x, x),
        x.filter((__, i) => i % 3 === 0).map(() => 0),
      )
      const n = x.length / 3
      const coincide = (i: number): boolean => [0, 1, 2].every((k) => x[3 * i + k] === y[3 * i + k])
      const apart = Array.from({ length: n }, (__, i) => i).filter((i) => !coincide(i))
      expect(apart.every((i) => (first[i] ?? 0) > 0)).toBe(true)
    }),
  )

  test.each(costs)('the gradient of %s is its directional slope', (_, cost) =>
    expectAlways(pair, ([x, y]) => {
      // Only in float64 is a difference quotient worth comparing with.
      const slopes = gradient(cost)(points(x), points(y)).dataSync()
      expect([...slopes].every(Number.isFinite)).toBe(true)
      if (backend().precision === 'float32') return
      const h = 1e-5
      x.forEach((at, index) => {
        const row = Math.floor(index / 3)
        const apart = [0, 1, 2].every((k) => x[3 * row + k] !== y[3 * row + k] && x[3 * row + k] !== 0)
        if (!apart) return
        const moved = (step: number): number =>
          evaluate(cost)(points(x.map((entry, i) => (i === index ? at + step : entry))), points(y)).dataSync()[row] ??
          Number.NaN
        expect(slopes[index]).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 5)
      })
    }),
  )

  test.each(withDual)('%s obeys Fenchel and Young', (_, cost, dual) =>
    expectAlways(pair, ([z, w]) => {
      const h = evaluate(cost)(points(z), zeros(z)).dataSync()
      const conjugate = dual.value(points(w)).dataSync()
      const slack = tolerance(backend(), { float64: 1e-10, float32: 2e-4 })
      h.forEach((value, i) => {
        const product = [0, 1, 2].reduce((total, k) => total + (z[3 * i + k] ?? 0) * (w[3 * i + k] ?? 0), 0)
        expect(value + (conjugate[i] ?? Number.NaN)).toBeGreaterThanOrEqual(
          product - slack * Math.max(1, Math.abs(value)),
        )
      })
    }),
  )

  test.each(withDual)('%s meets its dual where w is its gradient', (_, cost, dual) =>
    expectAlways(pair, ([z]) => {
      const at = points(z)
      const w = gradient(cost)(at, zeros(z))
      const left = add(evaluate(cost)(at, zeros(z)), dual.value(w)).dataSync()
      expectNear(left, sum(mul(at, w), 1).dataSync(), 1e-4)
    }),
  )

  test.each(withDual)('the gradients of %s and its dual undo one another', (_, cost, dual) =>
    expectAlways(pair, ([z]) => expectNear(dual.gradient(gradient(cost)(points(z), zeros(z))).dataSync(), z, 1e-3)),
  )

  test('pullback is a functor', () =>
    expectAlways(pair, ([x, y]) => {
      const double = (z: Tensor2D): Tensor2D => add(z, z)
      const mirror = (z: Tensor2D): Tensor2D => neg(z)
      const shear = (z: Tensor2D): Tensor2D => matMul(z, tensorFrom<Tensor2D>([1, 1, 0, 0, 1, 1, 0, 0, 1], [3, 3]))
      const value = (cost: Cost): ArrayLike<number> => evaluate(cost)(points(x), points(y)).dataSync()
      expectNear(value(pullback((z) => z)(power(1.5))), value(power(1.5)))
      expectNear(
        value(pullback(shear)(pullback(double)(power(1.5)))),
        value(pullback((z) => double(shear(z)))(power(1.5))),
      )
      expectNear(value(pullback(mirror)(euclidean)), value(euclidean))
    }))
})
