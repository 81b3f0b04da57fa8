import type { Place } from '@monge/backend'
import { emdSamples, empiricalGaussian, gaussianDistance } from '@monge/exact'
import { disposeState, gaussian, resume, ula } from '@monge/langevin'
import { fromTypedArray, measureOrThrow, toArrays } from '@monge/measures'
import { fold, key, normal, uniform } from '@monge/random'
import { around, identity, lawAfter } from './theory.js'

export type Cloud = readonly (readonly number[])[]

/** What is asked for. */
export interface Setting {
  readonly particles: number
  readonly steps: number
  readonly step: number
  readonly seed: number
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
}

const rowsOf = (values: Float64Array): Cloud =>
  Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i] ?? 0, values[2 * i + 1] ?? 0])

const target = { mean: around, covariance: identity(1) }

/** The particles after every step, the start included. */
export const sample = (place: Place, { particles, steps, step, seed }: Setting): readonly Moment[] => {
  const from = uniform({ low: -10, high: 10 }, 2 * particles)(fold(0)(key(seed)))
  const sampler = ula(gaussian({ mean: around })(place), { step })
  const start = measureOrThrow(fromTypedArray(from, 2, undefined, place))
  const first = sampler.init(fold(1)(key(seed)), start)
  const momentOf = (iteration: number, cloud: Cloud): Moment => {
    const { mean, covariance } = empiricalGaussian({ x: cloud })
    const law = lawAfter(step, iteration)
    return {
      iteration,
      cloud,
      mean,
      covariance,
      distance: gaussianDistance({ mean, covariance }, target),
      theory: { ...law, distance: gaussianDistance({ mean: law.mean, covariance: identity(law.variance) }, target) },
    }
  }
  const moments = [momentOf(0, rowsOf(from))]
  for (const { state } of resume(sampler, first, { steps }))
    moments.push(momentOf(state.iteration, toArrays(state.measure).points))
  disposeState(first)
  return moments
}

/** Exact W2 between particles and independent draws of the target. */
export const distanceToDraws = (cloud: Cloud, count: number, seed: number): number => {
  const draws = rowsOf(normal(2 * count)(fold(2)(key(seed)))).map((row) => row.map((x, axis) => x + (around[axis] ?? 0)))
  return emdSamples({ x: cloud, y: draws, p: 2 }).distance
}

/** As many independent draws of the target: what no sampler can be nearer than. */
export const perfect = (count: number, seed: number): Cloud =>
  rowsOf(normal(2 * count)(fold(3)(key(seed)))).map((row) => row.map((x, axis) => x + (around[axis] ?? 0)))
