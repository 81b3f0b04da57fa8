import { run } from '@monge/generators'
import type { PolynomialMixtureValues } from '@monge/generators'
import { disposeMeasure } from '@monge/measures'
import type { Key } from '@monge/random'
import { judge } from './judge.js'
import type { Verdict } from './judge.js'
import { lessonOf } from './lesson.js'
import type { Lesson, Training } from './lesson.js'
import { mean } from './mean.js'
import { sampleOf, startOf, valuesOf } from './models.js'
import type { Sample } from './plane.js'

/** What came of a training. */
export interface Run {
  /** The loss of every step. */
  readonly losses: readonly number[]
  /** The mean over the last hundred of them. */
  readonly last: number
  readonly snapshots: readonly { readonly step: number; readonly values: PolynomialMixtureValues }[]
  /** The data set, or a draw of what every step drew anew, and one of the fitted model. */
  readonly data: Sample
  readonly model: Sample
  readonly verdicts: readonly Verdict[]
  /** Milliseconds that a step took. */
  readonly milliseconds: number
}

/** Fits the model from every start of the recipe, and judges the best by so many pairs of samples. */
export const train = (training: Training, trials: number): Run => {
  const { recipe, steps, backends } = training
  const lesson = lessonOf(training)
  const fits = Array.from({ length: recipe.starts }, (_, index) => fitted(lesson, lesson.start(index), steps))
  const best = fits.reduce((one, other) => (other.last < one.last ? other : one))
  const end = best.snapshots.at(-1)?.values ?? startOf(recipe.degree)
  const sample = lesson.sample(end)
  const found = {
    ...best,
    data: sampleOf(lesson.data),
    model: sampleOf(sample),
    verdicts: judge(end, trials, lesson.ofJudging, backends.plain),
  }
  disposeMeasure(lesson.data)
  disposeMeasure(sample)
  return found
}

const fitted = (
  { fitting }: Lesson,
  start: Key,
  steps: number,
): Pick<Run, 'losses' | 'last' | 'snapshots' | 'milliseconds'> => {
  const stride = Math.max(1, Math.ceil(steps / 40))
  const losses: number[] = []
  const snapshots: { step: number; values: PolynomialMixtureValues }[] = []
  let spent = 0
  let resumed = performance.now()
  for (const { iteration, value, params, average = params } of run(fitting, start, { steps })) {
    spent += performance.now() - resumed
    losses.push(value)
    if (iteration % stride === 0 || iteration === steps) snapshots.push({ step: iteration, values: valuesOf(average) })
    resumed = performance.now()
  }
  return { losses, last: mean(losses.slice(-100)), snapshots, milliseconds: spent / (steps + 1) }
}
