import type { Place } from '@monge/backend'
import type { PolynomialMixtureValues } from '@monge/generators'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { bernoulli, split } from '@monge/random'
import type { Key } from '@monge/random'
import { mixtureOf, sampleOf, truthValues } from './models.js'

/** Points of a mixture: half of them of each class, which share its weight. */
export const drawn = (values: PolynomialMixtureValues, ofDraw: Key, count: number, place: Place): Measure => {
  const mixture = mixtureOf(values, place)
  const params = mixture.init(ofDraw)
  const noise = mixture.noise(ofDraw, count)
  const measure = mixture.apply(params, noise)
  for (const tensor of [noise, ...Object.values(params)]) tensor.dispose()
  return measure
}

/** Independent points of the truth, each of either class by chance, all of one weight: a data set as one comes by it. */
export const dataSet = (count: number, ofData: Key, place: Place): Measure => {
  const [ofClasses = ofData, ofPoints = ofData] = split(2)(ofData)
  const both = drawn(truthValues, ofPoints, 2 * count, place)
  const { points } = sampleOf(both)
  disposeMeasure(both)
  const second = bernoulli(1 / (1 + Math.exp(-truthValues.logit)), count)(ofClasses)
  const chosen = Array.from(second, (isSecond, index) => points[index + isSecond * count] ?? [0, 0])
  return measureOrThrow(fromArrays(chosen, undefined, place))
}
