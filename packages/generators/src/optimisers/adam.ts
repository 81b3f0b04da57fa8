import { constant } from '@monge/backend'
import { requireKnownKeys, requireNonNegative, requirePositive } from '@monge/errors'
import { add, dispose, div, sqrt, square } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { adamStep } from '../engine/adam-step.js'
import type { AdamFactors, AdamLeaf } from '../engine/adam-step.js'
import { machineHere } from '../engine/machine.js'
import type { Machine } from '../engine/machine.js'
import type { Optimiser } from '../optimiser.js'
import type { Params } from '../params.js'
import { withLeaves, zipParams } from '../tree.js'
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
  const factorsOf = (count: number): AdamFactors => {
    const step = rateAt(`${where}: rate`, schedule, count)
    // Corrections and rate in as few factors as there can be: each is a pass over all parameters.
    const root = Math.sqrt(1 - beta2 ** (count + 1))
    return {
      keep: beta1,
      take: 1 - beta1,
      keepSquare: beta2,
      takeSquare: 1 - beta2,
      length: (-step * root) / (1 - beta1 ** (count + 1)),
      floor: epsilon * root,
    }
  }
  return {
    init: (params) => ({ mean: zerosOf(params), meanSquare: zerosOf(params), count: 0 }),
    update: (gradients, before, params) =>
      tidied(() => {
        const factors = factorsOf(before.count)
        const machine = machineHere()
        const { result, ...means } =
          (machine && movedBy(machine, factors, gradients, before)) ?? updatesOf(factors, gradients, before)
        const state = { ...means, count: before.count + 1 }
        if (weightDecay === 0) return { updates: result, state }
        const decay = -rateAt(`${where}: rate`, schedule, before.count) * weightDecay
        return { updates: zipParams((update, leaf) => add(update, times(decay, leaf)))(result, params), state }
      }),
    move: (gradients, before, params) => {
      const machine = machineHere()
      if (machine === undefined || weightDecay !== 0) return undefined
      const moved = movedBy(machine, factorsOf(before.count), gradients, before, params)
      if (moved === undefined) return undefined
      const { result, ...means } = moved
      return { params: result, state: { ...means, count: before.count + 1 } }
    },
  }
}

/** New means, and the updates that they come to; or the parameters after those. */
interface Means<P extends Params> {
  readonly result: P
  readonly mean: Params
  readonly meanSquare: Params
}

const updatesOf = <P extends Params>(factors: AdamFactors, gradients: P, before: AdamState): Means<P> => {
  const { keep, take, keepSquare, takeSquare } = factors
  const [length, floor] = [constant(factors.length), constant(factors.floor)]
  const mean = zipParams((slope, kept) => add(times(keep, kept), times(take, slope)))(gradients, before.mean)
  const meanSquare = zipParams((slope, kept) => add(times(keepSquare, kept), times(takeSquare, square(slope))))(
    gradients,
    before.meanSquare,
  )
  return { result: zipParams((towards, size) => div(towards, div(add(sqrt(size), floor), length)))(mean, meanSquare), mean, meanSquare }
}

/** The same, bit for bit, in one pass of WebAssembly over each leaf; undefined where memory is short. */
const movedBy = <P extends Params>(
  machine: Machine,
  factors: AdamFactors,
  gradients: P,
  before: AdamState,
  params?: P,
): Means<P> | undefined => {
  const after: AdamLeaf[] = []
  const rows = [before.mean, before.meanSquare, ...(params === undefined ? [] : [params])]
  try {
    const result = zipParams((gradient, mean, meanSquare, leaf?: Tensor) => {
      const moved = adamStep(machine, gradient, mean as Tensor, meanSquare as Tensor, factors, leaf)
      if (moved === undefined) throw isShort
      after.push(moved)
      return moved.moved
    })(gradients, ...rows)
    return {
      result,
      mean: withLeaves(after.map(({ mean }) => mean))(before.mean),
      meanSquare: withLeaves(after.map(({ meanSquare }) => meanSquare))(before.meanSquare),
    }
  } catch (error) {
    if (error !== isShort) throw error
    after.forEach(({ moved, mean, meanSquare }) => dispose([moved, mean, meanSquare]))
    return undefined
  }
}

const isShort = new Error('memory is short')
