import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { categorical, colourAlong, colourScale, dotCount, plot, scatter, toSvg } from './index.js'
import { positionOf, seriesColour } from './colours.js'
import type { ColourMap, Mark, Scene } from './index.js'
import { rgbaOf } from './rgba.js'

const sequential: readonly ColourMap[] = ['viridis', 'cividis', 'magma', 'greys']
const diverging: readonly ColourMap[] = ['blue-red', 'purple-orange']
const map = fc.constantFrom(...sequential, ...diverging)
const position = fc.double({ min: 0, max: 1, noNaN: true })
const number = fc.integer({ min: -1e9, max: 1e9 }).map((value) => value / 1024)

/** CIE lightness L* of sRGB, from 0 to 100. */
const lightnessOf = (colour: string): number => {
  const [red, green, blue] = rgbaOf(colour).map((level) => {
    const share = level / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  const luminance = 0.2126 * (red ?? NaN) + 0.7152 * (green ?? NaN) + 0.0722 * (blue ?? NaN)
  return luminance > 216 / 24389 ? 116 * Math.cbrt(luminance) - 16 : (luminance * 24389) / 27
}

const along = (name: ColourMap, at: number): string => colourAlong(colourScale(name, [0, 1]), at)

describe('colours along a scale', () => {
  test('are opaque colours of sRGB, and the ends go on beyond the ends', () => {
    fc.assert(
      fc.property(map, number, (name, at) => {
        const [red, green, blue, alpha] = rgbaOf(along(name, at))
        for (const level of [red, green, blue]) expect(level >= 0 && level <= 255 && Number.isInteger(level)).toBe(true)
        expect(alpha).toBe(255)
        expect(along(name, 1 + Math.abs(at))).toBe(along(name, 1))
        expect(along(name, -Math.abs(at))).toBe(along(name, 0))
      }),
    )
  })

  test('get lighter all the way, greys darker; those of a difference lighter to the middle, then darker', () => {
    fc.assert(
      fc.property(map, position, position, (name, one, other) => {
        // The levels are whole numbers of 255: a step of one is less than half a unit of lightness.
        const [low, high] = [Math.min(one, other), Math.max(one, other)]
        const rise = lightnessOf(along(name, high)) - lightnessOf(along(name, low))
        const falls = name === 'greys' || (diverging.includes(name) && low >= 0.5)
        const rises = !falls && (sequential.includes(name) || high <= 0.5)
        expect(falls ? rise < 0.5 : !rises || rise > -0.5).toBe(true)
      }),
    )
  })

  test('change without jumps, and from end to end by a lot', () => {
    fc.assert(
      fc.property(map, position, fc.double({ min: 0, max: 0.01, noNaN: true }), (name, at, step) => {
        const [here, there] = [rgbaOf(along(name, at)), rgbaOf(along(name, at + step))]
        expect(Math.max(...here.map((level, channel) => Math.abs(level - (there[channel] ?? NaN))))).toBeLessThanOrEqual(9)
        const spread = sequential.includes(name) ? [0, 1] : [0, 0.5]
        const [dark, light] = spread.map((end) => lightnessOf(along(name, end)))
        expect(Math.abs((light ?? NaN) - (dark ?? NaN))).toBeGreaterThan(50)
      }),
    )
  })
})

describe('a scale of colours', () => {
  test('holds all that it is to show, and has zero in the middle where it is for differences', () => {
    fc.assert(
      fc.property(map, number, number, fc.double({ min: 0, max: 1, noNaN: true }), (name, one, other, share) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)]
        const scale = colourScale(name, [low, high])
        expect(scale.domain[0] < scale.domain[1]).toBe(true)
        expect(scale.domain[0] <= low && high <= scale.domain[1]).toBe(true)
        const [ends, middle] = [[low, high].map((value) => positionOf(scale, value)), diverging.includes(name) ? 0 : (low + high) / 2]
        expect(positionOf(scale, middle)).toBeCloseTo(0.5, 9)
        expect(diverging.includes(name) || low === high ? [0, 1] : ends).toEqual([0, 1])
        const between = low + share * (high - low)
        expect(positionOf(scale, between)).toBeGreaterThanOrEqual(positionOf(scale, low))
        expect(positionOf(scale, between)).toBeLessThanOrEqual(positionOf(scale, high))
      }),
    )
  })
})

describe('the colours of series', () => {
  test('are those of the list, over and over, and differ within it', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), fc.nat({ max: 1000 }), (one, other) => {
        const same = (one - other) % categorical.length === 0
        expect(seriesColour(one) === seriesColour(other)).toBe(same)
        expect(categorical).toContain(seriesColour(one))
      }),
    )
  })
})

describe('the count of dots', () => {
  const cloud = fc.integer({ min: 0, max: 8 }).map(
    (count): Mark => ({ kind: 'dots', centres: new Float32Array(2 * count), radius: 1 }),
  )
  const { marks } = fc.letrec<{ readonly mark: Mark; readonly marks: readonly Mark[] }>((tie) => ({
    mark: fc.oneof(
      { maxDepth: 3 },
      cloud,
      fc.constant<Mark>({ kind: 'circle', centre: [0, 0], radius: 1 }),
      fc.record({ kind: fc.constant('group' as const), marks: tie('marks') }),
    ),
    marks: fc.array(tie('mark'), { maxLength: 4 }),
  }))
  const scene = (of: readonly Mark[]): Scene => ({ width: 1, height: 1, title: '', marks: of })

  test('is that of circles which the SVG has for them', () => {
    fc.assert(
      fc.property(marks, (some) => {
        const alone = (mark: Mark): readonly Mark[] =>
          mark.kind === 'group' ? [{ ...mark, marks: mark.marks.flatMap(alone) }] : mark.kind === 'dots' ? [mark] : []
        expect(dotCount(scene(some))).toBe((toSvg(scene(some.flatMap(alone))).match(/<circle /g) ?? []).length)
      }),
    )
  })

  test('adds up, and is the number of points of a large scatter that have weight', () => {
    fc.assert(
      fc.property(marks, marks, fc.integer({ min: 1200, max: 1300 }), (some, more, count) => {
        expect(dotCount(scene([...some, ...more]))).toBe(dotCount(scene(some)) + dotCount(scene(more)))
        const data = Float32Array.from({ length: 2 * count }, (_, index) => index)
        const weights = Float32Array.from({ length: count }, (_, index) => index % 2)
        const large = plot({ title: '' })([scatter({ points: { data, shape: [count, 2] }, weights })])
        expect(dotCount(large)).toBe(Math.floor(count / 2))
      }),
    )
  })
})
