import { requireKnownKeys } from '@monge/errors'
import { add } from '@tensorflow/tfjs-core'
import type { Optimiser } from '../optimiser.js'
import type { Params } from '../params.js'
import { mapParams, zipParams } from '../tree.js'
import { rateAt, scheduleOf } from './rate.js'
import type { Rate } from './rate.js'
import { scaleBySchedule } from './scale.js'
import type { Counted } from './scale.js'
import { requireShare, tidied, times, zerosOf } from './transform.js'

/** `-rate g` */
export const sgd = (rate: Rate): Optimiser<Counted> => {
  const schedule = scheduleOf('sgd: rate', rate)
  return scaleBySchedule((count) => -rateAt('sgd: rate', schedule, count))
}

/** What momentum remembers: the trace of gradients, and the number of updates. */
export interface MomentumState extends Counted {
  readonly trace: Params
}

/** Choices of `momentum`. */
export interface MomentumOptions {
  /** Default 0.9. */
  readonly decay?: number
  /** Look ahead, as Nesterov; default false. */
  readonly nesterov?: boolean
}

/**
 * `m <- decay m + g` and the update `-rate m`, or `-rate (decay m + g)` after Nesterov: PyTorch's SGD with momentum.
 *
 * @see Polyak, Some methods of speeding up the convergence of iteration methods (1964)
 * @see Sutskever et al., On the importance of initialization and momentum in deep learning (2013)
 */
export const momentum = (rate: Rate, options: MomentumOptions = {}): Optimiser<MomentumState> => {
  requireKnownKeys(['decay', 'nesterov'])('momentum', options)
  const schedule = scheduleOf('momentum: rate', rate)
  const decay = requireShare('momentum: decay', options.decay ?? 0.9)
  return {
    init: (params) => ({ trace: zerosOf(params), count: 0 }),
    update: (gradients, { trace: before, count }) =>
      tidied(() => {
        const factor = -rateAt('momentum: rate', schedule, count)
        const trace = zipParams((slope, kept) => add(times(decay, kept), slope))(gradients, before)
        const ahead = options.nesterov === true ? zipParams((slope, kept) => add(times(decay, kept), slope))(gradients, trace) : trace
        return { updates: mapParams((leaf) => times(factor, leaf))(ahead), state: { trace, count: count + 1 } }
      }),
  }
}
