import { modeOf } from '@monge/langevin'
import type { StochasticPotential } from '@monge/langevin'
import type { Observations } from './irises.js'

type Matrix = readonly (readonly number[])[]

/** The Gaussian about the posterior's mode with the curvature there. */
export interface Laplace {
  readonly mode: readonly number[]
  readonly covariance: Matrix
}

/** The inverse of a positive definite matrix, by Gauss and Jordan's elimination. */
export const inverse = (matrix: Matrix): Matrix => {
  const size = matrix.length
  const rows = matrix.map((row, i) => [...row, ...Array.from({ length: size }, (_, j) => (i === j ? 1 : 0))])
  for (let pivot = 0; pivot < size; pivot++) {
    const row = rows[pivot] ?? []
    const unit = row.map((value) => value / (row[pivot] ?? 1))
    rows.forEach((other, i) => {
      const factor = other[pivot] ?? 0
      rows[i] = i === pivot ? unit : other.map((value, j) => value - factor * (unit[j] ?? 0))
    })
  }
  return rows.map((row) => row.slice(size))
}

/** The lower triangular L with `L Lᵀ` the matrix, by Cholesky's recursion. */
export const lower = (matrix: Matrix): Matrix => {
  const rows: number[][] = []
  matrix.forEach((row, i) => {
    const own: number[] = []
    for (let j = 0; j <= i; j++) {
      const other = j === i ? own : (rows[j] ?? [])
      const rest = (row[j] ?? 0) - own.reduce((sum, value, k) => sum + value * (other[k] ?? 0), 0)
      own.push(j === i ? Math.sqrt(rest) : rest / (other[j] ?? 1))
    }
    rows.push(own)
  })
  return rows
}

const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0)

/** The probability of virginica. */
export const probability = (coefficients: readonly number[], features: readonly number[]): number =>
  1 / (1 + Math.exp(-dot(coefficients, features)))

/** Laplace's approximation of the posterior: the covariance is the inverse of `1/v + sum_i p_i (1 - p_i) x_i x_iᵀ`. */
export const laplace = (
  potential: StochasticPotential,
  { features }: Observations,
  priorVariance: number,
): Laplace => {
  const size = features[0]?.length ?? 0
  const mode = modeOf(potential, Array.from({ length: size }, () => 0), { steps: 10_000 })
  const weights = features.map((row) => probability(mode, row) * (1 - probability(mode, row)))
  const curvature = Array.from({ length: size }, (_, i) =>
    Array.from(
      { length: size },
      (__, j) =>
        features.reduce((sum, row, index) => sum + (weights[index] ?? 0) * (row[i] ?? 0) * (row[j] ?? 0), 0) +
        (i === j ? 1 / priorVariance : 0),
    ),
  )
  return { mode, covariance: inverse(curvature) }
}
