import { registerGradients } from '@monge/backend'
import type { Place } from '@monge/backend'
import { tapedGradients } from '@monge/losses'
import { clone, tidy, zerosLike } from '@tensorflow/tfjs-core'
import type { Scalar, TensorContainer } from '@tensorflow/tfjs-core'
import type { Params } from './params.js'
import { leavesOf, mapParams, withLeaves } from './tree.js'

/** A scalar function's value at parameters, and its gradient: a tree like theirs. */
export interface ParamsGradient<P extends Params> {
  readonly value: Scalar
  readonly gradient: P
}

/**
 * The value of a scalar function of parameters and its gradient in them, by reverse mode through tfjs's operations:
 * zero in what the function does not depend on. Runs at `place`, tfjs's current backend by default, in its precision.
 * The parameters stay as they are; the tensors of the result are the caller's to dispose of, and no others are left.
 */
export const valueAndGradientOf =
  <P extends Params>(f: (params: P) => Scalar, place?: Place) =>
  (params: P): ParamsGradient<P> => {
    registerGradients()
    return tidyAt(place, () => {
      // Copies have identities of their own, so that gradients tell two leaves apart that are one tensor.
      const own = mapParams((leaf) => clone(leaf))(params)
      const leaves = leavesOf(own)
      const { value, gradients } = tapedGradients(() => f(own), leaves)
      const slopes = leaves.map((leaf, i) => gradients[i] ?? zerosLike(leaf))
      return { value, gradient: withLeaves(slopes)(own) }
    })
  }

/**
 * Runs `body` at a place, tfjs's current backend by default, and frees what it makes but the tensors in its result: a
 * tree of records, lists, tensors and plain values.
 */
export const tidyAt = <A>(place: Place | undefined, body: () => A): A => {
  // Records of tensors are what tidy is for, though its type does not take them for a container.
  const run = (): A => tidy(body as () => TensorContainer) as A
  return place === undefined ? run() : place.within(run)
}
