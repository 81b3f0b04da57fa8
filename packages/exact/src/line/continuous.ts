import { requireBetween, requireInteger, requireKnownKeys, requirePositive } from '@monge/errors'
import { requireOrder } from '../order.js'
import { integrate } from './quadrature.js'
import type { FullLaw, Law } from './quantiles.js'

/** How to compare two laws. */
export interface LawsProblem {
  readonly from: Law
  readonly to: Law
  /** At least 1; 2 if not given. */
  readonly p?: number
  /** The error to aim at, relative to the cost; 1e-10 if not given. */
  readonly tolerance?: number
  /** The most evaluations of each quantile function; 20,000 if not given. */
  readonly maxEvaluations?: number
}

/** What the quadrature found. */
export interface LawsDistance {
  /** `W_p^p` */
  readonly cost: number
  /** `W_p` */
  readonly distance: number
  /** An estimate of how far `cost` may be off: for quantiles that jump, as those of samples do, often far too small. */
  readonly error: number
  readonly evaluations: number
}

const checkKeys = requireKnownKeys(['from', 'to', 'p', 'tolerance', 'maxEvaluations'])

/**
 * `W_p^p = ∫_0^1 |F⁻¹(t) - G⁻¹(t)|^p dt` between laws given by their quantile functions, by adaptive quadrature that
 * states its error. Infinite tails and jumps are allowed.
 */
export const wassersteinLaws = (problem: LawsProblem): LawsDistance => {
  checkKeys('wassersteinLaws', problem)
  const p = requireOrder('wassersteinLaws: p', problem.p ?? 2)
  const tolerance = requirePositive('wassersteinLaws: tolerance', problem.tolerance ?? 1e-10)
  const most = requireInteger(60)('wassersteinLaws: maxEvaluations', problem.maxEvaluations ?? 20_000)
  const { from, to } = problem
  // t = 3u² - 2u³ softens the infinite ends: dt vanishes there.
  const integrand = (u: number): number => {
    const t = u * u * (3 - 2 * u)
    const gap = Math.abs(from.quantile(t) - to.quantile(t)) ** p
    return 6 * u * (1 - u) * (Number.isFinite(gap) ? gap : 0)
  }
  const { value, error, evaluations } = integrate(integrand, tolerance, most)
  return { cost: value, distance: Math.max(0, value) ** (1 / p), error, evaluations }
}

/**
 * The monotone (Brenier) map `T = G⁻¹ ∘ F` that carries one law to another on the line; optimal for every convex cost
 * where the first has no atoms.
 */
export const monotoneMap =
  (from: FullLaw, to: Law): ((x: number) => number) =>
  (x) =>
    to.quantile(from.distribution(x))

/**
 * McCann's interpolation on the line: the law at time t has quantile function `(1 - t) F⁻¹ + t G⁻¹`. It is the geodesic
 * for every p, of constant speed `W_p`.
 */
export const lawGeodesic =
  (from: Law, to: Law): ((time: number) => Law) =>
  (time) => {
    requireBetween(0, 1)('lawGeodesic: time', time)
    return { quantile: (t) => (1 - time) * from.quantile(t) + time * to.quantile(t) }
  }
