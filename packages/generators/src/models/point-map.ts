import type { Key } from '@monge/random'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Params } from '../params.js'

/**
 * A map of points with parameters, `[n, k] -> [n, d]`: a network, an affine map, or any function that tfjs can
 * differentiate. It knows no place: both functions run on tfjs's current backend, and what they make on the way is for
 * the caller's `tidy` (generators, and `valueAndGradientOf`, have theirs).
 */
export interface PointMap<P extends Params = Params> {
  init(key: Key): P
  apply(params: P, points: Tensor2D): Tensor2D
}
