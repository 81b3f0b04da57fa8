import { mongeError, requireFinite, requirePositive } from '@monge/errors'

/** A symmetric, positive definite matrix: a multiple of the identity, a diagonal, or rows. */
export type Symmetric = number | readonly number[] | readonly (readonly number[])[]

/**
 * A symmetric, positive definite matrix A in dimension d, as its factor `A = L Lᵀ`, L lower triangular, and what can be
 * done with that. Without `lower` it is diagonal.
 */
export interface Factor {
  readonly dimension: number
  /** The diagonal of L, `[d]`. */
  readonly diagonal: Float64Array
  /** L, `[d, d]`, row-major. */
  readonly lower?: Float64Array
  /** The inverse of A, `[d, d]`, row-major, or its diagonal `[d]`. */
  readonly inverse: Float64Array
  readonly logDeterminant: number
}

const isRows = (matrix: readonly number[] | readonly (readonly number[])[]): matrix is readonly (readonly number[])[] =>
  Array.isArray(matrix[0])

/** @throws InvalidOption unless the matrix is finite, square of dimension d, symmetric and positive definite */
export const factorise = (where: string, matrix: Symmetric, dimension: number): Factor => {
  if (typeof matrix === 'number') return fromDiagonal(where, new Float64Array(dimension).fill(matrix))
  if (matrix.length !== dimension)
    throw mongeError('InvalidOption', where, `expected ${dimension} rows or entries, got ${matrix.length}`)
  return isRows(matrix) ? fromRows(where, matrix) : fromDiagonal(where, Float64Array.from(matrix))
}

const fromDiagonal = (where: string, variances: Float64Array): Factor => {
  variances.forEach((variance) => requirePositive(where, variance))
  return {
    dimension: variances.length,
    diagonal: variances.map(Math.sqrt),
    inverse: variances.map((variance) => 1 / variance),
    logDeterminant: variances.reduce((sum, variance) => sum + Math.log(variance), 0),
  }
}

const fromRows = (where: string, rows: readonly (readonly number[])[]): Factor => {
  const d = rows.length
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.NaN
  rows.forEach((row, i) =>
    row.forEach((value, j) => {
      requireFinite(where, value)
      if (row.length !== d || Math.abs(value - at(j, i)) > 1e-9 * (Math.abs(value) + Math.abs(at(j, i))))
        throw mongeError('InvalidOption', where, `expected a symmetric matrix of ${d} rows`)
    }),
  )
  const lower = choleskyOf(where, Float64Array.from(rows.flat()), d)
  const diagonal = Float64Array.from({ length: d }, (_, i) => lower[i * d + i] ?? 0)
  return {
    dimension: d,
    diagonal,
    lower,
    inverse: inverseOf(lower, d),
    logDeterminant: diagonal.reduce((sum, entry) => sum + 2 * Math.log(entry), 0),
  }
}

const choleskyOf = (where: string, matrix: Float64Array, d: number): Float64Array => {
  const lower = new Float64Array(d * d)
  const at = (i: number, j: number): number => lower[i * d + j] ?? 0
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * d + j] ?? 0
      for (let k = 0; k < j; k++) rest -= at(i, k) * at(j, k)
      if (i === j && !(rest > 0)) throw mongeError('InvalidOption', where, 'expected a positive definite matrix')
      lower[i * d + j] = i === j ? Math.sqrt(rest) : rest / at(j, j)
    }
  return lower
}

/** The inverse of `L Lᵀ`, column by column. */
const inverseOf = (lower: Float64Array, d: number): Float64Array => {
  const inverse = new Float64Array(d * d)
  for (let column = 0; column < d; column++) {
    const unit = new Float64Array(d)
    unit[column] = 1
    const half = forward(lower, unit)
    for (let i = d - 1; i >= 0; i--) {
      let rest = half[i] ?? 0
      for (let k = i + 1; k < d; k++) rest -= (lower[k * d + i] ?? 0) * (half[k] ?? 0)
      half[i] = rest / (lower[i * d + i] ?? 1)
      inverse[i * d + column] = half[i] ?? 0
    }
  }
  return inverse
}

/** `L⁻¹ v` */
const forward = (lower: Float64Array, vector: Float64Array): Float64Array => {
  const d = vector.length
  const solved = new Float64Array(d)
  for (let i = 0; i < d; i++) {
    let rest = vector[i] ?? 0
    for (let k = 0; k < i; k++) rest -= (lower[i * d + k] ?? 0) * (solved[k] ?? 0)
    solved[i] = rest / (lower[i * d + i] ?? 1)
  }
  return solved
}

/** `A v_i` for each of the rows `v [n, d]`. */
export const multiplyRows = ({ dimension: d, diagonal, lower }: Factor, rows: ArrayLike<number>): Float64Array => {
  const product = new Float64Array(rows.length)
  if (lower === undefined) {
    for (let i = 0; i < rows.length; i++) product[i] = (diagonal[i % d] ?? 0) ** 2 * (rows[i] ?? 0)
    return product
  }
  const half = new Float64Array(d)
  for (let start = 0; start < rows.length; start += d) {
    for (let k = 0; k < d; k++) {
      let sum = 0
      for (let i = k; i < d; i++) sum += (lower[i * d + k] ?? 0) * (rows[start + i] ?? 0)
      half[k] = sum
    }
    for (let i = 0; i < d; i++) {
      let sum = 0
      for (let k = 0; k <= i; k++) sum += (lower[i * d + k] ?? 0) * (half[k] ?? 0)
      product[start + i] = sum
    }
  }
  return product
}

/** `L v_i` for each of the rows `v [n, d]`: noise of covariance A from white noise. */
export const colour = ({ dimension: d, diagonal, lower }: Factor, rows: ArrayLike<number>): Float64Array => {
  const product = new Float64Array(rows.length)
  for (let start = 0; start < rows.length; start += d)
    for (let i = 0; i < d; i++) {
      let sum = (diagonal[i] ?? 0) * (rows[start + i] ?? 0)
      if (lower !== undefined) for (let k = 0; k < i; k++) sum += (lower[i * d + k] ?? 0) * (rows[start + k] ?? 0)
      product[start + i] = sum
    }
  return product
}

/** `v_iᵀ A⁻¹ v_i` for each of the rows `v [n, d]`. */
export const squaredLengths = ({ dimension: d, diagonal, lower }: Factor, rows: ArrayLike<number>): Float64Array => {
  const lengths = new Float64Array(rows.length / d)
  const whitened = new Float64Array(d)
  for (let row = 0; row < lengths.length; row++) {
    let total = 0
    for (let i = 0; i < d; i++) {
      let rest = rows[row * d + i] ?? 0
      if (lower !== undefined) for (let k = 0; k < i; k++) rest -= (lower[i * d + k] ?? 0) * (whitened[k] ?? 0)
      const entry = rest / (diagonal[i] ?? 1)
      whitened[i] = entry
      total += entry * entry
    }
    lengths[row] = total
  }
  return lengths
}
