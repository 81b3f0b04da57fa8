import { mongeError, requireInteger } from '@monge/errors'
import { fillFast } from './fast-normals.js'
import { streamSeed } from './key.js'
import type { Key } from './key.js'
import { lowerTailQuantile } from './normal-quantile.js'
import { streamOf } from './stream.js'
import type { Stream } from './stream.js'

/** One standard normal number after another: a random sign and the quantile of a 52-bit random tail probability. */
export const normalDraw =
  ({ whole }: Stream) =>
  (): number => {
    const bits = whole()
    const negative = bits < 2 ** 52
    // The middle of one of 2^52 equal parts of (0, 1/2): never 0, and exact in floating point.
    const tail = ((negative ? bits : bits - 2 ** 52) + 0.5) * 2 ** -53
    return negative ? lowerTailQuantile(tail) : -lowerTailQuantile(tail)
  }

/** For fewer numbers WebAssembly need not be started. */
const worthwhile = 32

/**
 * Numbers of the standard normal distribution, by inversion of its distribution function: exact to about 1e-16, and
 * within ±8.3 as 53 random bits allow.
 *
 * Inversion uses one draw for each number and only operations that IEEE 754 rounds exactly, so that every engine gives
 * the same bits (the logarithms, sines and cosines of Box and Muller's method may differ between engines).
 *
 * @returns `[count]`
 * @throws InvalidOption if the count is not a whole number of at least 0
 */
export const normal =
  (count: number) =>
  (key: Key): Float64Array => {
    requireInteger(0)('normal: count', count)
    const values = new Float64Array(count)
    drawInto('normal', values, key)
    return values
  }

/**
 * The same numbers into an array of the caller's, for those that draw again and again and have no use for another array
 * each time.
 *
 * @param values `[count]`, overwritten
 * @throws InvalidArgument unless the values are a Float64Array
 */
export const fillNormal =
  (values: Float64Array) =>
  (key: Key): void => {
    if (!(values instanceof Float64Array)) throw mongeError('InvalidArgument', 'fillNormal', 'expected a Float64Array')
    drawInto('fillNormal', values, key)
  }

const drawInto = (where: string, values: Float64Array, key: Key): void => {
  if (values.length >= worthwhile && fillFast(streamSeed(where, key), values)) return
  const next = normalDraw(streamOf(where, key))
  for (let index = 0; index < values.length; index++) values[index] = next()
}
