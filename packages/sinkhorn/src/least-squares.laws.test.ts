import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../../../tooling/testing/src/index.ts'
import { factorSymmetric, solveFactored, solveSymmetric } from './least-squares.js'

const entry = fc.double({ min: -1, max: 1, noNaN: true })

/** `A A^T + I`, which is well conditioned, and a vector. */
const systems = fc.integer({ min: 1, max: 11 }).chain((n) =>
  fc.record({
    rows: fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
    wanted: fc.array(entry, { minLength: n, maxLength: n }),
  }),
)

const gramOf = (rows: readonly (readonly number[])[]): readonly (readonly number[])[] =>
  rows.map((u, i) => rows.map((v, j) => u.reduce((sum, value, k) => sum + value * v[k], i === j ? 1 : 0)))

const apply = (gram: readonly (readonly number[])[], x: readonly number[]): readonly number[] =>
  gram.map((row) => row.reduce((sum, value, k) => sum + value * x[k], 0))

test('what a system is solved by is what it was made of, whatever is above the diagonal', () => {
  fc.assert(
    fc.property(systems, ({ rows, wanted }) => {
      const gram = gramOf(rows)
      const b = apply(gram, wanted)
      const lower = gram.map((row, i) => row.map((value, j) => (j > i ? NaN : value)))
      const found = Array.from(solveFactored(factorSymmetric(Float64Array.from(lower.flat()), b.length), b))
      found.forEach((value, i) => expect(Math.abs(value - wanted[i])).toBeLessThanOrEqual(1e-11))
      // 1e-10 of the trace is added to the diagonal of what need not be definite.
      const trace = gram.reduce((sum, row, i) => sum + row[i], 0)
      const added = gram.map((row, i) => row.map((value, j) => (i === j ? value + 1e-10 * trace : value)))
      const other = Array.from(solveFactored(factorSymmetric(Float64Array.from(added.flat()), b.length), b))
      solveSymmetric(gram, b).forEach((value, i) => expect(Math.abs(value - other[i])).toBeLessThanOrEqual(1e-13))
    }),
    { numRuns: runs(100) },
  )
})

test('a system is not changed, nor is what it is solved for', () => {
  const [gram, b] = [[[4, 0], [1, 3]], [1, 2]]
  solveSymmetric(gram, b)
  expect([gram, b]).toEqual([[[4, 0], [1, 3]], [1, 2]])
})

test('a row of zeros is divided by what is added', () => {
  const [x, y] = solveSymmetric([[2, 0], [0, 0]], [1, 1e-9])
  expect(x).toBeCloseTo(0.5, 9)
  expect(y).toBeCloseTo(5, 9)
})
