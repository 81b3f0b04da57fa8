import fc from 'fast-check'
import { expect, test } from 'vitest'
import { colour, factorise, multiplyRows, squaredLengths } from './symmetric.js'

/** `B Bᵀ + 1`, and a vector, in 1 to 4 dimensions. */
const matrices = fc.integer({ min: 1, max: 4 }).chain((d) => {
  const entries = (count: number) => fc.array(fc.integer({ min: -8, max: 8 }).map((whole) => whole / 4), { minLength: count, maxLength: count })
  return fc.tuple(entries(d * d), entries(2 * d)).map(([b, rows]) => {
    const at = (i: number, k: number): number => b[i * d + k] ?? 0
    const axes = Array.from({ length: d }, (_, i) => i)
    return { d, rows, matrix: axes.map((i) => axes.map((j) => axes.reduce((sum, k) => sum + at(i, k) * at(j, k), i === j ? 1 : 0))) }
  })
})

const times = (matrix: readonly (readonly number[])[], vector: readonly number[]): readonly number[] =>
  matrix.map((row) => row.reduce((sum, entry, k) => sum + entry * (vector[k] ?? 0), 0))
const dot = (u: readonly number[], v: readonly number[]): number => u.reduce((sum, value, k) => sum + value * (v[k] ?? 0), 0)
const near = (found: ArrayLike<number>, expected: readonly number[]): void => {
  expect(found).toHaveLength(expected.length)
  expected.forEach((value, i) => expect(Math.abs((found[i] ?? NaN) - value)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(value))))
}

test('a factored matrix multiplies rows, colours them, and measures them by its inverse', () => {
  fc.assert(
    fc.property(matrices, ({ d, rows, matrix }) => {
      const factor = factorise('test', matrix, d)
      const split = [rows.slice(0, d), rows.slice(d)]
      const products = split.map((row) => times(matrix, row))
      near(multiplyRows(factor, rows), products.flat())
      // |A v|² in the metric of A⁻¹ is vᵀ A v, and |L v|² is vᵀ v.
      near(squaredLengths(factor, products.flat()), split.map((row, i) => dot(row, products[i] ?? [])))
      near(squaredLengths(factor, colour(factor, rows)), split.map((row) => dot(row, row)))
      const inverse = Array.from({ length: d }, (_, i) => Array.from(factor.inverse.subarray(i * d, (i + 1) * d)))
      near(matrix.flatMap((row) => times(inverse, row)), Array.from({ length: d * d }, (_, k) => (k % (d + 1) === 0 ? 1 : 0)))
    }),
  )
})

test('a diagonal is the matrix with that diagonal, and a number that of equal ones', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 16 }).map((whole) => whole / 4), { minLength: 1, maxLength: 4 }), (variances) => {
      const d = variances.length
      const dense = variances.map((variance, i) => variances.map((_, j) => (i === j ? variance : 0)))
      const rows = Array.from({ length: 3 * d }, (_, k) => k - d)
      for (const [short, long] of [[factorise('test', variances, d), factorise('test', dense, d)], [factorise('test', 2, d), factorise('test', variances.map(() => 2), d)]] as const) {
        near(multiplyRows(short, rows), Array.from(multiplyRows(long, rows)))
        near(colour(short, rows), Array.from(colour(long, rows)))
        near(squaredLengths(short, rows), Array.from(squaredLengths(long, rows)))
        expect(short.logDeterminant).toBeCloseTo(long.logDeterminant, 10)
      }
    }),
  )
})
