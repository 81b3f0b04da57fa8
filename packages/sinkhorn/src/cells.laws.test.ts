import { halfSquaredEuclidean, lp, lpPower, power, scaled, squaredEuclidean } from '@monge/costs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runs } from '../../../tooling/testing/src/index.ts'
import { cellsOf, lengthOf } from './cells.js'
import type { Cells, Points } from './cells.js'

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0)

/** Weighted points of any scale, some of them twice, some without weight, some far away. */
const cloud: fc.Arbitrary<Points> = fc
  .record({
    dimension: fc.integer({ min: 1, max: 3 }),
    scale: fc.constantFrom(1e-6, 1, 1e6),
    shift: fc.constantFrom(0, 1, -1000),
    rows: fc.array(
      fc.record({
        weight: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 3, noNaN: true })),
        at: fc.array(fc.oneof(fc.constantFrom(0, 0.25, 100), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 3,
          maxLength: 3,
        }),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  })
  .filter(({ rows }) => rows.some(({ weight }) => weight > 0))
  .map(({ dimension, scale, shift, rows }) => ({
    dimension,
    weights: rows.map(({ weight }) => weight),
    points: rows.flatMap(({ at }) => at.slice(0, dimension).map((coordinate) => scale * (coordinate + shift))),
  }))

const widthOf = ({ points }: Points, share: number): number =>
  share * (Math.max(...Array.from(points)) - Math.min(...Array.from(points)) || 1)

const given = (body: (points: Points, cells: Cells, width: number) => void): void => {
  fc.assert(
    fc.property(cloud, fc.constantFrom(1e-3, 0.03, 0.4, 2), (points, share) => {
      const width = widthOf(points, share)
      const cells = cellsOf(points, width, points.weights.length)
      if (cells === undefined) expect.fail('no more cells than points were allowed, nor are there ever more')
      body(points, cells, width)
    }),
    { numRuns: runs(100) },
  )
}

describe('cells', () => {
  test('hold the mass and the barycentre', () => {
    given(({ weights, points, dimension }, cells) => {
      const mass = sum(weights)
      expect(Math.abs(sum(cells.weights) - mass)).toBeLessThanOrEqual(1e-12 * mass)
      const largest = Math.max(...Array.from(points, Math.abs))
      for (let k = 0; k < dimension; k++) {
        const moment = (of: Points): number => sum(Array.from(of.weights, (weight, i) => weight * of.points[i * dimension + k]))
        expect(Math.abs(moment(cells) - moment({ weights, points, dimension }))).toBeLessThanOrEqual(1e-12 * mass * largest)
      }
    })
  })

  test('are each of the given width and hold some weight', () => {
    given(({ weights, points, dimension }, cells, width) => {
      expect(cells.points.length).toBe(cells.weights.length * dimension)
      const slack = 1e-12 * Math.max(...Array.from(points, Math.abs))
      Array.from(weights).forEach((weight, i) => {
        expect(cells.cellOf[i] >= 0).toBe(weight > 0)
        if (weight === 0) return
        expect(cells.weights[cells.cellOf[i]]).toBeGreaterThanOrEqual(weight)
        for (let k = 0; k < dimension; k++)
          expect(Math.abs(points[i * dimension + k] - cells.points[cells.cellOf[i] * dimension + k])).toBeLessThanOrEqual(width + slack)
      })
      expect(new Set(cells.cellOf.filter((cell) => cell >= 0)).size).toBe(cells.weights.length)
    })
  })

  test('that are wide are one, and points that coincide share theirs', () => {
    given((points, _, width) => {
      expect(cellsOf(points, 1e5 * width, 1)?.weights.length).toBe(1)
      const twice = {
        ...points,
        weights: [...Array.from(points.weights), ...Array.from(points.weights)],
        points: [...Array.from(points.points), ...Array.from(points.points)],
      }
      const cells = cellsOf(twice, width, points.weights.length)
      const half = points.weights.length
      expect(Array.from(cells?.cellOf.slice(half) ?? [])).toEqual(Array.from(cells?.cellOf.slice(0, half) ?? [NaN]))
    })
  })

  test('are refused where they would be too many, or past counting', () => {
    given((points, cells, width) => {
      expect(cellsOf(points, width, cells.weights.length - 1)).toBeUndefined()
    })
    expect(cellsOf({ weights: [1, 1], points: [0, 1], dimension: 1 }, 1e-16, 2)).toBeUndefined()
  })
})

test('the length that a cost tells apart is where it has grown by epsilon', () => {
  expect(lengthOf(halfSquaredEuclidean.pairwise, 0.04)).toBeCloseTo(Math.sqrt(0.08), 12)
  expect(lengthOf(squaredEuclidean.pairwise, 0.04)).toBeCloseTo(Math.sqrt(0.04), 12)
  expect(lengthOf(scaled(3)(power(1.5)).pairwise, 0.04)).toBeCloseTo((0.04 / 3) ** (1 / 1.5), 12)
  expect(lengthOf(lp(3).pairwise, 0.04)).toBeUndefined()
  expect(lengthOf(power(1).pairwise, 0.04)).toBeUndefined()
  expect(lengthOf(lpPower(3, 2).pairwise, 0.04)).toBeCloseTo(Math.sqrt(0.04), 12)
})
