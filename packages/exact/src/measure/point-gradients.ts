import { differentiate, registerGradients, tensorFrom } from '@monge/backend'
import { evaluate } from '@monge/costs'
import type { Cost } from '@monge/costs'
import { tidy } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Matrix } from '../input.js'
import type { SparsePlan } from '../plan.js'

/** Gradients of `sum_ij P_ij c(x_i, y_j)` in both clouds, for a plan that is held fixed. */
export interface PointGradients {
  /** `[n, d]`, row-major */
  readonly x: Float64Array
  /** `[m, d]` */
  readonly y: Float64Array
}

/** The gradients under `|x - y|^p`; zero where points coincide. */
export const powerGradients = (plan: SparsePlan, x: Matrix, y: Matrix, p: number): PointGradients => {
  const d = x.columns
  const ofX = new Float64Array(x.data.length)
  const ofY = new Float64Array(y.data.length)
  plan.masses.forEach((mass, entry) => {
    const from = plan.rows[entry] * d
    const to = plan.columns[entry] * d
    let squared = 0
    for (let k = 0; k < d; k++) squared += (x.data[from + k] - y.data[to + k]) ** 2
    if (squared === 0) return
    const factor = mass * p * (p === 2 ? 1 : squared ** (p / 2 - 1))
    for (let k = 0; k < d; k++) {
      const slope = factor * (x.data[from + k] - y.data[to + k])
      ofX[from + k] += slope
      ofY[to + k] -= slope
    }
  })
  return { x: ofX, y: ofY }
}

/** The gradients under any cost, by differentiating it at the pairs that the plan joins. */
export const costGradients = (plan: SparsePlan, x: Matrix, y: Matrix, cost: Cost): PointGradients => {
  if (cost.pairwise.tag === 'matrix')
    return { x: new Float64Array(x.data.length), y: new Float64Array(y.data.length) }
  registerGradients()
  const [ofX, ofY] = slopesAt(cost, plan, x, y).map((slope) => {
    const values = slope.dataSync<'float32'>().slice()
    slope.dispose()
    return values
  })
  return { x: scattered(plan.rows, ofX, x), y: scattered(plan.columns, ofY, y) }
}

/** `P_ij dc/dx` and `P_ij dc/dy`, one row for each entry of the plan. */
const slopesAt = (cost: Cost, { masses, rows, columns }: SparsePlan, x: Matrix, y: Matrix): readonly Tensor2D[] =>
  tidy(() => {
    const from = gathered(x, rows)
    const to = gathered(y, columns)
    const upstream = tensorFrom(masses, [masses.length])
    return [
      differentiate((moving) => evaluate(cost)(moving, to), from, upstream),
      differentiate((moving) => evaluate(cost)(from, moving), to, upstream),
    ]
  })

const gathered = (points: Matrix, indices: Int32Array): Tensor2D => {
  const { columns: d, data } = points
  const picked = new Float64Array(indices.length * d)
  indices.forEach((i, k) => picked.set(data.subarray(i * d, (i + 1) * d), k * d))
  return tensorFrom(picked, [indices.length, d])
}

const scattered = (indices: Int32Array, slopes: ArrayLike<number>, points: Matrix): Float64Array => {
  const d = points.columns
  const sums = new Float64Array(points.data.length)
  indices.forEach((i, entry) => {
    for (let k = 0; k < d; k++) sums[i * d + k] += slopes[entry * d + k]
  })
  return sums
}
