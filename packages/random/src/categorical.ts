import { mongeError, requireInteger } from '@monge/errors'
import type { Key } from './key.js'
import { fill, streamOf } from './stream.js'

/**
 * Indices `i` drawn with probability `weights_i / sum(weights)`, with replacement, by inversion of the cumulative sum.
 * An index of zero weight is never drawn.
 *
 * @param weights `[n]`, non-negative, of positive sum
 * @returns `[count]`
 * @throws InvalidArgument if a weight is negative or not finite, or their sum is not positive and finite; InvalidOption
 *   if the count is not a whole number
 */
export const categorical =
  (weights: ArrayLike<number>, count: number) =>
  (key: Key): Int32Array => {
    requireInteger(0)('categorical: count', count)
    const cumulative = cumulativeSum(weights)
    const total = cumulative[cumulative.length - 1] ?? 0
    if (!(total > 0 && total < Infinity))
      throw mongeError('InvalidArgument', 'categorical: weights', `expected a positive, finite sum, got ${total}`)
    const { unit } = streamOf('categorical', key)
    return Int32Array.from(fill(count, () => firstAbove(cumulative, total * unit())))
  }

const cumulativeSum = (weights: ArrayLike<number>): Float64Array => {
  let sum = 0
  return Float64Array.from(weights, (weight, index) => {
    if (!(Number.isFinite(weight) && weight >= 0))
      throw mongeError('InvalidArgument', 'categorical: weights', `expected non-negative numbers, got ${weight} at ${index}`)
    return (sum += weight)
  })
}

/** The first index whose entry exceeds the level; entries ascend and the last exceeds it. */
const firstAbove = (ascending: Float64Array, level: number): number => {
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] ?? 0) > level) high = middle
    else low = middle + 1
  }
  return low
}
