import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Backend } from '@monge/backend'
import { cloud, geometryCases, oracle, transposedCase } from '../../../tooling/testing/src/geometry-cases.ts'
import { tensorOf } from '../../../tooling/testing/src/geometry-check.ts'
import { onBackends, runs } from '../../../tooling/testing/src/index.ts'

const [half] = geometryCases

const problems = fc.record({
  // Past a block of columns, past blocks of coordinates, and less than one of anything.
  sizes: fc.constantFrom([1, 1, 8], [3, 2, 15], [2, 70, 9], [7, 5, 21], [4, 3, 67], [3, 3, 130], [9, 17, 8]),
  seed: fc.integer({ min: 0, max: 99 }),
  itself: fc.boolean(),
  // How many times epsilon costs are: stored costs do for exponents, or these ask for points in float64.
  sharpness: fc.constantFrom(3, 30, 150, 5000),
})

// Coordinates of which float32 has all digits.
const points = (seed: number, count: number, d: number): readonly (readonly number[])[] =>
  cloud(seed, count, d).map((point) => point.map((coordinate) => Math.fround(coordinate / 3)))

const farthest = (actual: Float64Array, wanted: readonly number[]): number =>
  wanted.reduce((most, value, k) => Math.max(most, Math.abs(value - (actual[k] ?? NaN))), 0)

onBackends(['simd', 'simd64'])('few points in many dimensions', (backend) => {
  test('have the softmins and the gradients of plans of costs in float64, both ways', () => {
    fc.assert(
      fc.property(problems, ({ sizes: [n = 0, m = 0, d = 0], seed, itself, sharpness }) => {
        const x = points(seed, n, d)
        const y = itself ? x : points(seed + 1, m, d)
        backend().within(() => {
          const { geometry: make, precision } = backend() as Backend<Float64Array>
          const from = tensorOf(x)
          const to = itself ? from : tensorOf(y)
          const there = make(half.pairwise(x, y), from, to)
          const ways = [
            { way: there, exact: oracle(half, x, y), rows: x, columns: y },
            { way: there.transpose(), exact: oracle(transposedCase(half), y, x), rows: y, columns: x },
          ]
          for (const { way, exact, rows, columns } of ways) {
            const most = Math.max(0.1, ...exact.entries.flat())
            const epsilon = most / sharpness
            const q = columns.map((_, j) => (j % 5) / 4)
            const f = exact.softmin(epsilon, q)
            const u = rows.map((_, i) => [1 + i / 7])
            const gradient = exact.planGradient(epsilon, f.map((value) => value / epsilon), q, u, columns.map(() => [1]))
            // While epsilon may change, exponents are float32.
            expect(farthest(way.softmin(epsilon, Float64Array.from(q)), f)).toBeLessThan(
              (precision === 'float64' ? 1e-13 : 3e-7) * (most + 2 * epsilon),
            )
            const p = Float64Array.from(f, (value) => value / epsilon)
            const ones = new Float64Array(columns.length).fill(1)
            const actual = way.planGradient(epsilon, p, Float64Array.from(q), Float64Array.from(u.flat()), ones, 1)
            const size = Math.max(...u.flat())
            expect(farthest(actual, gradient.flat())).toBeLessThan((precision === 'float64' ? 1e-11 : 8e-6) * size)
          }
          there.dispose()
          from.dispose()
          if (!itself) to.dispose()
        })
      }),
      { numRuns: runs(100) },
    )
  })
})
