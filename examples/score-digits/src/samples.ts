import { annealedLangevin, gaussianNoise, probabilityFlow, reverseDiffusion, run } from '@monge/langevin'
import type { Diffusion, Score } from '@monge/langevin'
import { disposeMeasure, fromArrays, measureOrThrow, toTyped } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { fold, key } from '@monge/random'
import { size } from '@monge-tooling/handwriting'
import type { Pictures } from '@monge-tooling/handwriting'
import { down, most } from './model.js'

/** Pictures on their way, after some steps. */
export interface Moment {
  readonly step: number
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

export const diffuse = (score: Score, name = 'reverse diffusion', steps = 60): Way => ({
  name,
  score,
  make: reverseDiffusion({ levels: [...down(steps), 0] }),
  evaluations: 1,
})

export const flow = (score: Score, steps = 30): Way => ({
  name: 'probability flow',
  score,
  make: probabilityFlow({ levels: [...down(steps), 0] }),
  evaluations: 2,
})

export const anneal = (score: Score, name = 'annealed Langevin', levels = 30): Way => ({
  name,
  score,
  make: annealedLangevin({ levels: down(levels), stepsPerLevel: 6, step: 0.25 }),
  evaluations: 1,
})

const picturesOf = (mu: Measure): Pictures => {
  const { points, n } = toTyped(mu)
  return Array.from({ length: n }, (_, row) => points.slice(row * size, (row + 1) * size))
}

/** The moments of a way with this many pictures, all ways of one seed from the same noise. */
export function* moments({ score, make }: Way, count: number, seed: number): Generator<Moment, void> {
  const sampler = make(score)
  const start = gaussianNoise(count, size, most)(score.place)(fold(1)(key(seed)))
  try {
    yield { step: 0, level: most, pictures: picturesOf(start) }
    for (const { state, info } of run(sampler, fold(2)(key(seed)), start, { steps: sampler.steps }))
      yield { step: state.iteration, level: info.level, pictures: picturesOf(state.measure) }
  } finally {
    disposeMeasure(start)
  }
}

/** Goes a way to its end. */
export const sample = (way: Way, count: number, seed: number): Samples => {
  const started = performance.now()
  const all = [...moments(way, count, seed)]
  return {
    name: way.name,
    pictures: all.at(-1)?.pictures ?? [],
    moments: all,
    evaluations: way.evaluations * (all.length - 1),
    seconds: (performance.now() - started) / 1000,
  }
}

/** What a score takes noisy pictures for: by Tweedie's formula the mean of what the noise may hide, `x + σ² s(x, σ)`. */
export const guess =
  (score: Score) =>
  ({ level, pictures }: Pick<Moment, 'level' | 'pictures'>): Pictures => {
    // Without noise a picture is what it is.
    if (level === 0) return pictures
    const mu = measureOrThrow(fromArrays(pictures, undefined, score.place))
    const slopes = score.place.within(() => {
      const tensor = score.at(mu.points, level)
      const values = tensor.dataSync<'float32'>().slice()
      tensor.dispose()
      return values
    })
    disposeMeasure(mu)
    return pictures.map((picture, row) =>
      Float32Array.from(picture, (x, pixel) => x + level ** 2 * (slopes[row * size + pixel] ?? 0)),
    )
  }
