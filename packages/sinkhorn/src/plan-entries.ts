import type { Float } from '@monge/backend'
import { requireInteger } from '@monge/errors'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { fromPlan, readPlan } from './plan.js'
import type { OpenPlan, Plan } from './plan.js'

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
        const order = Int32Array.from(masses.keys()).toSorted((j, k) => masses[k] - masses[j])
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
  let costs: Float = new Float64Array(0)
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
