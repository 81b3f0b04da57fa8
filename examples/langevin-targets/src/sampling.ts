import type { Backend } from '@monge/backend'
import { emdSamples } from '@monge/exact'
import { adam } from '@monge/flows'
import { adapted, bulkEss, chainsOf, mala, rHat, run, scoredBy, steinDiscrepancy, svgd, ula, underdamped } from '@monge/langevin'
import type { Draws, Potential, Sampler } from '@monge/langevin'
import { disposeMeasure, fromTypedArray, measureOrThrow, toArrays } from '@monge/measures'
import { fold, key, uniform } from '@monge/random'
import { drawsOf } from './targets.js'
import type { Cloud, Target } from './targets.js'

/** What is asked for. */
export interface Setting {
  readonly particles: number
  readonly steps: number
  readonly seed: number
}

/** What a sampler has made of a target. */
export interface Outcome {
  readonly sampler: string
  readonly target: string
  /** The particles at some of the steps. */
  readonly frames: readonly { readonly iteration: number; readonly cloud: Cloud }[]
  readonly last: Cloud
  /** The mean acceptance of the second half, of those that refuse. */
  readonly acceptance?: number
  /** The least effective sample size of a coordinate over the second half, of all particles together. */
  readonly effective?: number
  /** The largest R-hat of a coordinate over the second half. */
  readonly rHat?: number
  readonly stein: number
  /** Exact W2 of the last particles to draws of the target. */
  readonly distance: number
}

/** A target with draws of it. */
export interface Drawn {
  readonly target: Target
  readonly potential: Potential
  readonly draws: Cloud
  /** What as many independent draws as there are particles have in place of a sampler's: the best to be hoped for. */
  readonly stein: number
  readonly distance: number
}

const steinOf = (backend: Backend, potential: Potential, cloud: Cloud): number => {
  const measure = measureOrThrow(fromTypedArray(cloud.flat(), 2, undefined, backend))
  const value = steinDiscrepancy()(scoredBy(potential)(measure))
  disposeMeasure(measure)
  return value
}

const distanceOf = (cloud: Cloud, draws: Cloud): number => emdSamples({ x: cloud, y: draws, p: 2 }).distance

/** A target with draws of it, four to a particle. */
export const drawn = (backend: Backend, target: Target, { particles, seed }: Setting): Drawn => {
  const potential = target.potential(backend)
  const draws = drawsOf(backend, potential, 4 * particles, fold(10)(key(seed)))
  const perfect = drawsOf(backend, potential, particles, fold(11)(key(seed)))
  return { target, potential, draws, stein: steinOf(backend, potential, perfect), distance: distanceOf(perfect, draws) }
}

const samplersOf = (backend: Backend, { target, potential }: Drawn, steps: number): Readonly<Record<string, Sampler>> => ({
  ULA: ula(potential, { step: target.step }),
  MALA: adapted((step) => mala(potential, { step }), { step: target.step, iterations: Math.max(1, Math.floor(steps / 4)) }),
  underdamped: underdamped(potential, { step: target.stride }),
  SVGD: svgd(potential, { motion: adam(0.1) })(backend),
})

/** All samplers on a target, from the same start. */
export const outcomesOf = (backend: Backend, about: Drawn, { particles, steps, seed }: Setting): readonly Outcome[] => {
  const from = uniform({ low: -4, high: 4 }, 2 * particles)(fold(0)(key(seed)))
  const start = measureOrThrow(fromTypedArray(from, 2, undefined, backend))
  const initial = toArrays(start).points
  const outcomes = Object.entries(samplersOf(backend, about, steps)).map(([name, sampler], index): Outcome => {
    const frames: { iteration: number; cloud: Cloud }[] = [{ iteration: 0, cloud: initial }]
    const later: Cloud[] = []
    const acceptances: number[] = []
    for (const { state, info } of run(sampler, fold(1 + index)(key(seed)), start, { steps })) {
      const { points } = toArrays(state.measure)
      if (state.iteration % Math.ceil(steps / 40) === 0 || state.iteration === steps)
        frames.push({ iteration: state.iteration, cloud: points })
      if (2 * state.iteration <= steps) continue
      later.push(points)
      const { acceptance } = info as { readonly acceptance?: number }
      if (acceptance !== undefined) acceptances.push(acceptance)
    }
    const last = frames.at(-1)?.cloud ?? initial
    const common = {
      sampler: name,
      target: about.target.name,
      frames,
      last,
      stein: steinOf(backend, about.potential, last),
      distance: distanceOf(last, about.draws),
    }
    if (name === 'SVGD') return common
    const draws: Draws = { values: Float64Array.from(later.flat(2)), draws: later.length, chains: particles, dimension: 2 }
    const chains = [0, 1].map((axis) => chainsOf(axis)(draws))
    return {
      ...common,
      ...(acceptances.length === 0 ? {} : { acceptance: acceptances.reduce((sum, a) => sum + a, 0) / acceptances.length }),
      effective: Math.min(...chains.map(bulkEss)),
      rHat: Math.max(...chains.map(rHat)),
    }
  })
  disposeMeasure(start)
  return outcomes
}
