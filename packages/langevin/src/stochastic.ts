import type { Potential } from './potential.js'

/**
 * A potential that is a sum over data, `V = V_0 + sum_i V_i`, whose gradient can be estimated from some of the terms.
 */
export interface StochasticPotential extends Potential {
  /** The number of terms. */
  readonly terms: number
  /**
   * The unbiased estimate `∇V_0 + (terms / batch.length) sum_(i in batch) ∇V_i` at row-major points `[n, dimension]`:
   * `[n, dimension]`.
   */
  batchGradient(points: Float64Array, dimension: number, batch: Int32Array): Float64Array
}
