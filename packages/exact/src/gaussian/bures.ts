import { mongeError, requireBetween } from '@monge/errors'
import { readWeights } from '../input.js'
import { ofEigenvalues, singularValues } from './decompositions.js'
import { requireGaussian, requireOneDimension } from './gaussian.js'
import type { Gaussian } from './gaussian.js'
import { applied, combined, squaredNorm, symmetric, times, transposed } from './matrix.js'
import type { Rows } from './matrix.js'

/** The affine map `x -> A x + b`; A is symmetric. */
export interface AffineMap {
  readonly matrix: Rows
  readonly offset: readonly number[]
}

const root = (a: Rows): Rows => ofEigenvalues(a, Math.sqrt)

/** The pseudo-inverse of the root: eigenvalues that are zero within rounding stay zero. */
const inverseRoot = (a: Rows): Rows => {
  const least = 1e-14 * Math.max(...a.map((row, i) => row[i]))
  return ofEigenvalues(a, (value) => (value > least ? 1 / Math.sqrt(value) : 0))
}

/**
 * Roots of both covariances, the second turned so that `X = source Z`, `Y = target Z` with Z standard normal is the
 * optimal coupling: `min_Q |A^½ - B^½ Q|` over orthogonal Q (Bhatia, Jain and Lim 2019).
 */
const coupled = (a: Rows, b: Rows): { readonly source: Rows; readonly target: Rows } => {
  const [source, rootB] = [root(a), root(b)]
  const { u, v } = singularValues(times(source, rootB))
  return { source, target: times(rootB, times(v, transposed(u))) }
}

/** The Bures distance of two covariances, `sqrt(tr(A + B - 2 (A^½ B A^½)^½))`; zero to rounding where they agree. */
export const buresDistance = (a: Rows, b: Rows): number => {
  const laws = [
    requireGaussian('buresDistance: first', { mean: a.map(() => 0), covariance: a }),
    requireGaussian('buresDistance: second', { mean: b.map(() => 0), covariance: b }),
  ]
  requireOneDimension('buresDistance', laws)
  return bures(laws[0].covariance, laws[1].covariance)
}

const bures = (a: Rows, b: Rows): number => {
  const { source, target } = coupled(a, b)
  return Math.sqrt(squaredNorm(combined(1, source, -1, target)))
}

const pair = (where: string, from: Gaussian, to: Gaussian): readonly [Gaussian, Gaussian] => {
  const laws = [requireGaussian(`${where}: from`, from), requireGaussian(`${where}: to`, to)] as const
  requireOneDimension(where, laws)
  return laws
}

/** `W_2` of two Gaussians: `sqrt(|m - m'|² + Bures²)`. */
export const gaussianDistance = (from: Gaussian, to: Gaussian): number => {
  const [one, other] = pair('gaussianDistance', from, to)
  const gaps = one.mean.map((value, k) => value - other.mean[k])
  return Math.hypot(...gaps, bures(one.covariance, other.covariance))
}

/**
 * The optimal map `x -> A x + b` from one Gaussian to another, `A = S^-½ (S^½ T S^½)^½ S^-½`, with the pseudo-inverse
 * where S is singular (there the map is that of the range of S).
 */
export const gaussianMap = (from: Gaussian, to: Gaussian): AffineMap => {
  const [one, other] = pair('gaussianMap', from, to)
  const rootS = root(one.covariance)
  const inverse = inverseRoot(one.covariance)
  const { u, values } = singularValues(times(rootS, root(other.covariance)))
  const middle = times(
    u.map((row) => row.map((value, k) => value * values[k])),
    transposed(u),
  )
  const matrix = symmetric(times(inverse, times(middle, inverse)))
  const moved = applied(matrix, one.mean)
  return { matrix, offset: other.mean.map((value, k) => value - moved[k]) }
}

/** McCann's interpolation of two Gaussians: again Gaussian, at time 0 the first, at time 1 the second. */
export const gaussianGeodesic = (from: Gaussian, to: Gaussian): ((time: number) => Gaussian) => {
  const [one, other] = pair('gaussianGeodesic', from, to)
  const { source, target } = coupled(one.covariance, other.covariance)
  return (time) => {
    requireBetween(0, 1)('gaussianGeodesic: time', time)
    const factor = combined(1 - time, source, time, target)
    return {
      mean: one.mean.map((value, k) => (1 - time) * value + time * other.mean[k]),
      covariance: symmetric(times(factor, transposed(factor))),
    }
  }
}

/**
 * The W_2 barycenter of Gaussians: again Gaussian, its covariance the fixed point of
 * `S <- S^-½ (sum_i w_i (S^½ C_i S^½)^½)² S^-½` (Álvarez-Esteban, del Barrio, Cuesta-Albertos and Matrán 2016).
 *
 * @throws `Diverged` if 1000 steps do not reach `tolerance`, relative to the covariance; 1e-12 if not given
 */
export const gaussianBarycenter = (problem: {
  readonly laws: readonly Gaussian[]
  readonly weights?: ArrayLike<number>
  readonly tolerance?: number
}): Gaussian => {
  if (problem.laws.length === 0) throw mongeError('InvalidArgument', 'gaussianBarycenter: laws', 'expected at least one')
  const laws = problem.laws.map((law, k) => requireGaussian(`gaussianBarycenter: laws[${k}]`, law))
  requireOneDimension('gaussianBarycenter', laws)
  const given = readWeights('gaussianBarycenter: weights', problem.weights, laws.length)
  const total = given.reduce((sum, weight) => sum + weight, 0)
  const weights = given.map((weight) => weight / total)
  const mean = laws[0].mean.map((_, k) => laws.reduce((sum, law, i) => sum + weights[i] * law.mean[k], 0))
  const zero = laws[0].covariance.map((row) => row.map(() => 0))
  const mixed = (matrices: readonly Rows[]): Rows =>
    matrices.reduce((sum, matrix, i) => combined(1, sum, weights[i], matrix), zero)
  const tolerance = problem.tolerance ?? 1e-12
  let covariance = mixed(laws.map((law) => law.covariance))
  for (let step = 0; step < 1000; step++) {
    const [rootS, inverse] = [root(covariance), inverseRoot(covariance)]
    const average = mixed(laws.map((law) => root(symmetric(times(rootS, times(law.covariance, rootS))))))
    const half = times(inverse, average)
    const next = symmetric(times(half, transposed(half)))
    const change = Math.sqrt(squaredNorm(combined(1, next, -1, covariance)) / Math.max(squaredNorm(next), 1e-300))
    covariance = next
    if (change <= tolerance) return { mean, covariance }
  }
  throw mongeError('Diverged', 'gaussianBarycenter', 'the fixed point was not reached in 1000 steps')
}
