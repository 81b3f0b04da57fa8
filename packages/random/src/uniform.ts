import { mongeError, requireBetween, requireFinite, requireInteger, requireKnownKeys } from '@monge/errors'
import type { Key } from './key.js'
import { fill, streamOf } from './stream.js'

/** An interval. */
export interface Interval {
  /** Default 0. */
  readonly low?: number
  /** Default 1. */
  readonly high?: number
}

/**
 * Numbers spread evenly over `[low, high)`, with 53 random bits each. As always in floating point, `high` itself can
 * come up by rounding where the interval is narrow for its position; on `[0, 1)` it cannot.
 *
 * @returns `[count]`
 * @throws InvalidOption if a bound is not finite, `low` is not below `high`, or the count is not a whole number
 */
export const uniform =
  (interval: Interval, count: number) =>
  (key: Key): Float64Array => {
    requireKnownKeys(['low', 'high'])('uniform', interval)
    const low = requireFinite('uniform: low', interval.low ?? 0)
    const high = requireFinite('uniform: high', interval.high ?? 1)
    if (!(low < high)) throw mongeError('InvalidOption', 'uniform: low', `expected less than high, ${high}, got ${low}`)
    requireFinite('uniform: high - low', high - low)
    requireInteger(0)('uniform: count', count)
    const { unit } = streamOf('uniform', key)
    return fill(count, () => low + (high - low) * unit())
  }

/**
 * Ones with the given probability, zeros otherwise.
 *
 * @returns `[count]`
 * @throws InvalidOption if the probability is not from 0 to 1 or the count is not a whole number
 */
export const bernoulli =
  (probability: number, count: number) =>
  (key: Key): Int32Array => {
    requireBetween(0, 1)('bernoulli: probability', probability)
    requireInteger(0)('bernoulli: count', count)
    const { unit } = streamOf('bernoulli', key)
    return Int32Array.from(fill(count, () => (unit() < probability ? 1 : 0)))
  }
