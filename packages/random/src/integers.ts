import { mongeError, requireInteger } from '@monge/errors'
import type { Key } from './key.js'
import { fill, streamOf } from './stream.js'

/** Whole numbers from `low` to `high - 1`. */
export interface Range {
  /** Default 0. */
  readonly low?: number
  readonly high: number
}

const requireInt32 = (where: string, value: number): number => {
  if (Number.isInteger(value) && value >= -(2 ** 31) && value <= 2 ** 31) return value
  throw mongeError('InvalidOption', where, `expected a whole number of 32 bits, got ${String(value)}`)
}

/**
 * Whole numbers from `low` to `high - 1`, each equally likely (exactly: by rejection).
 *
 * @returns `[count]`
 * @throws InvalidOption if the bounds are not 32-bit whole numbers, `low` is not below `high`, or the count is not whole
 */
export const integers =
  (range: Range, count: number) =>
  (key: Key): Int32Array => {
    const low = requireInt32('integers: low', range.low ?? 0)
    const high = requireInt32('integers: high', range.high)
    if (!(low < high)) throw mongeError('InvalidOption', 'integers: low', `expected less than high, ${high}, got ${low}`)
    requireInteger(0)('integers: count', count)
    const { below } = streamOf('integers', key)
    return Int32Array.from(fill(count, () => low + below(high - low)))
  }

/**
 * `count` different whole numbers from 0 to `n - 1`, in random order: choice without replacement (the first steps of
 * Fisher and Yates's shuffle).
 *
 * @returns `[count]`
 * @throws InvalidOption if `n` or the count is not a whole number, or the count exceeds `n`
 */
export const choice =
  (n: number, count: number) =>
  (key: Key): Int32Array => {
    requireInteger(0)('choice: n', n)
    requireInteger(0)('choice: count', count)
    if (count > n) throw mongeError('InvalidOption', 'choice: count', `expected at most n, ${n}, got ${count}`)
    const { below } = streamOf('choice', key)
    // A loop: a callback for each takes ten times as long.
    const order = new Int32Array(n)
    for (let index = 0; index < n; index++) order[index] = index
    for (let index = 0; index < count; index++) {
      const other = index + below(n - index)
      const taken = order[other] ?? 0
      order[other] = order[index] ?? 0
      order[index] = taken
    }
    return order.slice(0, count)
  }

/**
 * The numbers 0 to `n - 1` in random order, every order equally likely.
 *
 * @returns `[n]`
 * @throws InvalidOption if `n` is not a whole number of at least 0
 */
export const permutation =
  (n: number) =>
  (key: Key): Int32Array =>
    choice(requireInteger(0)('permutation: n', n), n)(key)
