import type { Backend } from '@monge/backend'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { onBackends, runs } from '../../../tooling/testing/src/index.ts'

const coordinate = fc.integer({ min: -64, max: 64 }).map((value) => value / 16)
const rowsOf = (n: number, d: number): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(coordinate, { minLength: d, maxLength: d }), { minLength: n, maxLength: n })

/** Whole numbers of points of the same small mass stand for weights: all one, or some more. */
const countsOf = (length: number): fc.Arbitrary<number[]> =>
  fc.oneof(fc.constant(Array.from({ length }, () => 1)), fc.array(fc.integer({ min: 1, max: 3 }), { minLength: length, maxLength: length }))

const sizes = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
  fc.integer({ min: 1, max: 9 }).map((n) => [n, n] as const),
)

const problems = fc
  .tuple(sizes, fc.integer({ min: 1, max: 4 }), fc.constantFrom(1, 1.5, 2))
  .chain(([[n, m], d, p]) =>
    fc.record({ x: rowsOf(n, d), y: rowsOf(m, d), s: countsOf(n), t: countsOf(m), directions: fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: d, maxLength: d }), { minLength: 1, maxLength: 20 }), p: fc.constant(p) }),
  )

interface Place {
  readonly i: number
  readonly at: number
}

/** Small points in their order, each so many times as its count says. */
const along = (points: readonly (readonly number[])[], counts: readonly number[], direction: readonly number[]): readonly Place[] =>
  points
    .flatMap((point, i) => {
      const at = point.reduce((sum, value, k) => sum + value * (direction[k] ?? NaN), 0)
      return Array.from({ length: counts[i] ?? 0 }, () => ({ i, at }))
    })
    .toSorted((u, v) => u.at - v.at)

onBackends(['simd', 'simd64'])('slices', (backend) => {
  test('are the sorted points matched in order, and move each by what it is away from its partners', () => {
    fc.assert(
      fc.property(problems, ({ x, y, s, t, directions, p }) => {
        const [n, m, d] = [x.length, y.length, x[0]?.length ?? 0]
        const unit = directions.map((row) => row.map((value) => value / Math.hypot(...row)))
        const pulls = [new Float64Array(n * d), new Float64Array(m * d)] as const
        const values = unit.map((direction) => {
          const [from, to] = [along(x, s, direction), along(y, t, direction)]
          const pieces = from.length * to.length
          let value = 0
          // Each small point of x is as many pieces as there are small ones of y, and the other way about.
          for (let k = 0; k < pieces; k++) {
            const [u, v] = [from[Math.floor(k / to.length)], to[Math.floor(k / from.length)]]
            if (u === undefined || v === undefined) continue
            const gap = u.at - v.at
            const slope = gap === 0 ? 0 : (p * Math.sign(gap) * Math.abs(gap) ** (p - 1)) / pieces
            value += Math.abs(gap) ** p / pieces
            direction.forEach((part, axis) => {
              pulls[0][u.i * d + axis] += slope * part
              pulls[1][v.i * d + axis] -= slope * part
            })
          }
          return value
        })
        const [a, b] = [s, t].map((counts) => {
          const whole = counts.reduce((sum, count) => sum + count, 0)
          return Float64Array.from(counts, (count) => count / whole)
        }) as [Float64Array, Float64Array]
        const engine = backend() as Backend<Float64Array>
        const found = [true, false].map((gradient) =>
          engine.slices?.({
            x: Float64Array.from(x.flat()),
            y: Float64Array.from(y.flat()),
            a,
            b,
            dimension: d,
            directions: Float64Array.from(unit.flat()),
            p,
            exact: true,
            gradient,
          }),
        )
        for (const each of found) values.forEach((value, l) => expect(Math.abs((each?.values[l] ?? NaN) - value)).toBeLessThanOrEqual(1e-10 * (1 + value)))
        const [slopes, none] = found.map((each) => each?.slopes)
        expect(none).toBeUndefined()
        // Points that coincide along a direction may be matched in any order: what they are pulled by in all is the same.
        const total = (slope: ArrayLike<number> = []): number => Array.from(slope).reduce((sum, value, k) => sum + value * (1 + (k % d)), 0)
        expect([slopes?.x.length, slopes?.y.length, slopes?.a.length, slopes?.b.length]).toEqual([n * d, m * d, n, m])
        expect(Math.abs(total(slopes?.x) - total(pulls[0]))).toBeLessThanOrEqual(1e-9)
        expect(Math.abs(total(slopes?.y) - total(pulls[1]))).toBeLessThanOrEqual(1e-9)
        const paired = (slope: ArrayLike<number> = [], weights: Float64Array): number =>
          weights.reduce((sum, weight, i) => sum + weight * (slope[i] ?? NaN), 0)
        const dual = paired(slopes?.a, a) + paired(slopes?.b, b)
        const whole = values.reduce((sum, value) => sum + value, 0)
        expect(Math.abs(dual - whole)).toBeLessThanOrEqual(1e-9 * (1 + whole))
      }),
      { numRuns: runs(100) },
    )
  })
})
