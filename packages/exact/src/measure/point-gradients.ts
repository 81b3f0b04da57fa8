import { registerGradients } from '@monge/backend'
import { tensorFrom } from '@monge/backend'
import { evaluate } from '@monge/costs'
import type { Cost } from '@monge/costs'
import { engine, sum, tidy } from '@tensorflow/tfjs-core'
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
  const none = { x: new Float64Array(x.data.length), y: new Float64Array(y.data.length) }
  if (cost.pairwise.tag === 'matrix') return none
  registerGradients()
  const slopes = tidy(() => {
    const from = gathered(x, plan.rows)
    const to = gathered(y, plan.columns)
    const { grads } = engine().gradients(() => sum(evaluate(cost)(from, to)), [from, to], undefined, true)
    return grads.map((grad) => grad?.clone())
  })
  const [ofX, ofY] = slopes.map((slope) => slope?.dataSync<'float32'>())
  const result = {
    x: ofX === undefined ? none.x : scattered(plan.masses, plan.rows, ofX, x),
    y: ofY === undefined ? none.y : scattered(plan.masses, plan.columns, ofY, y),
  }
  slopes.forEach((slope) => slope?.dispose())
  return result
}

const gathered = (points: Matrix, indices: Int32Array): Tensor2D => {
  const { columns: d, data } = points
  const picked = new Float64Array(indices.length * d)
  indices.forEach((i, k) => picked.set(data.subarray(i * d, (i + 1) * d), k * d))
  return tensorFrom(picked, [indices.length, d])
}

const scattered = (masses: Float64Array, indices: Int32Array, slopes: ArrayLike<number>, points: Matrix): Float64Array => {
  const d = points.columns
  const sums = new Float64Array(points.data.length)
  indices.forEach((i, entry) => {
    for (let k = 0; k < d; k++) sums[i * d + k] += masses[entry] * slopes[entry * d + k]
  })
  return sums
}
