import type { Backend, Float, Geometry, Precision, Vectors } from '@monge/backend'
import { dot, largest, total } from './host.js'
import { logScaling } from './problem.js'
import type { Potentials, Side } from './problem.js'
import { columnSums, rowSums } from './plan.js'
import type { OpenPlan } from './plan.js'
import { roundingOf } from './rounding.js'

/** Numbers between which the optimum of transport without entropy is sure to lie. */
export interface Certificate {
  readonly lower: number
  readonly upper: number
}

/** A transport problem and potentials for it, of whatever quality. */
export interface Candidate<V> {
  readonly backend: Backend<V>
  readonly geometry: Geometry<V>
  readonly source: Side<V>
  readonly target: Side<V>
  readonly potentials: Potentials<V>
  readonly epsilon: number
  readonly rho: number | undefined
}

/**
 * Bounds on the cost of optimal transport, from potentials.
 *
 * Lower: the dual value of `f = min_j (c_ij - g_j)` and its own c-transform, which obey `f_i + g_j <= c_ij`. Upper: the
 * cost of a plan, with exact marginals that of the rounded plan, with soft ones that of the plan itself and of what its
 * marginals lack. Sums are in float64, and both bounds are moved apart by what the rounding of the backend's numbers may
 * have added.
 *
 * @see Peyré, Cuturi, Computational optimal transport (2019), sections 4.4 and 5.1
 */
export const certify = <V>(candidate: Candidate<V>): Certificate => {
  const { backend, geometry, source, target, potentials, epsilon, rho } = candidate
  const { vectors } = backend
  const a = vectors.toArray(source.weights)
  const b = vectors.toArray(target.weights)
  const feasibleF = geometry.minimum(potentials.g)
  const f = vectors.toArray(feasibleF)
  const g = vectors.toArray(geometry.transpose().minimum(feasibleF))
  const open = {
    backend,
    geometry,
    p: logScaling(vectors, epsilon, source, potentials.f),
    q: logScaling(vectors, epsilon, target, potentials.g),
  }
  const dual = rho === undefined ? dot(a, f) + dot(b, g) : softDual(rho, a, f) + softDual(rho, b, g)
  const primal = rho === undefined ? roundedCost(open, epsilon, a, b) : softPrimal(open, epsilon, rho, a, b)
  const slack = unit(backend.precision) * (largest(f) + largest(g)) * (total(a) + total(b))
  // The plan's entries are exponentials: what their exponents are rounded by, they are off by, relative to themselves.
  const exponents = 1 + (largest(vectors.toArray(potentials.f)) + largest(vectors.toArray(potentials.g))) / epsilon
  const entries = Math.max(unit(backend.precision), exponents * (holdsDoubles(vectors) ? 2 ** -52 : 2 ** -22))
  return { lower: dual - slack, upper: primal + slack + entries * Math.abs(primal) }
}

/** A few units in the last place: how far one computed cost, or one potential, may be off relative to the largest. */
const unit = (precision: Precision): number => (precision === 'float64' ? 2 ** -50 : 2 ** -21)

/** Whether a backend's vectors, and with them the exponents that it makes of them, have more digits than float32. */
const holdsDoubles = <V>(vectors: Vectors<V>): boolean =>
  vectors.scope(() => vectors.toArray(vectors.fromArray([1 / 3]))[0] === 1 / 3)

const softDual = (rho: number, weights: Float, potential: Float): number =>
  -rho * dot(weights, potential.map((value) => Math.expm1(-value / rho)))

const roundedCost = <V>(open: OpenPlan<V>, epsilon: number, a: Float, b: Float): number => {
  const { backend, geometry, p, q } = open
  const { vectors } = backend
  const { rowFactors, columnFactors, rowDeficit, columnDeficit, deficit } = roundingOf(open, epsilon, a, b)
  const logarithm = (factors: Float64Array): V => vectors.logarithm(vectors.fromArray(factors))
  const plus = (u: V, v: V): V =>
    vectors.linear([
      [1, u],
      [1, v],
    ])
  const moved = geometry.planCost(epsilon, plus(p, logarithm(rowFactors)), plus(q, logarithm(columnFactors)))
  if (deficit === 0) return total(vectors.toArray(moved))
  const added = dot(rowDeficit, vectors.toArray(geometry.sum(vectors.fromArray(columnDeficit), 1))) / deficit
  return total(vectors.toArray(moved)) + added
}

const softPrimal = <V>(open: OpenPlan<V>, epsilon: number, rho: number, a: Float, b: Float): number => {
  const { backend, geometry, p, q } = open
  const { vectors } = backend
  const cost = total(vectors.toArray(geometry.planCost(epsilon, p, q)))
  const rows = vectors.toArray(rowSums(open, epsilon))
  const columns = vectors.toArray(columnSums(open, epsilon))
  return cost + rho * (relativeEntropy(rows, a) + relativeEntropy(columns, b))
}

/** `KL(u | v) = sum_i u_i log(u_i / v_i) - u_i + v_i`. */
const relativeEntropy = (u: Float, v: Float): number => {
  let sum = 0
  for (let i = 0; i < u.length; i++) sum += (u[i] > 0 ? u[i] * Math.log(u[i] / v[i]) : 0) - u[i] + v[i]
  return sum
}
