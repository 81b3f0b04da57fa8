import { mongeError, requireInteger, requireKnownKeys, requirePositive } from '@monge/errors'
import { fold, uniform } from '@monge/random'
import { allOf, dimensionOf, keyOf, moveTo, pointsOf } from '../chain.js'
import { temper } from '../potentials/combinators.js'
import type { Potential } from '../potential.js'
import type { ChainState, Sampler } from '../sampler.js'
import { mala } from './mala.js'
import type { MetropolisState } from './metropolis.js'

/** Choices of parallel tempering. */
export interface TemperingOptions {
  /** From the first, which is 1, upwards: `[K]`. */
  readonly temperatures: readonly number[]
  /** MALA's step at temperature 1, or one for each temperature; without those it is `step` times the temperature. */
  readonly step: number | readonly number[]
  /** After how many steps neighbours may swap; 1 by default. */
  readonly every?: number
}

/** Where chains of all temperatures stand; the measure is that of the first. */
export interface TemperingState extends ChainState {
  /** `[K]` */
  readonly rungs: readonly MetropolisState[]
}

/** What is worth knowing of a step at many temperatures. */
export interface TemperingInfo {
  /** The mean probability of acceptance at the first temperature. */
  readonly acceptance: number
  /** The same at each, `[K]`. */
  readonly acceptances: readonly number[]
  /** The mean probability of the swap of each temperature with the next, `[K - 1]`; undefined for those not tried. */
  readonly swaps: readonly (number | undefined)[]
}

/**
 * Parallel tempering: each particle runs at K temperatures at once, by MALA on `V / T_k`, and neighbouring temperatures,
 * by turns even and odd ones, swap their places with probability `min(1, exp((1/T_k - 1/T_l) (V(x_k) - V(x_l))))`. The hot
 * chains cross barriers, the first samples the target.
 *
 * @throws InvalidOption; Diverged as `metropolize` says; DimensionMismatch
 * @see Geyer, Markov chain Monte Carlo maximum likelihood (1991)
 */
export const parallelTempering = (
  potential: Potential,
  options: TemperingOptions,
): Sampler<TemperingState, TemperingInfo> => {
  requireKnownKeys(['temperatures', 'step', 'every'])('parallelTempering', options)
  const { temperatures } = options
  temperatures.forEach((temperature, k) => {
    requirePositive('parallelTempering: temperatures', temperature)
    if (k === 0 ? temperature !== 1 : !(temperature > (temperatures[k - 1] ?? Infinity)))
      throw mongeError('InvalidOption', 'parallelTempering: temperatures', 'expected 1 first, and ever higher ones')
  })
  if (temperatures.length < 2)
    throw mongeError('InvalidOption', 'parallelTempering: temperatures', 'expected at least two')
  const { step } = options
  const steps = typeof step === 'number' ? temperatures.map((temperature) => step * temperature) : step
  if (steps.length !== temperatures.length)
    throw mongeError('InvalidOption', 'parallelTempering: step', 'expected one step, or one for each temperature')
  const every = requireInteger(1)('parallelTempering: every', options.every ?? 1)
  const potentials = temperatures.map((temperature) => temper(1 / temperature)(potential))
  const samplers = potentials.map((tempered, k) => mala(tempered, { step: steps[k] ?? 0 }))

  const stateOf = (rungs: readonly MetropolisState[], key: ChainState['key']): TemperingState => {
    const { iteration, measure } = rungs[0] as MetropolisState
    return { iteration, key, measure, rungs }
  }
  return {
    init: (key, start) =>
      stateOf(allOf(samplers.map((sampler, k) => () => sampler.init(fold(k)(key), start))), key),
    step: (before) => {
      const makers = samplers.map((sampler, k) => () => sampler.step(before.rungs[k] as MetropolisState))
      const moved = allOf(makers, before)
      const acceptances = moved.map(({ info }) => info.acceptance)
      const rungs = moved.map(({ state }) => state)
      const { iteration } = rungs[0] as MetropolisState
      const swaps: (number | undefined)[] = temperatures.slice(1).map(() => undefined)
      const round = iteration / every
      if (Number.isInteger(round))
        for (let k = round % 2; k + 1 < rungs.length; k += 2) {
          const [low, high] = [rungs[k] as MetropolisState, rungs[k + 1] as MetropolisState]
          const pair = [temperatures[k] as number, temperatures[k + 1] as number] as const
          const chance = uniform({}, low.value.length)(fold(-1 - k)(keyOf(before)))
          const outcome = swapped(potential, low, high, pair, chance)
          ;[rungs[k], rungs[k + 1]] = outcome.pair
          swaps[k] = outcome.probability
        }
      const held = new Set([...before.rungs, ...rungs].map(({ measure }) => measure.points))
      for (const { state } of moved) if (!held.has(state.measure.points)) state.measure.points.dispose()
      return { state: stateOf(rungs, before.key), info: { acceptance: acceptances[0] ?? 0, acceptances, swaps } }
    },
  }
}

type Pair = readonly [MetropolisState, MetropolisState]

const swapped = (
  potential: Potential,
  low: MetropolisState,
  high: MetropolisState,
  [cold, hot]: readonly [number, number],
  chance: Float64Array,
): { readonly pair: Pair; readonly probability: number } => {
  const d = dimensionOf(low)
  const [x, y] = [pointsOf(low), pointsOf(high)]
  const [ofX, ofY] = [{ value: low.value.slice(), gradient: low.gradient.slice() }, { value: high.value.slice(), gradient: high.gradient.slice() }]
  let [total, count] = [0, 0]
  chance.forEach((level, chain) => {
    const [here, there] = [(low.value[chain] as number) * cold, (high.value[chain] as number) * hot]
    const probability = Math.min(1, Math.exp((1 / cold - 1 / hot) * (here - there)))
    total += probability
    if (!(level < probability)) return
    count += 1
    ofX.value[chain] = there / cold
    ofY.value[chain] = here / hot
    for (let i = chain * d; i < (chain + 1) * d; i++) {
      const [point, slope] = [x[i] as number, (ofX.gradient[i] as number) * cold]
      x[i] = y[i] as number
      y[i] = point
      ofX.gradient[i] = ((ofY.gradient[i] as number) * hot) / cold
      ofY.gradient[i] = slope / hot
    }
  })
  const probability = total / Math.max(1, chance.length)
  if (count === 0) return { pair: [low, high], probability }
  // The iteration has been counted already; what these states had is no longer held by any.
  const placed = (state: MetropolisState, points: Float64Array, field: typeof ofX): MetropolisState => ({
    ...moveTo('parallelTempering', potential, { ...state, iteration: state.iteration - 1 }, points),
    ...field,
  })
  return { pair: [placed(low, x, ofX), placed(high, y, ofY)], probability }
}
