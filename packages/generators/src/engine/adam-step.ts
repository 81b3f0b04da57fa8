import type { Tensor } from '@tensorflow/tfjs-core'
import { padded } from './multiply.js'
import type { Machine } from './machine.js'

/** The numbers of Adam's update: see the optimiser. */
export interface AdamFactors {
  readonly keep: number
  readonly take: number
  readonly keepSquare: number
  readonly takeSquare: number
  readonly length: number
  readonly floor: number
}

/** One leaf after Adam's step. */
export interface AdamLeaf {
  /** The update; or the parameters after it, where they were given. */
  readonly moved: Tensor
  readonly mean: Tensor
  readonly meanSquare: Tensor
}

/** New moving means of one leaf, and where they lead: new tensors. Undefined where memory is short. */
export const adamStep = (
  { exports, residence }: Machine,
  gradient: Tensor,
  mean: Tensor,
  meanSquare: Tensor,
  factors: AdamFactors,
  params?: Tensor,
): AdamLeaf | undefined =>
  residence.within(({ addressOf, room, tensorAt }) => {
    const { size, shape } = gradient
    const [g, m, v, p] = [addressOf(gradient), addressOf(mean), addressOf(meanSquare), params === undefined ? 0 : addressOf(params)]
    const [newMean, newMeanSquare, out] = [room(size), room(size), room(size)]
    const { keep, take, keepSquare, takeSquare, length, floor } = factors
    exports.adam(g, m, v, p, newMean, newMeanSquare, out, padded(size), keep, take, keepSquare, takeSquare, length, floor)
    return { moved: tensorAt(out, shape), mean: tensorAt(newMean, shape), meanSquare: tensorAt(newMeanSquare, shape) }
  })
