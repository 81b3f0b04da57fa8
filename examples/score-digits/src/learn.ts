import type { Backend } from '@monge/backend'
import { adam, copyParams, cosineRate } from '@monge/generators'
import { learnedScore, scoreMatching, train } from '@monge/langevin'
import type { ResidualParams, Score } from '@monge/langevin'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { key } from '@monge/random'
import type { Pictures } from '@monge-tooling/handwriting'
import { deviation, down, modelOf } from './model.js'
import { pack } from './parameters.js'

/** How large the model is, how long it learns, and from what seed. */
export interface Lesson {
  readonly width: number
  readonly steps: number
  readonly seed: number
}

/** What was learned. */
export interface Learned {
  readonly score: Score
  /** The score that the model begins with. */
  readonly untrained: Score
  /** The score in few bytes. */
  readonly packed: Uint8Array
  /** The loss of each step. */
  readonly losses: readonly number[]
  readonly seconds: number
}

/** Trains a score by denoising; `tell` hears of its progress now and then. */
export const learn = (
  backend: Backend,
  pictures: Pictures,
  { width, steps, seed }: Lesson,
  tell: (step: number, loss: number) => void,
): Learned => {
  const data = measureOrThrow(fromArrays(pictures, undefined, backend))
  const model = modelOf(width)(backend)
  const training = scoreMatching({
    model,
    levels: down(40),
    optimiser: adam(cosineRate(2e-3, steps)),
    batch: 128,
    averaging: 0.995,
    // The square error of the denoised picture counts 1 / (σ² + s²): about the same at all levels.
    weight: (level) => level ** 4 / (level ** 2 + deviation ** 2),
  })(data)
  const started = performance.now()
  const losses: number[] = []
  let [first, params]: (ResidualParams | undefined)[] = []
  for (const state of train(training, key(seed), { steps })) {
    if (state.iteration === 0) first = copyParams(state.params)
    else losses.push(state.loss)
    if (state.iteration % 250 === 0 && state.iteration > 0)
      tell(state.iteration, losses.slice(-250).reduce((sum, loss) => sum + loss, 0) / 250)
    if (state.iteration === steps) params = copyParams(state.average)
  }
  disposeMeasure(data)
  if (first === undefined || params === undefined) throw new Error('the training ended before its end')
  return {
    score: learnedScore(model)(params),
    untrained: learnedScore(model)(first),
    packed: pack(width, params),
    losses,
    seconds: (performance.now() - started) / 1000,
  }
}
