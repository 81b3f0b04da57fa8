import type { Pairwise } from '@monge/backend'
import type { Tensor2D } from '@tensorflow/tfjs-core'

/** A kernel in the log domain: `k(x, y) = exp(offset - cost(x, y) / epsilon)`, `offset` being zero if absent. */
export interface KernelLogarithm {
  readonly cost: Pairwise
  readonly epsilon: number
  readonly offset?: number
}

/**
 * `positive`: every Gram matrix is positive semi-definite; `conditional`: on signed measures of total mass zero;
 * `unknown`: nobody has said.
 */
export type Definiteness = 'positive' | 'conditional' | 'unknown'

/** A kernel `k(x, y)`, symmetric, with what it knows of itself. */
export interface Kernel {
  readonly name: string
  /** What a backend computes with, on the features if there are any. */
  readonly pairwise: Pairwise
  /** A tfjs-differentiable map that both clouds pass through first. */
  readonly features?: (points: Tensor2D) => Tensor2D
  readonly definiteness: Definiteness
  /** For sums in the log domain, of kernels above zero that have that form. */
  readonly logarithm?: KernelLogarithm
}
