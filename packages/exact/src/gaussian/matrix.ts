/** A small dense matrix as rows. */
export type Rows = readonly (readonly number[])[]

/** `A B` */
export const times = (a: Rows, b: Rows): Rows =>
  a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)))

/** `Aᵀ` */
export const transposed = (a: Rows): Rows => a[0].map((_, j) => a.map((row) => row[j]))

/** `alpha A + beta B` */
export const combined = (alpha: number, a: Rows, beta: number, b: Rows): Rows =>
  a.map((row, i) => row.map((value, j) => alpha * value + beta * b[i][j]))

/** `(A + Aᵀ) / 2` */
export const symmetric = (a: Rows): Rows => combined(0.5, a, 0.5, transposed(a))

/** `diag(values)` */
export const diagonal = (values: readonly number[]): Rows => values.map((value, i) => values.map((_, j) => (i === j ? value : 0)))

/** `sum_ij A_ij²` */
export const squaredNorm = (a: Rows): number => a.flat().reduce((sum, value) => sum + value * value, 0)

/** `A v` */
export const applied = (a: Rows, v: readonly number[]): readonly number[] =>
  a.map((row) => row.reduce((sum, value, k) => sum + value * v[k], 0))
