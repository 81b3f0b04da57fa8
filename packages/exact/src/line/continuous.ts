import { requireBetween, requireInteger, requireKnownKeys, requirePositive } from '@monge/errors'
import { requireOrder } from '../order.js'
import { integrate } from './quadrature.js'
import type { GapIntegrand } from './quadrature.js'
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
  /**
   * How far `cost` may be off, rounding apart. Where quantiles jump, as a law says (`jumps`) or as it looks, this is a bound;
   * where they are smooth, an estimate, usually far too large. Jumps that no law tells of, and that are no more than four
   * times what the quantile gains anyway between two points of the rule, do not show: there too it is an estimate.
   */
  readonly error: number
  readonly evaluations: number
}

const checkKeys = requireKnownKeys(['from', 'to', 'p', 'tolerance', 'maxEvaluations'])

/**
 * `W_p^p = ∫_0^1 |F⁻¹(t) - G⁻¹(t)|^p dt` between laws given by their quantile functions, by adaptive quadrature that
 * states its error. Infinite tails and jumps are allowed; where the laws say at which t they jump, as `empiricalLaw` does,
 * it is exact there.
 */
export const wassersteinLaws = (problem: LawsProblem): LawsDistance => {
  checkKeys('wassersteinLaws', problem)
  const p = requireOrder('wassersteinLaws: p', problem.p ?? 2)
  const tolerance = requirePositive('wassersteinLaws: tolerance', problem.tolerance ?? 1e-10)
  const most = requireInteger(60)('wassersteinLaws: maxEvaluations', problem.maxEvaluations ?? 20_000)
  const { from, to } = problem
  // t = 3u² - 2u³ softens the infinite ends: dt vanishes there.
  const level = (u: number): number => u * u * (3 - 2 * u)
  const integrand: GapIntegrand = {
    first: (u) => from.quantile(level(u)),
    second: (u) => to.quantile(level(u)),
    weight: (u) => 6 * u * (1 - u),
    weightUpTo: level,
    convex: (gap) => Math.abs(gap) ** p,
    jumps: jumpsOf(from, to).map((t) => 0.5 - Math.sin(Math.asin(1 - 2 * t) / 3)),
  }
  const { value, error, evaluations } = integrate(integrand, tolerance, most)
  return { cost: value, distance: Math.max(0, value) ** (1 / p), error, evaluations }
}

/** Where either law is known to jump, in ascending order. */
const jumpsOf = (...laws: readonly Law[]): Float64Array => {
  const all = laws.flatMap(({ jumps }) => Array.from(jumps ?? [])).filter((t) => t > 0 && t < 1)
  return Float64Array.from(new Set(all)).toSorted()
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
    return { quantile: (t) => (1 - time) * from.quantile(t) + time * to.quantile(t), jumps: jumpsOf(from, to) }
  }
