import { mongeError, requireBetween, requireInteger, requireKnownKeys, requirePositive } from '@monge/errors'
import type { ChainState, Sampler } from '../sampler.js'

/** Where dual averaging stands. */
export interface AveragingState {
  readonly count: number
  /** The mean shortfall of acceptance. */
  readonly error: number
  /** The step to try next. */
  readonly step: number
  /** The step that is the outcome, once it is over. */
  readonly averaged: number
}

/** Dual averaging as `{ init, update }`. */
export interface DualAveraging {
  readonly init: AveragingState
  /** What an iteration with the step of a state has shown, its mean probability of acceptance. */
  update(state: AveragingState, acceptance: number): AveragingState
}

/** Choices of dual averaging. */
export interface AveragingOptions {
  /** The first step. */
  readonly step: number
  /** The acceptance to aim at; 0.574 by default, best for `mala` in many dimensions. */
  readonly target?: number
}

// The constants that Hoffman and Gelman recommend.
const [shrinkage, delay, forgetting] = [0.05, 10, 0.75]

/**
 * Dual averaging of the logarithm of a step, until the acceptance is what it should be.
 *
 * @throws InvalidOption
 * @see Nesterov, Primal-dual subgradient methods (2009); Hoffman, Gelman, The No-U-Turn sampler (2014), section 3.2
 */
export const dualAveraging = (options: AveragingOptions): DualAveraging => {
  requireKnownKeys(['step', 'target'])('dualAveraging', options)
  const first = requirePositive('dualAveraging: step', options.step)
  const target = requireBetween(1e-6, 1 - 1e-6)('dualAveraging: target', options.target ?? 0.574)
  const centre = Math.log(10 * first)
  return {
    init: { count: 0, error: 0, step: first, averaged: 1 },
    update: (state, acceptance) => {
      const count = state.count + 1
      const share = 1 / (count + delay)
      const error = (1 - share) * state.error + share * (target - acceptance)
      const logStep = centre - (Math.sqrt(count) / shrinkage) * error
      const weight = count ** -forgetting
      const averaged = Math.exp(weight * logStep + (1 - weight) * Math.log(state.averaged))
      return { count, error, step: Math.exp(logStep), averaged }
    },
  }
}

/** Choices of a sampler that finds its step. */
export interface AdaptedOptions extends AveragingOptions {
  /** For how many iterations it adapts; from then on the step stays. These belong to the burn-in. */
  readonly iterations: number
}

/** What is known of an adapted step besides what its sampler tells. */
export interface AdaptedInfo {
  /** The length of this step. */
  readonly step: number
}

/**
 * A sampler that tells its acceptance and finds its own step by dual averaging over all particles.
 *
 * @throws InvalidOption; what the sampler throws
 * @example
 * const sampler = adapted((step) => mala(potential, { step }), { step: 0.1, iterations: 200 })
 */
export const adapted = <State extends ChainState, Info extends { readonly acceptance: number }>(
  make: (step: number) => Sampler<State, Info>,
  options: AdaptedOptions,
): Sampler<State & { readonly averaging: AveragingState }, Info & AdaptedInfo> => {
  requireKnownKeys(['step', 'target', 'iterations'])('adapted', options)
  const { iterations, ...rest } = options
  requireInteger(1)('adapted: iterations', iterations)
  if (typeof make !== 'function') throw mongeError('InvalidOption', 'adapted', 'expected a function from steps to samplers')
  const averaging = dualAveraging(rest)
  const first = make(averaging.init.step)
  return {
    init: (key, start) => ({ ...first.init(key, start), averaging: averaging.init }),
    step: (before) => {
      const adapting = before.averaging.count < iterations
      const step = adapting ? before.averaging.step : before.averaging.averaged
      const { state, info } = make(step).step(before)
      const next = adapting ? averaging.update(before.averaging, info.acceptance) : before.averaging
      return { state: { ...state, averaging: next }, info: { ...info, step } }
    },
  }
}
