import { requireKnownKeys, requireNonNegative, requirePositive } from '@monge/errors'
import { fold, normal } from '@monge/random'
import { dimensionOf, keyOf, moveTo, pointsOf, startWith } from '../chain.js'
import { requireFiniteChains } from '../diverged.js'
import { fieldAt } from '../field.js'
import { roundedAt } from '../place.js'
import type { Potential } from '../potential.js'
import type { ChainState, Sampler } from '../sampler.js'

/** Choices of underdamped Langevin dynamics. */
export interface UnderdampedOptions {
  /** The time step h. */
  readonly step: number
  /** γ, the rate at which velocities forget; 1 by default. At 0 energy is kept, as far as the steps are short. */
  readonly friction?: number
  /** 1 by default; at 0 particles roll down and come to rest. */
  readonly temperature?: number
}

/** Where particles with velocities stand, with the potential and its gradient there. */
export interface UnderdampedState extends ChainState {
  /** `[n, d]`, row-major */
  readonly velocity: Float64Array
  /** `[n]` */
  readonly value: Float64Array
  /** `[n, d]` */
  readonly gradient: Float64Array
}

/** What is worth knowing of a step with velocities. */
export interface UnderdampedInfo {
  /** `V(x) + |v|²/2` of each particle after the step, `[n]`. */
  readonly energy: Float64Array
  /** What the step's length has added to that, the noise's and the friction's part left out: `[n]`, 0 for exact motion. */
  readonly energyError: Float64Array
}

/**
 * Underdamped Langevin dynamics `dx = v dt, dv = -∇V dt - γ v dt + sqrt(2γT) dW` by the splitting BAOAB: half a kick, half a
 * drift, `v <- e^(-γh) v + sqrt(T (1 - e^(-2γh))) ξ`, half a drift, half a kick. One gradient each step. Velocities
 * start from their law `N(0, T)`. Of a Gaussian the positions have no error at all, for steps that are stable.
 *
 * @throws InvalidOption; Diverged; DimensionMismatch
 * @see Leimkuhler, Matthews, Rational construction of stochastic numerical methods for molecular sampling (2013)
 */
export const underdamped = (
  potential: Potential,
  options: UnderdampedOptions,
): Sampler<UnderdampedState, UnderdampedInfo> => {
  requireKnownKeys(['step', 'friction', 'temperature'])('underdamped', options)
  const step = requirePositive('underdamped: step', options.step)
  const friction = requireNonNegative('underdamped: friction', options.friction ?? 1)
  const temperature = requireNonNegative('underdamped: temperature', options.temperature ?? 1)
  const kept = Math.exp(-friction * step)
  const scale = Math.sqrt(-temperature * Math.expm1(-2 * friction * step))
  return {
    init: (key, start) =>
      startWith('underdamped', potential, key, start, (chain) => {
        const points = pointsOf(chain)
        // The steps fold their numbers, from 0 on, into the key.
        const velocity = normal(points.length)(fold(-1)(key)).map((value) => Math.sqrt(temperature) * value)
        return { velocity, ...fieldAt(potential, points, dimensionOf(chain)) }
      }),
    step: (state) => {
      const d = dimensionOf(state)
      const velocity = state.velocity.map((v, i) => v - 0.5 * step * (state.gradient[i] as number))
      const moved = pointsOf(state)
      const noise = normal(moved.length)(keyOf(state))
      const warmth = new Float64Array(state.value.length)
      for (let chain = 0, i = 0; chain < warmth.length; chain++) {
        let gained = 0
        for (let axis = 0; axis < d; axis++, i++) {
          const [before, x] = [velocity[i] as number, moved[i] as number]
          const after = kept * before + scale * (noise[i] as number)
          gained += 0.5 * (after * after - before * before)
          velocity[i] = after
          moved[i] = x + 0.5 * step * (before + after)
        }
        warmth[chain] = gained
      }
      const points = roundedAt(potential.place, moved)
      requireFiniteChains('underdamped', points, d, state.iteration + 1)
      const field = fieldAt(potential, points, d)
      for (let i = 0; i < velocity.length; i++) velocity[i] = (velocity[i] as number) - 0.5 * step * (field.gradient[i] as number)
      requireFiniteChains('underdamped', velocity, d, state.iteration + 1, 'a velocity')
      const energy = energies(field.value, velocity)
      const before = energies(state.value, state.velocity)
      return {
        state: { ...moveTo('underdamped', potential, state, points), velocity, ...field },
        info: {
          energy,
          energyError: energy.map((after, chain) => after - (before[chain] as number) - (warmth[chain] as number)),
        },
      }
    },
  }
}

const energies = (value: Float64Array, velocity: Float64Array): Float64Array => {
  const d = velocity.length / value.length
  return value.map((height, chain) => {
    let sum = 0
    for (let axis = 0; axis < d; axis++) sum += (velocity[chain * d + axis] as number) ** 2
    return height + 0.5 * sum
  })
}
