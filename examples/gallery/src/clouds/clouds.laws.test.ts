import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cloudOf } from './cloud-of.js'
import { decodePoints, encodePoints, mostPoints } from './encoding.js'
import { cloudPresets } from './presets.js'

const unit = fc.double({ min: 0, max: 1, noNaN: true })
const clouds = fc
  .array(fc.tuple(unit, unit), { minLength: 1, maxLength: 30 })
  .map((places) => Float32Array.from(places.flat()))

describe('the text of a cloud', () => {
  test('gives the points back to half a step of 16 bits', () => {
    fc.assert(
      fc.property(clouds, (points) => {
        const back = decodePoints(encodePoints(points)) ?? new Float32Array()
        expect(back.length).toBe(points.length)
        back.forEach((value, index) => expect(Math.abs(value - (points[index] ?? NaN))).toBeLessThan(0.5001 / 65535))
      }),
    )
  })

  test('is the same after reading and writing it', () => {
    fc.assert(
      fc.property(clouds, (points) => {
        const text = encodePoints(points)
        expect(encodePoints(decodePoints(text) ?? [])).toBe(text)
      }),
    )
  })

  test('needs no escapes in an address', () => {
    fc.assert(
      fc.property(clouds, (points) => {
        expect(encodePoints(points)).toMatch(/^points:[A-Za-z0-9_-]+$/)
      }),
    )
  })

  test('of places off the square is of its edge', () => {
    expect(decodePoints(encodePoints([-3, 0.5, Infinity, 2]))).toEqual(Float32Array.of(0, 32768 / 65535, 1, 1))
  })

  test('read from anything is a cloud of the square or nothing', () => {
    const anything = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.base64String())
    fc.assert(
      fc.property(anything, (text) => {
        const points = decodePoints(`points:${text}`)
        if (points === undefined) return
        expect(points.length % 2).toBe(0)
        expect(points.every((value) => value >= 0 && value <= 1)).toBe(true)
      }),
    )
  })

  test('has an end', () => {
    expect(decodePoints(encodePoints(new Float32Array(2 * mostPoints)))?.length).toBe(2 * mostPoints)
    expect(decodePoints(encodePoints(new Float32Array(2 * mostPoints + 2)))).toBeUndefined()
    expect(decodePoints('points:')).toBeUndefined()
    expect(decodePoints('ring')).toBeUndefined()
  })
})

const inSquare = (points: Float32Array): boolean => points.every((value) => value >= 0 && value <= 1)

describe.each(cloudPresets.map(({ value }) => value))('the preset %s', (preset) => {
  test('gives as many points of the square as are asked for, the same for a seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(1000), (count, seed) => {
        const points = cloudOf(preset, count, seed)
        expect(points.length).toBe(2 * count)
        expect(inSquare(points)).toBe(true)
        expect(cloudOf(preset, count, seed)).toEqual(points)
      }),
    )
  })

  test('fills a good part of the square', () => {
    const points = cloudOf(preset, 1000, 1)
    for (const axis of [0, 1]) {
      const values = points.filter((_, index) => index % 2 === axis).toSorted()
      const [low = 0, high = 0] = [values.at(20), values.at(-20)]
      expect(high - low).toBeGreaterThan(preset === 'word-monge' && axis === 1 ? 0.15 : 0.4)
    }
  })
})

describe('a drawn cloud', () => {
  const several = fc.uniqueArray(fc.tuple(fc.nat(65535), fc.nat(65535)), {
    minLength: 1,
    maxLength: 30,
    selector: ([x, y]) => `${x} ${y}`,
  })

  const pairsOf = (points: Float32Array): readonly string[] =>
    Array.from({ length: points.length / 2 }, (_, index) => points.slice(2 * index, 2 * index + 2).join(' '))

  test('of which fewer points are asked for gives different ones of its own', () => {
    fc.assert(
      fc.property(several, fc.nat(100), fc.double({ min: 0, max: 1, noNaN: true }), (places, seed, share) => {
        const text = encodePoints(places.flat().map((value) => value / 65535))
        const own = pairsOf(decodePoints(text) ?? new Float32Array())
        const drawn = pairsOf(cloudOf(text, Math.ceil(share * places.length), seed))
        expect(new Set(drawn).size).toBe(drawn.length)
        for (const pair of drawn) expect(own).toContain(pair)
      }),
    )
  })

  test('of which more are asked for gives each as often, but for one, and near where it was', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.integer({ min: 3, max: 40 }), (seed, count) => {
        const text = encodePoints([0.2, 0.2, 0.8, 0.2, 0.5, 0.8])
        const points = cloudOf(text, count, seed)
        const near = [0, 0, 0]
        const own = decodePoints(text) ?? new Float32Array()
        for (let index = 0; index < count; index++) {
          const nearest = [0, 1, 2].find(
            (which) =>
              Math.hypot(
                (points[2 * index] ?? 0) - (own[2 * which] ?? 0),
                (points[2 * index + 1] ?? 0) - (own[2 * which + 1] ?? 0),
              ) < 0.0121,
          )
          near[nearest ?? -1] = (near[nearest ?? -1] ?? 0) + 1
        }
        expect(near.reduce((sum, value) => sum + value, 0)).toBe(count)
        expect(Math.max(...near) - Math.min(...near)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test.each(['', 'circle', 'points:', 'points:!!', '__proto__'])('that is none, "%s", is refused', (value) => {
    expect(() => cloudOf(value, 10, 1)).toThrow('there is no cloud')
  })
})
