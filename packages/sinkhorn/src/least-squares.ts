/** The lower triangle of Cholesky's factor, row by row. */
export type Factor = readonly Float64Array[]

/**
 * Factors `G + δ I` by Cholesky's method for a small symmetric positive semi-definite matrix, of which the lower triangle
 * is read. The regularisation δ is 1e-10 of the trace by default: enough that nearly dependent columns do no harm.
 */
export const factorSymmetric = (gram: readonly ArrayLike<number>[], regularisation = 1e-10): Factor => {
  const trace = gram.reduce((sum, row, i) => sum + row[i], 0)
  const factor = gram.map((row) => Float64Array.from(row))
  for (let i = 0; i < factor.length; i++) {
    const row = factor[i]
    row[i] = row[i] + regularisation * trace
    for (let j = 0; j <= i; j++) {
      const other = factor[j]
      const sum = row[j] - dotOfFirst(j, row, other)
      row[j] = j === i ? Math.sqrt(sum) : sum / other[j]
    }
  }
  return factor
}

// Four sums side by side do not wait for each other.
const dotOfFirst = (count: number, u: Float64Array, v: Float64Array): number => {
  let [a, b, c, d] = [0, 0, 0, 0]
  let k = 0
  for (; k + 3 < count; k += 4) {
    a += u[k] * v[k]
    b += u[k + 1] * v[k + 1]
    c += u[k + 2] * v[k + 2]
    d += u[k + 3] * v[k + 3]
  }
  for (; k < count; k++) a += u[k] * v[k]
  return a + b + (c + d)
}

/** Solves `(G + δ I) x = b` for what was factored. */
export const solveFactored = (factor: Factor, b: ArrayLike<number>): Float64Array => {
  const n = b.length
  const x = Float64Array.from(b)
  for (let i = 0; i < n; i++) {
    const row = factor[i]
    x[i] = (x[i] - dotOfFirst(i, row, x)) / row[i]
  }
  for (let i = n - 1; i >= 0; i--) {
    x[i] /= factor[i][i]
    const [row, value] = [factor[i], x[i]]
    for (let k = 0; k < i; k++) x[k] -= row[k] * value
  }
  return x
}

/** Solves `(G + δ I) x = b` for a small symmetric positive semi-definite matrix, of which the lower triangle is read. */
export const solveSymmetric = (gram: readonly (readonly number[])[], b: readonly number[]): readonly number[] =>
  Array.from(solveFactored(factorSymmetric(gram), b))
