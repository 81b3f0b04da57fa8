import { split } from '@monge/random'
import { add } from '@tensorflow/tfjs-core'
import type { Params } from '../params.js'
import type { PointMap } from './point-map.js'

/** The parameters of two maps, one after the other. */
export interface Composed<P extends Params, Q extends Params> {
  readonly [name: string]: P | Q
  readonly first: P
  readonly second: Q
}

/**
 * `second ∘ first`. Associative, up to the names of the parameters.
 *
 * @example
 * pipe(perceptron({ sizes: [2, 64] }), followedBy(residual(perceptron({ sizes: [64, 64, 64] }))))
 */
export const followedBy =
  <Q extends Params>(second: PointMap<Q>) =>
  <P extends Params>(first: PointMap<P>): PointMap<Composed<P, Q>> => ({
    init: (key) => {
      const [ofFirst = key, ofSecond = key] = split(2)(key)
      return { first: first.init(ofFirst), second: second.init(ofSecond) }
    },
    apply: (params, points) => second.apply(params.second, first.apply(params.first, points)),
  })

/**
 * `x + f(x)`: a residual block, of a map that keeps the dimension.
 *
 * @see He et al., Deep residual learning for image recognition (2016)
 */
export const residual = <P extends Params>(map: PointMap<P>): PointMap<P> => ({
  init: (key) => map.init(key),
  apply: (params, points) => add(points, map.apply(params, points)),
})
