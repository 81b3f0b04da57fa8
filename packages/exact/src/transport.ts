import { compensatedDot, compensatedSum } from './compensated.js'
import type { SparsePlan } from './plan.js'

/** The solution of a transport problem, with the proof that it is one. */
export interface Transport {
  /** An optimal plan. */
  readonly plan: SparsePlan
  /** `sum_ij P_ij c_ij` */
  readonly cost: number
  /** `[n]`: the potential of the sources, in units of cost; `f_i + g_j <= c_ij`, with equality where the plan has mass. */
  readonly f: Float64Array
  /** `[m]`: the potential of the sinks. Of all pairs `(f + s, g - s)` it is the one with `<a, f> = <b, g>`. */
  readonly g: Float64Array
  /** Cost less dual value: zero within rounding. */
  readonly gap: number
  readonly iterations: number
}

/** The potentials `(f + s, g - s)` for which `<a, f> = <b, g>`. */
export const centred = (
  a: Float64Array,
  b: Float64Array,
  f: Float64Array,
  g: Float64Array,
): { readonly f: Float64Array; readonly g: Float64Array } => {
  const shift = (compensatedDot(b, g) - compensatedDot(a, f)) / (compensatedSum(a) + compensatedSum(b))
  return { f: f.map((value) => value + shift), g: g.map((value) => value - shift) }
}

/** Puts a solution together from a plan with the costs of its entries, and any optimal potentials. */
export const solution = (
  a: Float64Array,
  b: Float64Array,
  plan: SparsePlan,
  costs: Float64Array,
  potentials: { readonly f: Float64Array; readonly g: Float64Array },
  iterations: number,
): Transport => {
  const { f, g } = centred(a, b, potentials.f, potentials.g)
  const cost = compensatedDot(plan.masses, costs)
  return { plan, cost, f, g, gap: cost - (compensatedDot(a, f) + compensatedDot(b, g)), iterations }
}
