import type { Backend } from '@monge/backend'
import { emdSamples } from '@monge/exact'
import type { Potential } from '@monge/langevin'
import { fold, key } from '@monge/random'
import { diagnose, startOf, steinOf, track } from './samplers.js'
import type { Diagnosis, Points, Setting, Tracked } from './samplers.js'
import { drawsOf } from './targets.js'
import type { Cloud, Target } from './targets.js'
import { samplerNames } from './words.js'
import type { SamplerName } from './words.js'

/** What a sampler has made of a target. Its diagnosis is of the second half. */
export interface Outcome extends Partial<Diagnosis> {
  readonly sampler: string
  readonly target: string
  /** The particles at some of the steps. */
  readonly frames: readonly { readonly iteration: number; readonly cloud: Cloud }[]
  readonly last: Cloud
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

const rowsOf = (points: Points): Cloud =>
  Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i] ?? 0, points[2 * i + 1] ?? 0])

const distanceOf = (cloud: Cloud, draws: Cloud): number => emdSamples({ x: cloud, y: draws, p: 2 }).distance

/** A target with draws of it, four to a particle. */
export const drawn = (backend: Backend, target: Target, { particles, seed }: Setting): Drawn => {
  const potential = target.potential(backend)
  const draws = drawsOf(backend, potential, 4 * particles, fold(10)(key(seed)))
  const perfect = drawsOf(backend, potential, particles, fold(11)(key(seed)))
  const stein = steinOf(backend, potential, Float64Array.from(perfect.flat()))
  return { target, potential, draws, stein, distance: distanceOf(perfect, draws) }
}

/** A potential that was learned of a target, and where. */
export interface Learned {
  readonly backend: Backend
  readonly potential: Potential
}

/** What a sampler makes of a target, by the target's own potential or by another that was learned of it. */
export const outcomeOf = (
  backend: Backend,
  { target, potential, draws }: Drawn,
  setting: Setting,
  name: SamplerName,
  learned?: Learned,
): Outcome => {
  const { steps } = setting
  const initial = rowsOf(startOf(setting))
  const frames: { iteration: number; cloud: Cloud }[] = [{ iteration: 0, cloud: initial }]
  const later: Tracked[] = []
  for (const tracked of track(learned?.backend ?? backend, target, learned?.potential ?? potential, setting, name)) {
    const { iteration, points } = tracked
    if (iteration % Math.ceil(steps / 40) === 0 || iteration === steps) frames.push({ iteration, cloud: rowsOf(points) })
    if (2 * iteration > steps) later.push(tracked)
  }
  const last = frames.at(-1)?.cloud ?? initial
  return {
    sampler: learned === undefined ? name : `${name}, learned energy`,
    target: target.name,
    frames,
    last,
    stein: steinOf(backend, potential, Float64Array.from(last.flat())),
    distance: distanceOf(last, draws),
    // SVGD has no chains: its particles move together.
    ...(name === 'SVGD' ? {} : diagnose(later)),
  }
}

/** All samplers on a target, from the same start. */
export const outcomesOf = (backend: Backend, about: Drawn, setting: Setting): readonly Outcome[] =>
  samplerNames.map((name) => outcomeOf(backend, about, setting, name))
