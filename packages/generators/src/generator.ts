import type { Place } from '@monge/backend'
import type { Measure } from '@monge/measures'
import type { Key } from '@monge/random'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Params } from './params.js'

/** Where a generator's randomness comes from: `count` points `[count, k]` drawn by a key, at the current place. */
export type Noise = (key: Key, count: number) => Tensor2D

/**
 * A parametric model of a measure, as a pushforward: noise through a map with parameters, `[count, k]` to a measure of
 * `count` points in `[count, d]` and their weights. `apply` is differentiable by tfjs in the parameters.
 */
export interface Generator<P extends Params = Params> {
  readonly place: Place
  readonly noise: Noise
  init(key: Key): P
  apply(params: P, noise: Tensor2D): Measure
}
