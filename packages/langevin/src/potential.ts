import type { Place } from '@monge/backend'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'

/** The potential and its gradient at points. */
export interface ValueAndGradient {
  /** `[n]` */
  readonly value: Tensor1D
  /** `[n, d]` */
  readonly gradient: Tensor2D
}

/**
 * The same in plain loops over row-major points `[n, dimension]`, in float64: fills `gradient
 * [n, dimension]` and, where it is given, `value [n]`.
 */
export type HostField = (points: Float64Array, dimension: number, gradient: Float64Array, value?: Float64Array) => void

/**
 * A function V of a point, known up to a constant: it stands for the distribution whose density is proportional to
 * `exp(-V)`. Of n points it is computed in one go; all tensors of the results are the caller's to dispose of.
 */
export interface Potential {
  readonly name: string
  /** Where its tensors live. */
  readonly place: Place
  /** The dimension of the points, where there is but one that fits. */
  readonly dimension?: number
  /** V at points `[n, d]`: `[n]`, differentiable by tfjs. */
  value(points: Tensor2D): Tensor1D
  /** The gradient of V at points `[n, d]`: `[n, d]`. */
  gradient(points: Tensor2D): Tensor2D
  valueAndGradient(points: Tensor2D): ValueAndGradient
  /** The fast way, of those that have a closed form. */
  readonly onHost?: HostField
}
