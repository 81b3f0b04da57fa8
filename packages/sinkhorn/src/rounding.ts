import type { Float } from '@monge/backend'
import { tensorFrom } from '@monge/backend'
import { add, matMul, mul, tidy } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { total } from './host.js'
import { densePlan } from './plan-entries.js'
import { columnSums, readPlan, rowSums } from './plan.js'
import type { OpenPlan, Plan } from './plan.js'

/**
 * What rounding does to a plan, on the host in float64: its rows and columns are scaled down to where no marginal is
 * exceeded, by the factors, and what the marginals then lack is added as a product of the two deficits over their mass.
 */
export interface Rounding {
  /** `[n]`, at most 1 */
  readonly rowFactors: Float64Array
  /** `[m]`, at most 1 */
  readonly columnFactors: Float64Array
  /** `[n]` */
  readonly rowDeficit: Float64Array
  /** `[m]` */
  readonly columnDeficit: Float64Array
  /** The mass of either deficit. */
  readonly deficit: number
}

/**
 * How to round a plan to a feasible one, that has exactly the marginals a and b.
 *
 * @see Altschuler, Weed, Rigollet, Near-linear time approximation algorithms for optimal transport via Sinkhorn
 *   iteration (2017), algorithm 2
 */
export const roundingOf = <V>(open: OpenPlan<V>, epsilon: number, a: Float, b: Float): Rounding => {
  const { vectors } = open.backend
  const rows = vectors.toArray(rowSums(open, epsilon))
  const rowFactors = Float64Array.from(rows, (sum, i) => (sum > a[i] ? a[i] / sum : 1))
  const p = vectors.linear([
    [1, open.p],
    [1, vectors.logarithm(vectors.fromArray(rowFactors))],
  ])
  const columns = vectors.toArray(columnSums({ ...open, p }, epsilon))
  const columnFactors = Float64Array.from(columns, (sum, j) => (sum > b[j] ? b[j] / sum : 1))
  const columnDeficit = Float64Array.from(columns, (sum, j) => Math.max(0, b[j] - sum * columnFactors[j]))
  const remaining = vectors.toArray(
    open.geometry.planSum(epsilon, p, open.q, vectors.fromArray(columnFactors), 1),
  )
  const rowDeficit = Float64Array.from(remaining, (sum, i) => Math.max(0, a[i] - sum))
  return { rowFactors, columnFactors, rowDeficit, columnDeficit, deficit: total(rowDeficit) }
}

/** The rounded plan, `[n, m]`: non-negative, with marginals a and b up to rounding errors. For display and tests. */
export const denseRoundedPlan = (plan: Plan): Tensor2D => {
  const { mu, nu, epsilon, backend } = plan
  const rounding = readPlan(plan, (open) => {
    const { vectors } = open.backend
    const weights = (tensor: Tensor1D): Float => vectors.toArray(vectors.fromTensor(tensor))
    return roundingOf(open, epsilon, weights(mu.weights), weights(nu.weights))
  })
  return backend.within(() =>
    tidy(() => {
      const { rowFactors, columnFactors, rowDeficit, columnDeficit, deficit } = rounding
      const column = (values: Float64Array): Tensor2D => tensorFrom(values, [values.length, 1])
      const row = (values: Float64Array): Tensor2D => tensorFrom(values, [1, values.length])
      const factors = matMul(column(rowFactors), row(columnFactors))
      const share = rowDeficit.map((value) => (deficit > 0 ? value / deficit : 0))
      return add<Tensor2D>(mul(densePlan(plan), factors), matMul(column(share), row(columnDeficit)))
    }),
  )
}
