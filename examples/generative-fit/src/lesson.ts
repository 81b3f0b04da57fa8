import { adam, cosineRate, fit } from '@monge/generators'
import type { Fit, FitOptions, PolynomialMixtureParams, PolynomialMixtureValues } from '@monge/generators'
import type { Measure } from '@monge/measures'
import { fold, key, split } from '@monge/random'
import type { Key } from '@monge/random'
import { dataSet, drawn } from './data.js'
import type { Backends, Way } from './losses.js'
import { mixtureOf, startOf, truthValues } from './models.js'
import type { Recipe } from './recipe.js'

/** What to fit by, and with how much. */
export interface Training {
  readonly way: Way
  readonly recipe: Recipe
  readonly steps: number
  readonly points: number
  readonly seed: number
  readonly backends: Backends
  /** Of Adam, at first; .1 unless given, as in the notebook. */
  readonly rate?: number
}

/** A training that has not begun, from each of its starts. */
export interface Lesson {
  /** The data set, or a draw of what every step draws anew: the caller's to dispose of, when the fits are over. */
  readonly data: Measure
  readonly fitting: Fit<PolynomialMixtureParams>
  readonly start: (index: number) => Key
  /** Points of a fitted model, the same noise whenever they are asked for. */
  readonly sample: (values: PolynomialMixtureValues) => Measure
  readonly ofJudging: Key
}

/** The notebook's optimiser, Adam with rate .1 and epsilon .01, on what the recipe says. */
export const lessonOf = ({ way, recipe, steps, points, seed, backends, rate = 0.1 }: Training): Lesson => {
  const { plain } = backends
  const [ofFits = key(seed), ofJudging = key(seed), ofData = key(seed)] = split(3)(key(seed))
  const data = recipe.data === 'fixed' ? dataSet(points, ofData, plain) : drawn(truthValues, ofData, points, plain)
  const options: FitOptions<PolynomialMixtureParams, unknown> = {
    generator: mixtureOf(startOf(recipe.degree), plain),
    loss: way.loss(backends),
    optimiser: adam(recipe.rate === 'falling' ? cosineRate(rate, steps) : rate, { epsilon: 0.01 }),
    target: recipe.data === 'fixed' ? data : (ofStep, count) => drawn(truthValues, ofStep, count, plain),
    batch: points,
    ...(recipe.average > 0 ? { average: recipe.average } : {}),
  }
  return {
    data,
    fitting: fit(options),
    start: (index) => fold(index)(ofFits),
    sample: (values) => drawn(values, ofJudging, points, plain),
    ofJudging,
  }
}
