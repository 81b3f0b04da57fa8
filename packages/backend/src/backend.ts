import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Geometry } from './geometry.js'
import type { Pairwise } from './pairwise.js'
import type { Place } from './place.js'
import type { SliceSums, SlicesProblem } from './slices.js'
import type { Vectors } from './vectors.js'

/** Numbers on the host. */
export type Float = Float32Array | Float64Array

/**
 * What an algorithm asks for: a place for its tensors, vectors to iterate on, and the reductions over two clouds.
 *
 * Algorithms are functions of a backend. `V` is the backend's own type of vector; outside an algorithm it is of no
 * concern, and plain `Backend` will do.
 */
export interface Backend<V = unknown> extends Place {
  readonly vectors: Vectors<V>
  /**
   * Prepares `c(x_i, y_j)` for reductions. Points are read as they are at the call. With a `matrix` the points serve
   * for their number alone.
   */
  geometry(pairwise: Pairwise, x: Tensor2D, y: Tensor2D): Geometry<V>
  /**
   * Sorted transport along many directions, where the backend has a faster way than the host's one thread: undefined where
   * it has none for this problem.
   */
  slices?(problem: SlicesProblem): SliceSums | undefined
}
