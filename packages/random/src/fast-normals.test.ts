import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, test } from 'vitest'
import { fillFast } from './fast-normals.js'
import { key, streamSeed } from './key.js'
import { fillNormal, normal, normalDraw } from './normal.js'
import { lowerTailQuantile } from './normal-quantile.js'
import { fill, streamOf } from './stream.js'
import type { Stream } from './stream.js'
import type { Words } from './threefry.js'

const fastNormals = (seed: Words, count: number): Float64Array => {
  const values = new Float64Array(count)
  expect(fillFast(seed, values)).toBe(true)
  return values
}

/** The state from which xoroshiro128+ comes to this one in so many steps. */
const earlier = (words: Words, steps: number): Words => {
  const [s01, s00, s11, s10] = words.map(BigInt) as [bigint, bigint, bigint, bigint]
  const turned = (word: bigint, by: bigint): bigint => BigInt.asUintN(64, (word >> by) | (word << (64n - by)))
  let [a, b] = [(s01 << 32n) | s00, (s11 << 32n) | s10]
  for (let step = 0; step < steps; step++) {
    const mixed = turned(b, 37n)
    a = turned(a ^ mixed ^ BigInt.asUintN(64, mixed << 16n), 24n)
    b = a ^ mixed
  }
  return [a >> 32n, a & 0xffffffffn, b >> 32n, b & 0xffffffffn].map(Number) as unknown as Words
}

const slowly = (seed: number, count: number): Float64Array => fill(count, normalDraw(streamOf('test', key(seed))))

describe('normal numbers by WebAssembly', () => {
  test.each([0, 1, 2, 31, 4095, 4096, 4097, 100_001])('are those of the plain loop, bit for bit: %d of them', (count) => {
    expect(fastNormals(streamSeed('test', key(count)), count)).toEqual(slowly(count, count))
  })

  test('are the quantiles of the smallest tails', () => {
    for (const bits of [0, 1, 2, 77, 100_000, 10_000_000, 2 ** 27 - 1]) {
      const quantile = lowerTailQuantile((bits + 0.5) * 2 ** -53)
      // A state whose first two words are these bits; its lowest word has the sign.
      expect(fastNormals([0, 0, bits, 0], 1)).toEqual(Float64Array.of(quantile))
    }
  })

  test('are the quantiles of the smallest tails wherever they come up', () => {
    for (let before = 0; before < 9; before++)
      for (const bits of [77, 100_000, 2 ** 27 - 1]) {
        const state = earlier([0, 0, bits, 0], 2 * before)
        const generator = xoroshiro128plusFromState(state)
        const next = normalDraw({ whole: () => (generator.next() >>> 6) * 2 ** 27 + (generator.next() >>> 5) } as Stream)
        const expected = Float64Array.from({ length: 9 }, next)
        expect(expected[before]).toBe(lowerTailQuantile((bits + 0.5) * 2 ** -53))
        expect(fastNormals(state, 9)).toEqual(expected)
      }
  })

  test('fill an array of the caller, of doubles only', () => {
    const values = new Float64Array(100)
    fillNormal(values)(key(3))
    expect(values).toEqual(normal(100)(key(3)))
    expect(() => fillNormal(new Float32Array(2) as unknown as Float64Array)(key(3))).toThrow('fillNormal')
  })

  test('do not depend on what was drawn before, nor on where they are made', () => {
    normal(10_001)(key(1))
    expect(normal(33)(key(2))).toEqual(slowly(2, 33))
    expect(normal(31)(key(2))).toEqual(slowly(2, 31))
  })
})
