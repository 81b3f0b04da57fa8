import type { Backend, Geometry } from '@monge/backend'
import type { Cost } from '@monge/costs'
import type { Measure } from '@monge/measures'
import { div, tidy } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { featured } from './clouds.js'
import { total } from './host.js'
import { logScaling, sideOf } from './problem.js'

/**
 * An entropic transport plan `P_ij = a_i b_j exp((f_i + g_j - c_ij) / epsilon)`, as what it is made from: `P` itself is
 * never stored, save by `densePlan`. Its tensors are those of the measures and potentials that it was made from.
 */
export interface Plan {
  readonly backend: Backend
  readonly cost: Cost
  readonly mu: Measure
  readonly nu: Measure
  /** `[n]` */
  readonly f: Tensor1D
  /** `[m]` */
  readonly g: Tensor1D
  readonly epsilon: number
  /** Undefined where marginals are exact. */
  readonly rho: number | undefined
}

/** A plan as a backend computes with it: its clouds, and its log-scalings p and q. */
export interface OpenPlan<V> {
  readonly backend: Backend<V>
  readonly geometry: Geometry<V>
  readonly p: V
  readonly q: V
}

/** Computes a tensor from a plan, at the plan's place, and frees all else that was made for it. */
export const fromPlan = <T extends Tensor>(plan: Plan, body: (open: OpenPlan<unknown>) => T): T =>
  plan.backend.within(() => tidy(() => opened(plan, body)))

/** Reads numbers off a plan: as `fromPlan`, for results on the host, which tfjs's `tidy` is better spared. */
export const readPlan = <A>(plan: Plan, body: (open: OpenPlan<unknown>) => A): A => {
  const results: A[] = []
  plan.backend.within(() =>
    tidy(() => {
      results.push(opened(plan, body))
    }),
  )
  return results[0]
}

const opened = <A>({ backend, cost, mu, nu, f, g, epsilon }: Plan, body: (open: OpenPlan<unknown>) => A): A => {
  const { vectors } = backend
  const geometry = backend.geometry(cost.pairwise, featured(cost, mu).points, featured(cost, nu).points)
  const scaling = (measure: Measure, potential: Tensor1D): unknown =>
    logScaling(vectors, epsilon, sideOf(vectors)(measure), vectors.fromTensor(potential))
  try {
    return body({ backend, geometry, p: scaling(mu, f), q: scaling(nu, g) })
  } finally {
    geometry.dispose()
  }
}

/** `P v`, `[n]` or `[n, k]` for `v [m]` or `[m, k]`: what the source's points receive of values on the target's. */
export const applyPlan =
  <T extends Tensor1D | Tensor2D>(v: T) =>
  (plan: Plan): T =>
    fromPlan(plan, ({ backend: { vectors }, geometry, p, q }) => {
      const columns = v.shape[1] ?? 1
      const sums = geometry.planSum(plan.epsilon, p, q, vectors.fromTensor(v), columns)
      return vectors.toTensor<T>(sums, [geometry.rows, ...v.shape.slice(1)])
    })

/** `P^T u`, `[m]` or `[m, k]` for `u [n]` or `[n, k]`. */
export const applyTransposedPlan =
  <T extends Tensor1D | Tensor2D>(u: T) =>
  (plan: Plan): T =>
    fromPlan(plan, ({ backend: { vectors }, geometry, p, q }) => {
      const sums = geometry.transpose().planSum(plan.epsilon, q, p, vectors.fromTensor(u), u.shape[1] ?? 1)
      return vectors.toTensor<T>(sums, [geometry.columns, ...u.shape.slice(1)])
    })

/** Row and column sums of the plan, `[n]` and `[m]`: the marginals that it has, to compare with `a` and `b`. */
export const planMarginals = (plan: Plan): { readonly source: Tensor1D; readonly target: Tensor1D } => ({
  source: fromPlan(plan, (open) => {
    const { vectors } = open.backend
    return vectors.toTensor<Tensor1D>(rowSums(open, plan.epsilon), [open.geometry.rows])
  }),
  target: fromPlan(plan, (open) => {
    const { vectors } = open.backend
    return vectors.toTensor<Tensor1D>(columnSums(open, plan.epsilon), [open.geometry.columns])
  }),
})

/** `sum_j P_ij`, `[n]`. */
export const rowSums = <V>({ backend: { vectors }, geometry, p, q }: OpenPlan<V>, epsilon: number): V =>
  geometry.planSum(epsilon, p, q, vectors.fromArray(new Float64Array(geometry.columns).fill(1)), 1)

/** `sum_i P_ij`, `[m]`. */
export const columnSums = <V>({ backend, geometry, p, q }: OpenPlan<V>, epsilon: number): V =>
  rowSums({ backend, geometry: geometry.transpose(), p: q, q: p }, epsilon)

/** `<P, c>`: what the plan's moves cost, without entropy. */
export const planCost = (plan: Plan): number =>
  readPlan(plan, ({ backend: { vectors }, geometry, p, q }) =>
    total(vectors.toArray(geometry.planCost(plan.epsilon, p, q))),
  )

/** `sum_ij P_ij`. */
export const planMass = (plan: Plan): number =>
  readPlan(plan, (open) => total(open.backend.vectors.toArray(rowSums(open, plan.epsilon))))

/**
 * Where each source point goes on average, `[n, d]`: `sum_j P_ij y_j / sum_j P_ij`. For the half squared distance this is
 * the entropic estimate `x - ∇f(x)` of the Monge map. Points without weight have an image as well: that of the softmin.
 *
 * @see Pooladian, Niles-Weed, Entropic estimation of optimal transport maps (2021)
 */
export const barycentricProjection = (plan: Plan): Tensor2D =>
  fromPlan(plan, ({ backend: { vectors }, geometry, q }) => {
    const { epsilon, nu } = plan
    // Under these scalings rows sum to one but for rounding, whatever the weights and however far potentials are from the optimum.
    const p = vectors.linear([[1 / epsilon, geometry.softmin(epsilon, q)]])
    const d = nu.points.shape[1]
    const ones = vectors.fromArray(new Float64Array(geometry.columns).fill(1))
    return div(
      vectors.toTensor<Tensor2D>(geometry.planSum(epsilon, p, q, vectors.fromTensor(nu.points), d), [geometry.rows, d]),
      vectors.toTensor<Tensor2D>(geometry.planSum(epsilon, p, q, ones, 1), [geometry.rows, 1]),
    )
  })
