import { constant } from '@monge/backend'
import { mongeError } from '@monge/errors'
import { mul, tidy, zerosLike } from '@tensorflow/tfjs-core'
import type { Tensor, TensorContainer } from '@tensorflow/tfjs-core'
import type { Optimiser, Update } from '../optimiser.js'
import type { Params } from '../params.js'
import { mapParams } from '../tree.js'

/** A number of at least 0 and below 1. */
export const requireShare = (where: string, value: number): number => {
  if (typeof value === 'number' && value >= 0 && value < 1) return value
  throw mongeError('InvalidOption', where, `expected a number of at least 0 and below 1, got ${String(value)}`)
}

/** An update that frees what it makes but its result. */
export const tidied = <P extends Params, State>(body: () => Update<P, State>): Update<P, State> =>
  // A record of tensors is what tidy is for, though its type does not take it for a container.
  tidy(body as unknown as () => TensorContainer) as unknown as Update<P, State>

/** `factor leaf` */
export const times = (factor: number, leaf: Tensor): Tensor => mul(leaf, constant(factor))

/** Zeros of a tree's shapes. */
export const zerosOf: <P extends Params>(params: P) => P = mapParams((leaf) => zerosLike(leaf))

/** An optimiser that remembers nothing. */
export const stateless = (
  transform: <P extends Params>(gradients: P, params: P) => P,
): Optimiser<undefined> => ({
  init: () => undefined,
  update: (gradients, state, params) => tidied(() => ({ updates: transform(gradients, params), state })),
})
