import type { Pairwise } from '@monge/backend'
import type { Tensor2D } from '@tensorflow/tfjs-core'

/** A kernel `k(x, y)`, symmetric, with what it knows of itself. */
export interface Kernel {
  readonly name: string
  /** What a backend computes with, on the features if there are any. */
  readonly pairwise: Pairwise
  /** A tfjs-differentiable map that both clouds pass through first. */
  readonly features?: (points: Tensor2D) => Tensor2D
  /**
   * `positive`: every Gram matrix is positive semi-definite; `conditional`: on signed measures of total mass zero;
   * `unknown`: the user has not said.
   */
  readonly definiteness: 'positive' | 'conditional' | 'unknown'
  /** The cost and epsilon of `k = exp(-cost / epsilon)`, for sums in the log domain; positive kernels of that form only. */
  readonly logarithm?: { readonly cost: Pairwise; readonly epsilon: number }
}
