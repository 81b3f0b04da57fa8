import { constant } from '@monge/backend'
import { requireKnownKeys, requireNonNegative, requirePositive } from '@monge/errors'
import { add, div, sqrt, square } from '@tensorflow/tfjs-core'
import type { Optimiser } from '../optimiser.js'
import type { Params } from '../params.js'
import { zipParams } from '../tree.js'
import { rateAt, scheduleOf } from './rate.js'
import type { Rate } from './rate.js'
import type { Counted } from './scale.js'
import { requireShare, tidied, times, zerosOf } from './transform.js'

/** What Adam remembers: the moving means of the gradient and of its square, and the number of updates. */
export interface AdamState extends Counted {
  readonly mean: Params
  readonly meanSquare: Params
}

/** Choices of `adam`. */
export interface AdamOptions {
  /** How much of the mean gradient is kept; default 0.9. */
  readonly beta1?: number
  /** How much of the mean square is kept; default 0.999. */
  readonly beta2?: number
  /** What is added to the root of the mean square; default 1e-8. */
  readonly epsilon?: number
}

/** Choices of `adamw`. */
export interface AdamwOptions extends AdamOptions {
  /** Default 0.01. */
  readonly weightDecay?: number
}

/**
 * `-rate m / (sqrt(v) + epsilon)` for the moving means `m` of the gradient and `v` of its square, each divided by what
 * its weights sum to.
 *
 * @see Kingma, Ba, Adam: a method for stochastic optimization (2015), algorithm 1
 */
export const adam = (rate: Rate, options: AdamOptions = {}): Optimiser<AdamState> => {
  requireKnownKeys(['beta1', 'beta2', 'epsilon'])('adam', options)
  return adamWith('adam', rate, options, 0)
}

/**
 * Adam with decay of the parameters that goes past its means: `-rate (m / (sqrt(v) + epsilon) + weightDecay params)`.
 *
 * @see Loshchilov, Hutter, Decoupled weight decay regularization (2019)
 */
export const adamw = (rate: Rate, options: AdamwOptions = {}): Optimiser<AdamState> => {
  requireKnownKeys(['beta1', 'beta2', 'epsilon', 'weightDecay'])('adamw', options)
  return adamWith('adamw', rate, options, requireNonNegative('adamw: weightDecay', options.weightDecay ?? 0.01))
}

const adamWith = (where: string, rate: Rate, options: AdamOptions, weightDecay: number): Optimiser<AdamState> => {
  const schedule = scheduleOf(`${where}: rate`, rate)
  const beta1 = requireShare(`${where}: beta1`, options.beta1 ?? 0.9)
  const beta2 = requireShare(`${where}: beta2`, options.beta2 ?? 0.999)
  const epsilon = requirePositive(`${where}: epsilon`, options.epsilon ?? 1e-8)
  return {
    init: (params) => ({ mean: zerosOf(params), meanSquare: zerosOf(params), count: 0 }),
    update: (gradients, before, params) =>
      tidied(() => {
        const count = before.count + 1
        const step = rateAt(`${where}: rate`, schedule, before.count)
        // Corrections and rate in as few factors as there can be: each is a pass over all parameters.
        const root = Math.sqrt(1 - beta2 ** count)
        const length = constant((-step * root) / (1 - beta1 ** count))
        const floor = constant(epsilon * root)
        const mean = zipParams((kept, slope) => add(times(beta1, kept), times(1 - beta1, slope)))(before.mean, gradients)
        const meanSquare = zipParams((kept, slope) => add(times(beta2, kept), times(1 - beta2, square(slope))))(
          before.meanSquare,
          gradients,
        )
        const updates = zipParams((parameter, towards, size) => {
          const moved = div(towards, div(add(sqrt(size), floor), length))
          return weightDecay === 0 ? moved : add(moved, times(-step * weightDecay, parameter))
        })(params, mean, meanSquare)
        return { updates, state: { mean, meanSquare, count } }
      }),
  }
}
