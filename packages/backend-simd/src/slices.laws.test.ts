import type { Backend } from '@monge/backend'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { onBackends, runs } from '../../../tooling/testing/src/index.ts'

const coordinate = fc.integer({ min: -64, max: 64 }).map((value) => value / 16)
const rowsOf = (n: number, d: number): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(coordinate, { minLength: d, maxLength: d }), { minLength: n, maxLength: n })

/** Whole numbers of points of the same small mass stand for weights. */
const problems = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }), fc.constantFrom(1, 1.5, 2))
  .chain(([n, m, d, p]) =>
    fc.record({ x: rowsOf(n, d), y: rowsOf(m, d), directions: fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: d, maxLength: d }), { minLength: 1, maxLength: 20 }), p: fc.constant(p) }),
  )

const along = (points: readonly (readonly number[])[], direction: readonly number[]): readonly { readonly i: number; readonly at: number }[] =>
  points.map((point, i) => ({ i, at: point.reduce((sum, value, k) => sum + value * (direction[k] ?? NaN), 0) })).toSorted((u, v) => u.at - v.at)

onBackends(['simd', 'simd64'])('slices', (backend) => {
  test('are the sorted points matched in order, and move each by what it is away from its partners', () => {
    fc.assert(
      fc.property(problems, ({ x, y, directions, p }) => {
        const [n, m, d] = [x.length, y.length, x[0]?.length ?? 0]
        const unit = directions.map((row) => row.map((value) => value / Math.hypot(...row)))
        const pulls = [new Float64Array(n * d), new Float64Array(m * d)] as const
        const values = unit.map((direction) => {
          const [from, to] = [along(x, direction), along(y, direction)]
          let value = 0
          // Each point of x is m small ones, each of y is n.
          for (let k = 0; k < n * m; k++) {
            const [u, v] = [from[Math.floor(k / m)], to[Math.floor(k / n)]]
            if (u === undefined || v === undefined) continue
            const gap = u.at - v.at
            const slope = gap === 0 ? 0 : (p * Math.sign(gap) * Math.abs(gap) ** (p - 1)) / (n * m)
            value += Math.abs(gap) ** p / (n * m)
            direction.forEach((part, axis) => {
              pulls[0][u.i * d + axis] += slope * part
              pulls[1][v.i * d + axis] -= slope * part
            })
          }
          return value
        })
        const engine = backend() as Backend<Float64Array>
        const found = [true, false].map((gradient) =>
          engine.slices?.({
            x: Float64Array.from(x.flat()),
            y: Float64Array.from(y.flat()),
            a: new Float64Array(n).fill(1 / n),
            b: new Float64Array(m).fill(1 / m),
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
        const dual = (slopes?.a.reduce((sum, value) => sum + value / n, 0) ?? NaN) + (slopes?.b.reduce((sum, value) => sum + value / m, 0) ?? NaN)
        const whole = values.reduce((sum, value) => sum + value, 0)
        expect(Math.abs(dual - whole)).toBeLessThanOrEqual(1e-9 * (1 + whole))
      }),
      { numRuns: runs(100) },
    )
  })
})
