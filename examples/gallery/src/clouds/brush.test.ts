import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brushed, dotted } from './brush.js'
import { mostPoints } from './encoding.js'

const unit = fc.double({ min: 0, max: 1, noNaN: true })
const place = fc.tuple(unit, unit)

describe('the brush', () => {
  test('keeps what is there and leaves points of the square near its way', () => {
    fc.assert(
      fc.property(place, place, place, (first, from, to) => {
        const before = dotted([], first)
        const points = brushed(before, from, to)
        expect(points.slice(0, before.length)).toEqual(before)
        expect(points.length).toBeGreaterThan(before.length)
        expect(points.length % 2).toBe(0)
        expect(points.every((value) => value >= 0 && value <= 1)).toBe(true)
        for (const axis of [0, 1] as const) {
          const values = points.filter((_, index) => index >= before.length && index % 2 === axis)
          expect(Math.min(...values)).toBeGreaterThanOrEqual(Math.min(from[axis], to[axis]) - 0.0251)
          expect(Math.max(...values)).toBeLessThanOrEqual(Math.max(from[axis], to[axis]) + 0.0251)
        }
      }),
    )
  })

  test('leaves more points the longer its way', () => {
    const long = brushed([], [0.1, 0.1], [0.9, 0.9])
    expect(long.length).toBeGreaterThan(4 * brushed([], [0.1, 0.1], [0.3, 0.3]).length * 0.9)
  })

  test('runs dry', () => {
    const full = Array.from({ length: 40 }).reduce<readonly number[]>((points) => brushed(points, [0, 0], [1, 1]), [])
    expect(full.length).toBeLessThanOrEqual(2 * mostPoints)
    expect(brushed(full, [0, 0], [1, 1]).length).toBe(2 * mostPoints)
    expect(brushed(brushed(full, [0, 0], [1, 1]), [0, 0], [1, 1]).length).toBe(2 * mostPoints)
  })

  test('leaves dots that do not coincide', () => {
    const points = dotted(dotted([], [0.5, 0.5]), [0.5, 0.5])
    const pairs = Array.from({ length: points.length / 2 }, (_, index) => points.slice(2 * index, 2 * index + 2).join(' '))
    expect(new Set(pairs).size).toBe(24)
  })
})
