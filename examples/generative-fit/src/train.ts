import { adam, cosineRate, fit, run } from '@monge/generators'
import type { FitOptions, PolynomialMixtureParams, PolynomialMixtureValues } from '@monge/generators'
import { disposeMeasure } from '@monge/measures'
import { fold, key, split } from '@monge/random'
import type { Key } from '@monge/random'
import { dataSet, drawn } from './data.js'
import { judge } from './judge.js'
import type { Verdict } from './judge.js'
import type { Measure } from '@monge/measures'
import type { Backends, Way } from './losses.js'
import { mean } from './mean.js'
import { mixtureOf, sampleOf, startOf, truthValues, valuesOf } from './models.js'
import type { Sample } from './models.js'
import type { Recipe } from './recipe.js'

/** What to fit by, and with how much. */
export interface Training {
  readonly way: Way
  readonly recipe: Recipe
  readonly steps: number
  readonly points: number
  readonly seed: number
  /** Pairs of samples that the fit is judged by. */
  readonly trials: number
  readonly backends: Backends
}

/** What came of it. */
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

/** Fits the model by the notebook's optimiser, Adam with rate .1 and epsilon .01; the best of the recipe's starts. */
export const train = (training: Training): Run => {
  const { recipe, points, seed, trials, backends } = training
  const [ofFits = key(seed), ofJudging = key(seed), ofData = key(seed)] = split(3)(key(seed))
  const data =
    recipe.data === 'fixed' ? dataSet(points, ofData, backends.plain) : drawn(truthValues, ofData, points, backends.plain)
  const fits = Array.from({ length: recipe.starts }, (_, start) => fitted(training, data, fold(start)(ofFits)))
  const best = fits.reduce((one, other) => (other.last < one.last ? other : one))
  const end = best.snapshots.at(-1)?.values ?? startOf(recipe.degree)
  const sample = drawn(end, ofJudging, points, backends.plain)
  const found = { ...best, data: sampleOf(data), model: sampleOf(sample), verdicts: judge(end, trials, ofJudging, backends.plain) }
  disposeMeasure(data)
  disposeMeasure(sample)
  return found
}

const fitted = (
  { way, recipe, steps, points, backends }: Training,
  data: Measure,
  ofFit: Key,
): Pick<Run, 'losses' | 'last' | 'snapshots' | 'milliseconds'> => {
  const { plain } = backends
  const options: FitOptions<PolynomialMixtureParams, unknown> = {
    generator: mixtureOf(startOf(recipe.degree), plain),
    loss: way.loss(backends),
    optimiser: adam(recipe.rate === 'falling' ? cosineRate(0.1, steps) : 0.1, { epsilon: 0.01 }),
    target: recipe.data === 'fixed' ? data : (ofStep, count) => drawn(truthValues, ofStep, count, plain),
    batch: points,
    ...(recipe.average > 0 ? { average: recipe.average } : {}),
  }
  const stride = Math.max(1, Math.ceil(steps / 40))
  const losses: number[] = []
  const snapshots: { step: number; values: PolynomialMixtureValues }[] = []
  let spent = 0
  let resumed = performance.now()
  for (const { iteration, value, params, average = params } of run(fit(options), ofFit, { steps })) {
    spent += performance.now() - resumed
    losses.push(value)
    if (iteration % stride === 0 || iteration === steps) snapshots.push({ step: iteration, values: valuesOf(average) })
    resumed = performance.now()
  }
  return { losses, last: mean(losses.slice(-100)), snapshots, milliseconds: spent / (steps + 1) }
}
