import { annealedLangevin, gaussianNoise, geometricLevels, probabilityFlow, reverseDiffusion, run } from '@monge/langevin'
import type { Diffusion, Score } from '@monge/langevin'
import { disposeMeasure, toTyped } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { fold, key } from '@monge/random'
import { least, most } from './learn.js'
import { size } from './handwriting.js'
import type { Pictures } from './handwriting.js'

/** Pictures on their way, after some steps. */
export interface Moment {
  readonly level: number
  readonly pictures: Pictures
}

/** What a sampler made, and what it took. */
export interface Samples {
  readonly name: string
  readonly pictures: Pictures
  readonly moments: readonly Moment[]
  readonly evaluations: number
  readonly seconds: number
}

/** A way from noise to digits. */
export interface Way {
  readonly name: string
  readonly score: Score
  readonly make: (score: Score) => Diffusion
  /** How often a step asks for the score. */
  readonly evaluations: number
}

const down = (count: number): readonly number[] => geometricLevels({ largest: most, smallest: least, count })

export const diffuse = (score: Score, name = 'reverse diffusion'): Way => ({
  name,
  score,
  make: reverseDiffusion({ levels: [...down(60), 0] }),
  evaluations: 1,
})

export const flow = (score: Score): Way => ({
  name: 'probability flow',
  score,
  make: probabilityFlow({ levels: [...down(30), 0] }),
  evaluations: 2,
})

export const anneal = (score: Score, name = 'annealed Langevin'): Way => ({
  name,
  score,
  make: annealedLangevin({ levels: down(30), stepsPerLevel: 6, step: 0.25 }),
  evaluations: 1,
})

const picturesOf = (mu: Measure): Pictures => {
  const { points, n } = toTyped(mu)
  return Array.from({ length: n }, (_, row) => points.slice(row * size, (row + 1) * size))
}

/** Goes a way with this many pictures, all ways of one seed from the same noise. */
export const sample = ({ name, score, make, evaluations }: Way, count: number, seed: number): Samples => {
  const started = performance.now()
  const sampler = make(score)
  const start = gaussianNoise(count, size, most)(score.place)(fold(1)(key(seed)))
  const moments: Moment[] = [{ level: most, pictures: picturesOf(start) }]
  for (const { state, info } of run(sampler, fold(2)(key(seed)), start, { steps: sampler.steps }))
    moments.push({ level: info.level, pictures: picturesOf(state.measure) })
  disposeMeasure(start)
  return {
    name,
    pictures: moments.at(-1)?.pictures ?? [],
    moments,
    evaluations: evaluations * sampler.steps,
    seconds: (performance.now() - started) / 1000,
  }
}
