import type { Pairwise } from '@monge/backend'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'

/** The Legendre dual `h*` of a cost `c(x, y) = h(x - y)`; its gradient takes potentials to displacements. */
export interface LegendreDual {
  /** `h*(z_i)`, `[n, d] -> [n]` */
  readonly value: (z: Tensor2D) => Tensor1D
  /** `∇h*(z_i)`, `[n, d] -> [n, d]` */
  readonly gradient: (z: Tensor2D) => Tensor2D
}

/** A ground cost `c(x, y)`, with what it knows of itself. */
export interface Cost {
  readonly name: string
  /** What a backend computes with, on the features if there are any. */
  readonly pairwise: Pairwise
  /** A tfjs-differentiable map that both clouds pass through first: `c(x, y) = pairwise(features(x), features(y))`. */
  readonly features?: (points: Tensor2D) => Tensor2D
  /** `c(x, y) = c(y, x)` */
  readonly symmetric: boolean
  /** `c(x + t, y + t) = c(x, y)` */
  readonly translationInvariant: boolean
  /** Whether it is a distance: symmetric, zero on the diagonal alone, triangle inequality. */
  readonly metric: boolean
  /** The degree p of `c(t x, t y) = t^p c(x, y)`, where it is homogeneous. */
  readonly degree?: number
  readonly legendreDual?: LegendreDual
}
