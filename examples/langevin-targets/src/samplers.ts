import type { Backend } from '@monge/backend'
import { adam } from '@monge/flows'
import { adapted, bulkEss, chainsOf, mala, rHat, run, scoredBy, steinDiscrepancy, svgd, ula, underdamped } from '@monge/langevin'
import type { Potential, Sampler } from '@monge/langevin'
import { disposeMeasure, fromTypedArray, measureOrThrow, toTyped } from '@monge/measures'
import { fold, key, uniform } from '@monge/random'
import type { Target } from './targets.js'
import { samplerNames } from './words.js'
import type { SamplerName } from './words.js'

/** Row-major points of the plane. */
export type Points = Float64Array | Float32Array

/** What is asked for. */
export interface Setting {
  readonly particles: number
  readonly steps: number
  readonly seed: number
}

const samplersOf = (
  backend: Backend,
  { step, stride }: Target,
  potential: Potential,
  steps: number,
): Readonly<Record<SamplerName, () => Sampler>> => ({
  ULA: () => ula(potential, { step }),
  MALA: () => adapted((size) => mala(potential, { step: size }), { step, iterations: Math.max(1, Math.floor(steps / 4)) }),
  underdamped: () => underdamped(potential, { step: stride }),
  SVGD: () => svgd(potential, { motion: adam(0.1) })(backend),
})

/** Where all samplers start: evenly over the square between -4 and 4. */
export const startOf = ({ particles, seed }: Setting): Points =>
  uniform({ low: -4, high: 4 }, 2 * particles)(fold(0)(key(seed)))

/** Where the particles are after a step. */
export interface Tracked {
  readonly iteration: number
  readonly points: Points
  /** The mean acceptance of the step, of a sampler that refuses. */
  readonly acceptance?: number
}

/** The particles of a sampler after each step. */
export function* track(
  backend: Backend,
  target: Target,
  potential: Potential,
  setting: Setting,
  name: SamplerName,
): Generator<Tracked, void> {
  const { steps, seed } = setting
  const start = measureOrThrow(fromTypedArray(startOf(setting), 2, undefined, backend))
  const chance = fold(1 + samplerNames.indexOf(name))(key(seed))
  try {
    for (const { state, info } of run(samplersOf(backend, target, potential, steps)[name](), chance, start, { steps })) {
      const { acceptance } = info as { readonly acceptance?: number }
      const { points } = toTyped(state.measure)
      yield { iteration: state.iteration, points, ...(acceptance === undefined ? {} : { acceptance }) }
    }
  } finally {
    disposeMeasure(start)
  }
}

/** What chains tell of themselves. */
export interface Diagnosis {
  /** The mean acceptance, of those that refuse. */
  readonly acceptance?: number
  /** The least effective sample size of a coordinate, of all particles together. */
  readonly effective: number
  /** The largest R-hat of a coordinate. */
  readonly rHat: number
}

/** The diagnosis of particles that are chains, over these steps: at least four. */
export const diagnose = (tracked: readonly Tracked[]): Diagnosis => {
  const length = tracked[0]?.points.length ?? 0
  const values = new Float64Array(tracked.length * length)
  tracked.forEach(({ points }, draw) => values.set(points, draw * length))
  const draws = { values, draws: tracked.length, chains: length / 2, dimension: 2 }
  const chains = [0, 1].map((axis) => chainsOf(axis)(draws))
  const acceptances = tracked.flatMap(({ acceptance }) => (acceptance === undefined ? [] : [acceptance]))
  return {
    ...(acceptances.length === 0 ? {} : { acceptance: acceptances.reduce((sum, a) => sum + a, 0) / acceptances.length }),
    effective: Math.min(...chains.map(bulkEss)),
    rHat: Math.max(...chains.map(rHat)),
  }
}

/** The kernel Stein discrepancy of points from a target. */
export const steinOf = (backend: Backend, potential: Potential, points: Points): number => {
  const measure = measureOrThrow(fromTypedArray(points, 2, undefined, backend))
  const value = steinDiscrepancy()(scoredBy(potential)(measure))
  disposeMeasure(measure)
  return value
}
