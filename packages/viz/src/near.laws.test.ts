import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { curves, plot, toSvg } from './index.js'
import { around, nearMarks } from './near.js'
import type { Box, Mark, Path, Pixel } from './index.js'

const box: Box = { x: -50, y: 20, width: 200, height: 100 }

const coordinate = fc.integer({ min: -2000, max: 2000 })
const pixel: fc.Arbitrary<Pixel> = fc.tuple(coordinate, coordinate)
const farOff: fc.Arbitrary<Pixel> = fc.tuple(
  fc.double({ min: -1e300, max: 1e300, noNaN: true }),
  fc.double({ min: -1e300, max: 1e300, noNaN: true }),
)
// A place that no edge between whole numbers passes through but by a rare chance, which the distance then tells.
const within: fc.Arbitrary<Pixel> = fc
  .tuple(fc.integer({ min: 0, max: 199 }), fc.integer({ min: 0, max: 99 }))
  .map(([x, y]) => [box.x + x + 0.437, box.y + y + 0.571])

const isInside = ([x, y]: Pixel, slack: number): boolean =>
  x >= box.x - slack && x <= box.x + box.width + slack && y >= box.y - slack && y <= box.y + box.height + slack

const linesOf = (marks: readonly Mark[]): readonly (readonly Pixel[])[] =>
  marks.flatMap((mark) => (mark.kind === 'path' ? mark.lines : []))

const cut = (path: Path): readonly (readonly Pixel[])[] => linesOf(nearMarks(box)([path]))

const distance = ([x, y]: Pixel, [fromX, fromY]: Pixel, [toX, toY]: Pixel): number => {
  const [alongX, alongY] = [toX - fromX, toY - fromY]
  const length = alongX * alongX + alongY * alongY
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - fromX) * alongX + (y - fromY) * alongY) / length))
  return Math.hypot(x - fromX - share * alongX, y - fromY - share * alongY)
}

const distanceTo = (place: Pixel, line: readonly Pixel[]): number =>
  Math.min(Infinity, ...line.slice(1).map((end, index) => distance(place, line[index] ?? end, end)))

const crossings = ([x, y]: Pixel, ring: readonly Pixel[]): number =>
  ring.filter(([toX, toY], index) => {
    const [fromX, fromY] = ring.at(index - 1) ?? [toX, toY]
    return fromY > y !== toY > y && x < fromX + ((toX - fromX) * (y - fromY)) / (toY - fromY)
  }).length

describe('what is near a box', () => {
  test('lies in it, however far its ends were', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(pixel, farOff), { minLength: 2, maxLength: 8 }), fc.boolean(), (line, closed) => {
        for (const piece of cut({ kind: 'path', lines: [line], closed }))
          for (const end of piece) expect(isInside(end, 1e-3)).toBe(true)
      }),
    )
  })

  test('is every place of a line that is in it', () => {
    fc.assert(
      fc.property(fc.array(pixel, { minLength: 2, maxLength: 6 }), fc.double({ min: 0, max: 1, noNaN: true }), (line, share) => {
        const pieces = cut({ kind: 'path', lines: [line] })
        for (const [index, [toX, toY]] of line.slice(1).entries()) {
          const [x, y] = line[index] ?? [toX, toY]
          const place = [x + share * (toX - x), y + share * (toY - y)] as const
          const apart = Math.min(...pieces.map((piece) => distanceTo(place, piece)))
          expect(apart < 1e-6 || !isInside(place, -1e-6)).toBe(true)
        }
      }),
    )
  })

  test('is inside and outside of a polygon where it was', () => {
    fc.assert(
      fc.property(fc.array(pixel, { minLength: 3, maxLength: 7 }), fc.array(within, { maxLength: 10 }), (ring, places) => {
        const rings = cut({ kind: 'path', lines: [ring], closed: true })
        for (const place of places.filter((one) => distanceTo(one, [...ring, ring[0] ?? one]) > 1e-6))
          expect(rings.reduce((sum, one) => sum + crossings(place, one), 0) % 2).toBe(crossings(place, ring) % 2)
      }),
    )
  })

  test('is all of what lies in it, as it was', () => {
    fc.assert(
      fc.property(fc.array(within, { minLength: 1, maxLength: 5 }), ([from = [0, 50] as const, ...line]) => {
        const style = { stroke: 'red' }
        const marks: readonly Mark[] = [
          { kind: 'path', lines: [[from, ...line]], style },
          { kind: 'segment', from, to: line[0] ?? from, style },
          { kind: 'circle', centre: from, radius: 3 },
          { kind: 'dots', centres: Float32Array.from([from, ...line].flat()), radius: 1 },
          { kind: 'text', at: from, text: 'here', size: 12 },
          { kind: 'rectangle', box: { x: from[0], y: from[1], width: 0.1, height: 0.1 } },
        ]
        expect(nearMarks(box)(marks)).toEqual(marks)
        expect(nearMarks(box)([{ kind: 'group', move: [0, 0], marks }])).toEqual([{ kind: 'group', move: [0, 0], marks }])
      }),
    )
  })

  test('is looked for where a group moves and scales it', () => {
    const marks = (at: Pixel): readonly Mark[] => [
      { kind: 'group', move: [100, 50], scale: 10, marks: [{ kind: 'circle', centre: at, radius: 0.1 }] },
    ]
    expect(nearMarks(box)(marks([4, 3]))).toEqual(marks([4, 3]))
    expect(nearMarks(box)(marks([60, 40]))).toEqual([{ kind: 'group', move: [100, 50], scale: 10, marks: [] }])
  })

  test('keeps the dots that are in it, with their radii and colours', () => {
    const dots: Mark = {
      kind: 'dots',
      centres: Float32Array.of(0, 50, 1e9, 50, 10, 60),
      radius: Float32Array.of(1, 2, 3),
      colours: ['red', 'green', 'blue'],
    }
    expect(nearMarks(box)([dots])).toEqual([
      { kind: 'dots', centres: Float32Array.of(0, 50, 10, 60), radius: Float32Array.of(1, 3), colours: ['red', 'blue'] },
    ])
  })
})

test('a plot prints no number far outside of it', () => {
  fc.assert(
    fc.property(fc.array(farOff, { minLength: 2, maxLength: 12 }), (points) => {
      const series = { x: points.map(([x]) => x), y: points.map(([, y]) => y), markers: true }
      const scene = plot({ title: 'far', x: { domain: [0, 1] }, y: { domain: [0, 1] } })([curves([series])])
      const { width, height } = around({ x: 0, y: 0, width: scene.width, height: scene.height })
      const numbers = toSvg(scene).replaceAll(/#[\da-f]+|http[^"]*/g, '').match(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g) ?? []
      for (const number of numbers) expect(Math.abs(Number(number))).toBeLessThan(width + height)
    }),
  )
})
