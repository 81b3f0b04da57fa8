import type { Backend, Geometry } from '@monge/backend'
import type { Cost } from '@monge/costs'
import { requireInteger } from '@monge/errors'
import type { Measure } from '@monge/measures'
import { tidy } from '@tensorflow/tfjs-core'
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
    // Under these scalings rows sum to one, whatever the weights and however far the potentials are from the optimum.
    const p = vectors.linear([[1 / epsilon, geometry.softmin(epsilon, q)]])
    const d = nu.points.shape[1]
    return vectors.toTensor<Tensor2D>(geometry.planSum(epsilon, p, q, vectors.fromTensor(nu.points), d), [
      geometry.rows,
      d,
    ])
  })

/** The matrix `P`, `[n, m]`: for small problems and for display. */
export const densePlan = (plan: Plan): Tensor2D =>
  fromPlan(plan, (open) => {
    const { vectors } = open.backend
    const { rows, columns } = open.geometry
    const masses = new Float64Array(rows * columns)
    const row = rowReader(open, plan.epsilon)
    for (let i = 0; i < rows; i++) masses.set(row(i), i * columns)
    return vectors.toTensor<Tensor2D>(vectors.fromArray(masses), [rows, columns])
  })

/** Entries of a plan: `masses[k]` goes from point `rows[k]` of the source to point `columns[k]` of the target. */
export interface SparsePlan {
  readonly rows: Int32Array
  readonly columns: Int32Array
  readonly masses: Float64Array
}

/**
 * The `top` largest entries of every row (all of them, where there are fewer), in order of rows and, within a row, of
 * falling mass.
 *
 * @throws InvalidOption if `top` is not a whole number above zero
 */
export const sparsePlan = (top: number): ((plan: Plan) => SparsePlan) => {
  requireInteger(1)('sparsePlan: top', top)
  return (plan) =>
    readPlan(plan, (open) => {
      const { rows, columns } = open.geometry
      const each = Math.min(top, columns)
      const sparse = {
        rows: new Int32Array(rows * each),
        columns: new Int32Array(rows * each),
        masses: new Float64Array(rows * each),
      }
      const row = rowReader(open, plan.epsilon)
      for (let i = 0; i < rows; i++) {
        const masses = row(i)
        const order = Int32Array.from(masses.keys()).sort((j, k) => masses[k] - masses[j])
        for (let k = 0; k < each; k++) {
          sparse.rows[i * each + k] = i
          sparse.columns[i * each + k] = order[k]
          sparse.masses[i * each + k] = masses[order[k]]
        }
      }
      return sparse
    })
}

/** Entries of the cost matrix that are read at a time, whole rows of it: bounds the memory on the host. */
const blockSize = 2 ** 20

/** Row i of P, on the host in float64; to be asked for in rising order. */
const rowReader = <V>({ backend: { vectors }, geometry, p, q }: OpenPlan<V>, epsilon: number) => {
  const { rows, columns } = geometry
  const [pValues, qValues] = [vectors.toArray(p), vectors.toArray(q)]
  const count = Math.max(1, Math.floor(blockSize / columns))
  let start = -count
  let costs = new Float64Array(0) as ReturnType<typeof geometry.entries>
  return (i: number): Float64Array => {
    if (i >= start + count) {
      start = i
      costs = geometry.entries(start, Math.min(count, rows - start))
    }
    return Float64Array.from({ length: columns }, (_, j) =>
      Math.exp(pValues[i] + qValues[j] - costs[(i - start) * columns + j] / epsilon),
    )
  }
}
