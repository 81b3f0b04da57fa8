import { sample, subsample } from '@monge/measures'
import type { Measure } from '@monge/measures'
import type { Key } from '@monge/random'

/** Where a fit's data come from: `count` points drawn by a key. What it makes is freed after the step. */
export type Sampler = (key: Key, count: number) => Measure

/** How data are drawn for a step from what the state holds of them. */
export type Drawing = (data: Measure | undefined) => Sampler

/** Data that a function draws, whatever the state holds. */
export const drawnBy = (sampler: Sampler): Drawing => () => sampler

/**
 * Minibatches of a measure like this one: without replacement where its points weigh the same, in proportion to their
 * weights otherwise, and all of it if it is no larger than that.
 */
export const minibatches = (like: Measure): Drawing => {
  const weights = like.weights.dataSync<'float32'>()
  const even = weights.every((weight) => weight === weights[0])
  return (data = like) =>
    (key, count) =>
      weights.length <= count ? data : even ? subsample(count, key)(data) : sample(count, key)(data)
}
