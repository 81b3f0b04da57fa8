/** Cholesky's factor of a matrix `[n, n]`, row by row, below its diagonal and on it. */
export type Factor = Float64Array

/**
 * Factors a small symmetric positive definite matrix `[n, n]` by Cholesky's method, in place; the lower triangle is read.
 */
export const factorSymmetric = (matrix: Float64Array, n: number): Factor => {
  for (let i = 0; i < n; i++) {
    const row = i * n
    let j = 0
    // Four sums side by side do not wait for each other, and read the row once.
    for (; j + 3 < i; j += 4) {
      const one = j * n
      const two = one + n
      const three = two + n
      const four = three + n
      let a = matrix[row + j]
      let b = matrix[row + j + 1]
      let c = matrix[row + j + 2]
      let d = matrix[row + j + 3]
      for (let k = 0; k < j; k++) {
        const value = matrix[row + k]
        a -= value * matrix[one + k]
        b -= value * matrix[two + k]
        c -= value * matrix[three + k]
        d -= value * matrix[four + k]
      }
      a /= matrix[one + j]
      b = (b - a * matrix[two + j]) / matrix[two + j + 1]
      c = (c - a * matrix[three + j] - b * matrix[three + j + 1]) / matrix[three + j + 2]
      d = (d - a * matrix[four + j] - b * matrix[four + j + 1] - c * matrix[four + j + 2]) / matrix[four + j + 3]
      matrix[row + j] = a
      matrix[row + j + 1] = b
      matrix[row + j + 2] = c
      matrix[row + j + 3] = d
    }
    for (; j <= i; j++) {
      const other = j * n
      let sum = matrix[row + j]
      for (let k = 0; k < j; k++) sum -= matrix[row + k] * matrix[other + k]
      matrix[row + j] = j === i ? Math.sqrt(sum) : sum / matrix[other + j]
    }
  }
  return matrix
}

/** Solves `G x = b` for what was factored. */
export const solveFactored = (factor: Factor, b: ArrayLike<number>): Float64Array => {
  const n = b.length
  const x = Float64Array.from(b)
  for (let i = 0; i < n; i++) {
    const row = i * n
    let sum = x[i]
    for (let k = 0; k < i; k++) sum -= factor[row + k] * x[k]
    x[i] = sum / factor[row + i]
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n
    const value = (x[i] /= factor[row + i])
    for (let k = 0; k < i; k++) x[k] -= factor[row + k] * value
  }
  return x
}

/**
 * Solves `(G + δ I) x = b` for a small symmetric positive semi-definite matrix, of which the lower triangle is read. The
 * regularisation δ is 1e-10 of the trace: enough that nearly dependent columns do no harm.
 */
export const solveSymmetric = (gram: readonly (readonly number[])[], b: readonly number[]): readonly number[] => {
  const n = b.length
  const trace = gram.reduce((sum, row, i) => sum + row[i], 0)
  const matrix = new Float64Array(n * n)
  gram.forEach((row, i) => {
    matrix.set(row, i * n)
    matrix[i * n + i] += 1e-10 * trace
  })
  return Array.from(solveFactored(factorSymmetric(matrix, n), b))
}
