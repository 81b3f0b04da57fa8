/**
 * Solves `(G + δ I) x = b` by Cholesky's method for a small symmetric positive semi-definite matrix, of which the lower
 * triangle is read. The regularisation δ is 1e-10 of the trace: enough that nearly dependent columns do no harm.
 */
export const solveSymmetric = (gram: readonly (readonly number[])[], b: readonly number[]): readonly number[] => {
  const n = b.length
  const trace = gram.reduce((sum, row, i) => sum + row[i], 0)
  const factor = gram.map((row) => Float64Array.from(row))
  const x = Float64Array.from(b)
  for (let i = 0; i < n; i++) {
    const row = factor[i]
    row[i] = row[i] + 1e-10 * trace
    for (let j = 0; j <= i; j++) {
      const other = factor[j]
      let sum = row[j]
      for (let k = 0; k < j; k++) sum -= row[k] * other[k]
      row[j] = j === i ? Math.sqrt(sum) : sum / other[j]
    }
    let sum = x[i]
    for (let k = 0; k < i; k++) sum -= row[k] * x[k]
    x[i] = sum / row[i]
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]
    for (let k = i + 1; k < n; k++) sum -= factor[k][i] * x[k]
    x[i] = sum / factor[i][i]
  }
  return Array.from(x)
}
