/** Four 32-bit words. */
export type Words = readonly [number, number, number, number]

const parity = 0x1bd11bda

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

/**
 * Threefry-4x32 with 20 rounds: a keyed bijection of 128-bit blocks whose outputs pass every test of randomness known
 * (TestU01's BigCrush among them), in integer arithmetic that is the same on every machine.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 *
 * @param key the words of the key
 * @returns from a block of four words to its image, words from 0 to 2^32 - 1
 */
export const threefry =
  (key: Words) =>
  (block: Words): Words => {
    // The schedule of five words, which turns by one with every four rounds.
    let p = key[0]
    let q = key[1]
    let r = key[2]
    let s = key[3]
    let t = p ^ q ^ r ^ s ^ parity
    let a = (block[0] + p) | 0
    let b = (block[1] + q) | 0
    let c = (block[2] + r) | 0
    let d = (block[3] + s) | 0
    for (let injection = 1; injection <= 5; injection++) {
      const odd = injection % 2 === 1
      // Rounds mix (a, b) and (c, d), and (a, d) and (c, b), by turns.
      a = (a + b) | 0
      b = rotate(b, odd ? 10 : 6) ^ a
      c = (c + d) | 0
      d = rotate(d, odd ? 26 : 20) ^ c
      a = (a + d) | 0
      d = rotate(d, odd ? 11 : 17) ^ a
      c = (c + b) | 0
      b = rotate(b, odd ? 21 : 11) ^ c
      a = (a + b) | 0
      b = rotate(b, odd ? 13 : 25) ^ a
      c = (c + d) | 0
      d = rotate(d, odd ? 27 : 10) ^ c
      a = (a + d) | 0
      d = rotate(d, odd ? 23 : 18) ^ a
      c = (c + b) | 0
      b = rotate(b, odd ? 5 : 20) ^ c
      const first = p
      p = q
      q = r
      r = s
      s = t
      t = first
      a = (a + p) | 0
      b = (b + q) | 0
      c = (c + r) | 0
      d = (d + s + injection) | 0
    }
    return [a >>> 0, b >>> 0, c >>> 0, d >>> 0]
  }
