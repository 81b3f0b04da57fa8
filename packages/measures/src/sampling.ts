import { mongeError, requireInteger } from '@monge/errors'
import { constant } from '@monge/backend'
import { categorical, choice } from '@monge/random'
import { div, fill, mul, sum, tidy } from '@tensorflow/tfjs-core'
import type { Key } from '@monge/random'
import type { Tensor1D } from '@tensorflow/tfjs-core'
import { gatherRows } from './gather-rows.js'
import { atHomeOf } from './home.js'
import type { Measure } from './measure.js'

/**
 * `count` points drawn with probability in proportion to their weights, with replacement; each gets an equal share of
 * the mass. A point of weight zero is never drawn. Differentiable in the points, and in the weights through the mass.
 *
 * @throws InvalidOption if the count is not a whole number of at least 1
 */
export const sample = (count: number, key: Key): ((mu: Measure) => Measure) => {
  requireInteger(1)('sample: count', count)
  return (mu) => {
    const indices = Array.from(categorical(mu.weights.dataSync(), count)(key))
    return atHomeOf(mu.points, () =>
      tidy(() => ({
        weights: mul<Tensor1D>(fill([count], 1), div(sum(mu.weights), constant(count))),
        points: gatherRows(mu.points, indices),
      })),
    )
  }
}

/**
 * `count` different points of positive weight, every choice equally likely, with their weights multiplied by one factor
 * so that the mass stays. Differentiable in weights and points. The minibatch of a cloud of equal weights.
 *
 * @throws InvalidOption if the count is not a whole number of at least 1, or exceeds the points of positive weight
 */
export const subsample = (count: number, key: Key): ((mu: Measure) => Measure) => {
  requireInteger(1)('subsample: count', count)
  return (mu) => {
    const weights = mu.weights.dataSync<'float32'>()
    const candidates = Array.from(weights.keys()).filter((index) => (weights[index] ?? 0) > 0)
    if (count > candidates.length)
      throw mongeError(
        'InvalidOption',
        'subsample: count',
        `expected at most ${candidates.length}, the number of points of positive weight, got ${count}`,
      )
    const indices = Array.from(choice(candidates.length, count)(key), (position) => candidates[position] ?? 0)
    return atHomeOf(mu.points, () =>
      tidy(() => {
        const chosen = gatherRows(mu.weights, indices)
        return {
          weights: mul<Tensor1D>(chosen, div(sum(mu.weights), sum(chosen))),
          points: gatherRows(mu.points, indices),
        }
      }),
    )
  }
}
