import type { Place } from '@monge/backend'
import { adapted, energyErrorSummary, mala, sgld, underdamped } from '@monge/langevin'
import type { ChainState, Sampler, StochasticPotential } from '@monge/langevin'
import { fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { fold, key, normal } from '@monge/random'
import type { Key } from '@monge/random'
import { lower } from './laplace.js'
import type { Laplace } from './laplace.js'

/** How much is to be drawn. */
export interface Effort {
  readonly chains: number
  readonly draws: number
  readonly seed: number
}

/** A step that was taken, and its acceptance of each chain. */
export interface Look {
  readonly step: number
  readonly acceptance?: ArrayLike<number>
}

/** How a sampler is run. */
export interface Plan {
  readonly sampler: Sampler
  /** Steps before the draws, and from one draw to the next. */
  readonly burnIn: number
  readonly thin: number
  readonly look: (info: unknown) => Look
}

/** The samplers that are compared, by name. */
export const samplerNames = ['MALA', 'underdamped', 'SGLD'] as const
export type SamplerName = (typeof samplerNames)[number]

const planOf = <State extends ChainState, Info>(
  draws: number,
  thin: number,
  sampler: Sampler<State, Info>,
  look: (info: Info) => Look,
): Plan => ({ sampler, burnIn: Math.ceil(draws / 4) * thin, thin, look }) as unknown as Plan

/** How so many draws are made of a posterior, by each sampler. */
export const plans = (
  posterior: StochasticPotential,
  { mode, covariance }: Laplace,
  draws: number,
): Readonly<Record<SamplerName, () => Plan>> => ({
  MALA: () =>
    planOf(
      draws,
      1,
      adapted((step) => mala(posterior, { step, preconditioner: covariance }), {
        step: 0.3,
        target: 0.7,
        iterations: Math.max(1, Math.floor(draws / 4)),
      }),
      ({ step, probability }) => ({ step, acceptance: probability }),
    ),
  underdamped: () => {
    const step = 0.25
    const fast = Math.sqrt(Math.max(...covariance.map((row, axis) => row[axis] ?? 1)))
    return planOf(draws, 4, underdamped(posterior, { step, friction: 1 / fast }), ({ energyError }) => ({
      step,
      acceptance: Array.from(energyError, (error) => energyErrorSummary()([[error]]).acceptance),
    }))
  },
  SGLD: () =>
    planOf(
      draws,
      4,
      sgld(posterior, { step: 0.02, batch: 16, controlVariates: mode, preconditioner: covariance }),
      ({ step }) => ({ step }),
    ),
})

/** The chance of the steps, all samplers' the same. */
export const chanceOf = ({ seed }: Effort): Key => fold(2)(key(seed))

/** Where the chains of all samplers start. */
export const startOf = (place: Place, { mode, covariance }: Laplace, { chains, seed }: Effort): Measure => {
  const d = mode.length
  const factor = lower(covariance)
  const white = normal(chains * d)(fold(1)(key(seed)))
  // Wider than the posterior, so that chains that agree have come from where they did not.
  const data = white.map((_, entry) => {
    const [chain, axis] = [Math.floor(entry / d), entry % d]
    const shift = (factor[axis] ?? []).reduce((sum, value, k) => sum + value * (white[chain * d + k] ?? 0), 0)
    return (mode[axis] ?? 0) + 1.5 * shift
  })
  return measureOrThrow(fromArrays({ data, shape: [chains, d] }, undefined, place))
}
