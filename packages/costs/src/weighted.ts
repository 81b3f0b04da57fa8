import { div, mul } from '@tensorflow/tfjs-core'
import { tensorFrom } from '@monge/backend'
import { mongeError, requireKnownKeys, requireNonNegative } from '@monge/errors'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Cost } from './cost.js'
import { euclidean, squaredEuclidean } from './euclidean.js'
import { linearDual } from './power-dual.js'
import { pullback } from './pullback.js'

/** Which of the two: `|z|²` (the default) or `|z|`. */
export interface QuadraticOptions {
  readonly squared?: boolean
}

/**
 * `sum_k weights_k (x_k - y_k)²`, or its square root with `squared: false`. A weight of zero leaves its coordinate out.
 *
 * @param weights one for each coordinate, `[d]`
 * @throws InvalidOption if a weight is negative or not finite, or if there is none
 */
export const weightedEuclidean = (weights: ArrayLike<number>, options: QuadraticOptions = {}): Cost => {
  requireKnownKeys(['squared'])('weightedEuclidean', options)
  const roots = Array.from(weights, (weight, k) =>
    Math.sqrt(requireNonNegative(`weightedEuclidean: weights[${k}]`, weight)),
  )
  if (roots.length === 0)
    throw mongeError('InvalidOption', 'weightedEuclidean: weights', 'expected at least one weight')
  const times = (points: Tensor2D): Tensor2D => mul(points, row('weightedEuclidean', roots, points))
  const over = (points: Tensor2D): Tensor2D => div(points, row('weightedEuclidean', roots, points))
  const positive = roots.every((root) => root > 0)
  const { squared = true } = options
  const base = squared ? squaredEuclidean : euclidean
  return {
    ...pullback(times)(base),
    name: squared ? 'weighted squared Euclidean' : 'weighted Euclidean',
    translationInvariant: true,
    metric: base.metric && positive,
    degree: squared ? 2 : 1,
    ...(positive && base.legendreDual && { legendreDual: linearDual(base.legendreDual, over, over) }),
  }
}

const row = (where: string, values: readonly number[], points: Tensor2D): Tensor1D => {
  if (points.shape[1] !== values.length)
    throw mongeError('DimensionMismatch', where, `${values.length} weights for points of dimension ${points.shape[1]}`)
  return tensorFrom(values, [values.length])
}
