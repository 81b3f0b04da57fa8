/** Four 32-bit words. */
export type Words = readonly [number, number, number, number]

const rotations: readonly (readonly [number, number])[] = [
  [10, 26],
  [11, 21],
  [13, 27],
  [23, 5],
  [6, 20],
  [17, 11],
  [25, 10],
  [18, 20],
]

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
    const schedule = [...key, key[0] ^ key[1] ^ key[2] ^ key[3] ^ parity] as const
    const scheduled = (index: number): number => schedule[index % 5] ?? 0
    let [a, b, c, d] = [block[0] + key[0], block[1] + key[1], block[2] + key[2], block[3] + key[3]].map(
      (word) => word | 0,
    ) as [number, number, number, number]
    for (let round = 0; round < 20; round++) {
      const [first, second] = rotations[round % 8] ?? [0, 0]
      // Even rounds mix (a, b) and (c, d), odd rounds (a, d) and (c, b).
      if (round % 2 === 0) {
        a = (a + b) | 0
        b = rotate(b, first) ^ a
        c = (c + d) | 0
        d = rotate(d, second) ^ c
      } else {
        a = (a + d) | 0
        d = rotate(d, first) ^ a
        c = (c + b) | 0
        b = rotate(b, second) ^ c
      }
      if (round % 4 === 3) {
        const injection = (round + 1) / 4
        a = (a + scheduled(injection)) | 0
        b = (b + scheduled(injection + 1)) | 0
        c = (c + scheduled(injection + 2)) | 0
        d = (d + scheduled(injection + 3) + injection) | 0
      }
    }
    return [a >>> 0, b >>> 0, c >>> 0, d >>> 0]
  }
