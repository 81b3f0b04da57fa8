import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'

/**
 * A discrete measure `sum_i weights_i δ(points_i)`: `n` points of dimension `d` and as many weights.
 *
 * A `Measure` that came from a constructor is valid: finite, non-negative, of positive mass, shapes agreeing. It is
 * immutable; its tensors are the holder's to dispose of.
 */
export interface Measure {
  /** `[n]` */
  readonly weights: Tensor1D
  /** `[n, d]` */
  readonly points: Tensor2D
}
