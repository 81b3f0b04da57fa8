import { constant } from '@monge/backend'
import { requireKnownKeys, requirePositive } from '@monge/errors'
import { add, div, sqrt, square } from '@tensorflow/tfjs-core'
import type { Optimiser } from '../optimiser.js'
import type { Params } from '../params.js'
import { zipParams } from '../tree.js'
import { rateAt, scheduleOf } from './rate.js'
import type { Rate } from './rate.js'
import type { Counted } from './scale.js'
import { requireShare, tidied, times, zerosOf } from './transform.js'

/** What RMSprop remembers: the moving mean of the gradient's square, and the number of updates. */
export interface RmspropState extends Counted {
  readonly meanSquare: Params
}

/** Choices of `rmsprop`. */
export interface RmspropOptions {
  /** How much of the mean square is kept; default 0.99. */
  readonly decay?: number
  /** What is added to its root; default 1e-8. */
  readonly epsilon?: number
}

/**
 * `-rate g / (sqrt(v) + epsilon)` for the moving mean `v <- decay v + (1 - decay) g²`, from 0: PyTorch's.
 *
 * @see Tieleman, Hinton, Lecture 6.5 of Neural networks for machine learning (2012)
 */
export const rmsprop = (rate: Rate, options: RmspropOptions = {}): Optimiser<RmspropState> => {
  requireKnownKeys(['decay', 'epsilon'])('rmsprop', options)
  const schedule = scheduleOf('rmsprop: rate', rate)
  const decay = requireShare('rmsprop: decay', options.decay ?? 0.99)
  const epsilon = requirePositive('rmsprop: epsilon', options.epsilon ?? 1e-8)
  return {
    init: (params) => ({ meanSquare: zerosOf(params), count: 0 }),
    update: (gradients, before) =>
      tidied(() => {
        const factor = -rateAt('rmsprop: rate', schedule, before.count)
        const meanSquare = zipParams((kept, slope) => add(times(decay, kept), times(1 - decay, square(slope))))(
          before.meanSquare,
          gradients,
        )
        const updates = zipParams((slope, size) => times(factor, div(slope, add(sqrt(size), constant(epsilon)))))(
          gradients,
          meanSquare,
        )
        return { updates, state: { meanSquare, count: before.count + 1 } }
      }),
  }
}
