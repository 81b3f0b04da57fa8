import type { Place } from '@monge/backend'
import { empiricalGaussian, gaussianDistance } from '@monge/exact'
import { gaussian, mala, run, ula, underdamped } from '@monge/langevin'
import type { Sampler } from '@monge/langevin'
import { disposeMeasure, fromTypedArray, measureOrThrow, toTyped } from '@monge/measures'
import { fold, key, uniform } from '@monge/random'
import { around, identity, lawAfter } from './theory.js'
import type { SamplerName } from './theory.js'

/** Points of the plane, row-major. */
export interface Cloud {
  readonly data: Float64Array | Float32Array
  readonly shape: readonly [number, 2]
}

/** What is asked for. */
export interface Setting {
  readonly particles: number
  readonly steps: number
  readonly step: number
  readonly seed: number
  /** `ULA` unless told. */
  readonly sampler?: SamplerName
  /** Which steps are moments: every one unless told. */
  readonly every?: number
}

/** Where the particles are after a number of steps, and what theory says of that. */
export interface Moment {
  readonly iteration: number
  readonly cloud: Cloud
  readonly mean: readonly number[]
  readonly covariance: readonly (readonly number[])[]
  /** W2 between the Gaussian of these moments and the target. */
  readonly distance: number
  readonly theory: {
    readonly mean: readonly number[]
    readonly variance: number
    readonly distance: number
  }
  /** The mean acceptance of the last step, of a sampler that refuses. */
  readonly acceptance?: number
}

/** Row-major numbers as points of the plane. */
export const cloudOf = (data: Cloud['data']): Cloud => ({ data, shape: [data.length / 2, 2] })

const target = { mean: around, covariance: identity(1) }

const samplerOf = (place: Place, { sampler = 'ULA', step }: Setting): Sampler => {
  const potential = gaussian({ mean: around })(place)
  return { ULA: ula, MALA: mala, BAOAB: underdamped }[sampler](potential, { step })
}

const momentOf = ({ step, sampler = 'ULA' }: Setting, iteration: number, cloud: Cloud): Moment => {
  const { mean, covariance } = empiricalGaussian({ x: cloud })
  const law = lawAfter(step, iteration, sampler)
  return {
    iteration,
    cloud,
    mean,
    covariance,
    distance: gaussianDistance({ mean, covariance }, target),
    theory: { ...law, distance: gaussianDistance({ mean: law.mean, covariance: identity(law.variance) }, target) },
  }
}

/** The particles at the start and after steps, one moment after the other. */
export function* moments(place: Place, setting: Setting): Generator<Moment, void> {
  const { particles, steps, seed, every = 1 } = setting
  const from = uniform({ low: -10, high: 10 }, 2 * particles)(fold(0)(key(seed)))
  yield momentOf(setting, 0, cloudOf(from))
  const start = measureOrThrow(fromTypedArray(from, 2, undefined, place))
  try {
    for (const { state, info } of run(samplerOf(place, setting), fold(1)(key(seed)), start, { steps, thin: every })) {
      const { acceptance } = info as { readonly acceptance?: number }
      const moment = momentOf(setting, state.iteration, cloudOf(toTyped(state.measure).points))
      yield acceptance === undefined ? moment : { ...moment, acceptance }
    }
  } finally {
    disposeMeasure(start)
  }
}
