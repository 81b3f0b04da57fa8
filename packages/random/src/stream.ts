import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { streamSeed } from './key.js'
import type { Key } from './key.js'

/** A running source of random numbers, private to one draw. */
export interface Stream {
  /** A whole number from 0 to 2^53 - 1. */
  readonly whole: () => number
  /** A multiple of 2^-53 in `[0, 1)`. */
  readonly unit: () => number
  /** A whole number from 0 to `range - 1`, each equally likely; `range` from 1 to 2^32. */
  readonly below: (range: number) => number
}

/** The stream of a key: the generator xoroshiro128+ of pure-rand, started from a hash of the key. */
export const streamOf = (where: string, key: Key): Stream => {
  const generator = xoroshiro128plusFromState(streamSeed(where, key))
  // The lowest bits of this generator are its weakest: leave five or six of each word out.
  const whole = (): number => (generator.next() >>> 6) * 2 ** 27 + (generator.next() >>> 5)
  const below = (range: number): number => {
    // Equal shares of the 2^53 values; the few that are left over are drawn again.
    const share = Math.floor(2 ** 53 / range)
    for (;;) {
      const value = Math.floor(whole() / share)
      if (value < range) return value
    }
  }
  return { whole, unit: () => whole() * 2 ** -53, below }
}

/** `count` numbers from a stream. */
export const fill = (count: number, next: () => number): Float64Array => {
  const values = new Float64Array(count)
  for (let index = 0; index < count; index++) values[index] = next()
  return values
}
