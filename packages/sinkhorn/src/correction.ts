import { factorSymmetric, solveFactored } from './least-squares.js'
import { damping } from './problem.js'
import { dot, total } from './host.js'

/** Entropic transport between cells, solved: what is known of it on the host. */
export interface CoarsePlan {
  readonly epsilon: number
  readonly rho: number | undefined
  /** `[a]`, `[b]` */
  readonly weights: readonly [ArrayLike<number>, ArrayLike<number>]
  /** `f [a]` and `g [b]` */
  readonly potentials: readonly [ArrayLike<number>, ArrayLike<number>]
  /** `[a, b]`, row-major */
  readonly costs: ArrayLike<number>
}

/** Shares below this, of a row's largest, are left out. */
const leastShare = 1e-4

const leastLogarithm = Math.log(leastShare)

/** What is added to each mode's decay, beside its mass: no mode is amplified by more than one over it. */
const leastDecay = 1e-6

/**
 * Where a sweep leads from where it led before, on cells. Near the solution a sweep is `T(f + e) = T(f) + J e`, its slow
 * modes being smooth: what is still missing after it is `(I - J)^-1 J r`, r being the sweep's residual. With the plan P
 * between cells, of row sums A and column sums B, and the damping λ,
 *
 *     J = λ² A^-1 P B^-1 P^T,      (I - J)^-1 J r = λ² A^-1 P (B - λ² P^T A^-1 P)^-1 P^T r.
 *
 * Takes residuals r `[a]`, means over the source's cells, to the missing part of g at the target's cells, `[b]`, whose
 * means under the rows of the plan are the missing part of f. Constants, of which the plan feels nothing, are left out.
 */
export const correctionOf = (plan: CoarsePlan): ((residual: Float64Array) => Float64Array) => {
  const { epsilon, rho, weights, potentials } = plan
  const [rows, columns] = [weights[0].length, weights[1].length]
  const factor = damping(epsilon, rho) ** 2
  const masses = Float64Array.from(weights[0], (weight, i) =>
    rho === undefined ? weight : weight * Math.exp(-potentials[0][i] / rho),
  )
  const { starts, places, shares } = sharesOf(plan)
  const sums = new Float64Array(columns)
  const matrix = new Float64Array(columns * columns)
  for (let i = 0; i < rows; i++)
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const flow = masses[i] * shares[k]
      const row = places[k] * columns
      const scaled = factor * flow
      sums[places[k]] += flow
      for (let l = starts[i]; l <= k; l++) matrix[row + places[l]] -= scaled * shares[l]
    }
  const mass = total(sums)
  sums.forEach((sum, j) => {
    // A cell that no mass goes to has nothing missing.
    matrix[j * columns + j] += sum > 0 ? sum * (1 + leastDecay) : 1
  })
  const cholesky = factorSymmetric(matrix, columns)
  return (residual) => {
    const mean = dot(masses, residual) / mass
    const moved = new Float64Array(columns)
    for (let i = 0; i < rows; i++) {
      const scaled = factor * masses[i] * (residual[i] - mean)
      for (let k = starts[i]; k < starts[i + 1]; k++) moved[places[k]] += scaled * shares[k]
    }
    return solveFactored(cholesky, moved)
  }
}

/** The shares of each row's mass that go to the columns, those of row i from `starts[i]` to `starts[i + 1]`. */
interface Shares {
  readonly starts: Int32Array
  readonly places: Int32Array
  readonly shares: Float64Array
}

const sharesOf = ({ epsilon, weights, potentials, costs }: CoarsePlan): Shares => {
  const [rows, columns] = [weights[0].length, weights[1].length]
  const scaling = Float64Array.from(potentials[1], (value, j) => Math.log(weights[1][j]) + value / epsilon)
  const starts = new Int32Array(rows + 1)
  const places = new Int32Array(rows * columns)
  const shares = new Float64Array(rows * columns)
  const row = new Float64Array(columns)
  const rate = 1 / epsilon
  let count = 0
  for (let i = 0; i < rows; i++) {
    let most = -Infinity
    for (let j = 0; j < columns; j++) {
      row[j] = scaling[j] - rate * costs[i * columns + j]
      if (row[j] > most) most = row[j]
    }
    let sum = 0
    for (let j = 0; j < columns; j++) {
      if (row[j] < most + leastLogarithm) continue
      const value = Math.exp(row[j] - most)
      places[count] = j
      shares[count++] = value
      sum += value
    }
    for (let k = starts[i]; k < count; k++) shares[k] /= sum
    starts[i + 1] = count
  }
  return { starts, places, shares }
}
