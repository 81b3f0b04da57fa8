import { fc } from '@fast-check/vitest'
import { grad, mul, sum, tidy } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { geometryCases } from '../../../../tooling/testing/src/geometry-cases.ts'
import { eachBackend, runs, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { kernelSum, planSum, softmin, tensorFrom } from '../index.js'
import type { Pairwise } from '../index.js'

const sixteenths = fc.integer({ min: -32, max: 32 }).map((entry) => entry / 16)
const vectorOf = (n: number): fc.Arbitrary<readonly number[]> => fc.array(sixteenths, { minLength: n, maxLength: n })

const pairwises: readonly Pairwise[] = geometryCases
  .filter(({ name }) => ['half the squared distance', 'distance', 'gaussian', 'l1'].includes(name))
  .map(({ pairwise }) => pairwise([], []))

const problems = fc
  .record({ n: fc.integer({ min: 1, max: 6 }), m: fc.integer({ min: 1, max: 6 }), d: fc.integer({ min: 1, max: 3 }) })
  .chain(({ n, m, d }) =>
    fc.record({
      n: fc.constant(n),
      m: fc.constant(m),
      d: fc.constant(d),
      pairwise: fc.constantFrom(...pairwises),
      epsilon: fc.constantFrom(0.25, 0.5, 4),
      x: vectorOf(n * d),
      y: vectorOf(m * d),
      q: vectorOf(m),
      u: vectorOf(n),
      v: vectorOf(m),
      w: vectorOf(m),
    }),
  )

type Problem = typeof problems extends fc.Arbitrary<infer Given> ? Given : never

eachBackend('a differentiable reduction', (backend) => {
  const expectNear = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
    const size = 4 + Math.max(...Array.from(expected, Math.abs))
    expect(actual.length).toBe(expected.length)
    const apart = Math.max(...Array.from(expected, (value, index) => Math.abs(value - (actual[index] ?? NaN))))
    expect(apart).toBeLessThanOrEqual(tolerance(backend(), { float64: 1e-12, float32: 2e-5 }) * size)
  }
  const law = (body: (problem: Problem, x: Tensor2D, y: Tensor2D) => void): void =>
    fc.assert(
      fc.property(problems, (problem) => {
        withoutLeaks(() => {
          const { n, m, d } = problem
          tidy(() => body(problem, tensorFrom<Tensor2D>(problem.x, [n, d]), tensorFrom<Tensor2D>(problem.y, [m, d])))
        })
      }),
      { numRuns: runs(100) },
    )
  const tensor = (values: readonly number[]): Tensor1D => tensorFrom<Tensor1D>(values, [values.length])
  const numbers = (from: Tensor1D): readonly number[] => Array.from(from.dataSync())
  const total = (values: readonly number[]): number => values.reduce((left, right) => left + right, 0)

  test('kernelSum is linear in the values, and its gradient in them is the sum the other way about', () => {
    law(({ pairwise, u, v, w }, x, y) => {
      const along = (values: readonly number[]): readonly number[] => numbers(kernelSum(pairwise)(backend())(x, y, tensor(values)))
      const [one, other] = [along(v), along(w)]
      expectNear(along(v.map((entry, j) => 2 * entry - (w[j] ?? NaN))), one.map((entry, i) => 2 * entry - (other[i] ?? NaN)))
      const slope = grad((values) => sum(mul(tensor(u), kernelSum(pairwise)(backend())(x, y, values as Tensor1D))))(tensor(v))
      // Symmetric functions all: the transposed sum is the sum from the other cloud.
      expectNear(numbers(slope as Tensor1D), numbers(kernelSum(pairwise)(backend())(y, x, tensor(u))))
    })
  })

  test('softmin falls by epsilon t as the scalings grow by t, and its gradient in them is minus epsilon times a plan', () => {
    law(({ pairwise, epsilon, q, u }, x, y) => {
      const of = softmin(pairwise, epsilon)(backend())
      const values = numbers(of(x, y, tensor(q)))
      expectNear(numbers(of(x, y, tensor(q.map((entry) => entry + 2)))), values.map((entry) => entry - 2 * epsilon))
      const slope = numbers(grad((scaling) => sum(mul(tensor(u), of(x, y, scaling as Tensor1D))))(tensor(q)) as Tensor1D)
      const back = planSum(pairwise, epsilon)(backend())(y, x, tensor(q), tensor(values.map((entry) => entry / epsilon)), tensor(u))
      expectNear(slope, numbers(back).map((entry) => -epsilon * entry))
      expectNear([total(slope)], [-epsilon * total(u)])
    })
  })

  test('planSum has rows of sum 1 where softmin made the scalings, so that it averages: between the least and the largest', () => {
    law(({ pairwise, epsilon, q, v, m }, x, y) => {
      const p = tensor(numbers(softmin(pairwise, epsilon)(backend())(x, y, tensor(q))).map((entry) => entry / epsilon))
      const average = (values: readonly number[]): readonly number[] =>
        numbers(planSum(pairwise, epsilon)(backend())(x, y, p, tensor(q), tensor(values)))
      expectNear(average(Array.from({ length: m }, () => 1)), Array.from(p.dataSync(), () => 1))
      const slack = tolerance(backend(), { float64: 1e-11, float32: 2e-4 })
      for (const value of average(v)) {
        expect(value).toBeGreaterThanOrEqual(Math.min(...v) - slack)
        expect(value).toBeLessThanOrEqual(Math.max(...v) + slack)
      }
    })
  })
})
