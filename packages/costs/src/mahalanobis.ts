import { matMul } from '@tensorflow/tfjs-core'
import { tensorFrom } from '@monge/backend'
import { mongeError, requireFinite, requireKnownKeys } from '@monge/errors'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Cost } from './cost.js'
import { euclidean, squaredEuclidean } from './euclidean.js'
import { linearDual } from './power-dual.js'
import { pullback } from './pullback.js'
import type { QuadraticOptions } from './weighted.js'

type Matrix = readonly (readonly number[])[]

/**
 * `(x - y)ᵀ M (x - y)` for a symmetric positive definite `M [d, d]`, or its square root with `squared: false`
 * (Mahalanobis, 1936). Computed as a squared distance of `x L` and `y L`, `M = L Lᵀ`.
 *
 * @throws InvalidOption if the matrix is not square, symmetric and positive definite
 */
export const mahalanobis = (matrix: Matrix, options: QuadraticOptions = {}): Cost => {
  requireKnownKeys(['squared'])('mahalanobis', options)
  const lower = cholesky(matrix)
  const inverse = invertLower(lower)
  const { squared = true } = options
  const base = squared ? squaredEuclidean : euclidean
  return {
    ...pullback(times(lower, false))(base),
    name: squared ? 'squared Mahalanobis' : 'Mahalanobis',
    translationInvariant: true,
    metric: base.metric,
    degree: squared ? 2 : 1,
    ...(base.legendreDual && {
      legendreDual: linearDual(base.legendreDual, times(inverse, true), times(inverse, false)),
    }),
  }
}

const times =
  (factor: Matrix, transposed: boolean) =>
  (points: Tensor2D): Tensor2D => {
    if (points.shape[1] !== factor.length)
      throw mongeError(
        'DimensionMismatch',
        'mahalanobis',
        `a ${factor.length}-by-${factor.length} matrix for points of dimension ${points.shape[1]}`,
      )
    return matMul(points, tensorFrom<Tensor2D>(factor.flat(), [factor.length, factor.length]), false, transposed)
  }

const cholesky = (matrix: Matrix): Matrix => {
  const where = 'mahalanobis: matrix'
  const size = matrix.length
  const largest = Math.max(...matrix.flat().map((entry) => Math.abs(requireFinite(where, entry))))
  const at = (i: number, j: number): number => matrix[i]?.[j] ?? Number.NaN
  const isSymmetric = matrix.every(
    (row, i) => row.length === size && row.every((entry, j) => Math.abs(entry - at(j, i)) <= 1e-12 * largest),
  )
  if (size === 0 || !isSymmetric) throw mongeError('InvalidOption', where, 'expected a square symmetric matrix')
  const rows: number[][] = []
  for (let i = 0; i < size; i += 1) {
    const row: number[] = []
    for (let j = 0; j <= i; j += 1) {
      const above = rows[j] ?? row
      const rest = at(i, j) - row.reduce((sum, entry, k) => sum + (k < j ? entry * (above[k] ?? 0) : 0), 0)
      if (i === j && !(rest > 0)) throw mongeError('InvalidOption', where, 'expected a positive definite matrix')
      row.push(i === j ? Math.sqrt(rest) : rest / (above[j] ?? 1))
    }
    rows.push(row)
  }
  return rows.map((row) => [...row, ...Array.from({ length: size - row.length }, () => 0)])
}

const invertLower = (lower: Matrix): Matrix => {
  const size = lower.length
  const rows: number[][] = []
  lower.forEach((row, i) => {
    const pivot = row[i] ?? 1
    rows.push(
      Array.from({ length: size }, (_, j) => {
        const rest = rows.reduce((sum, solved, k) => sum + (row[k] ?? 0) * (solved[j] ?? 0), 0)
        return ((i === j ? 1 : 0) - rest) / pivot
      }),
    )
  })
  return rows
}
