import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  cloudArbitrary,
  cloudsArbitrary,
  costArbitrary,
  directionArbitrary,
  kernelArbitrary,
  keyArbitrary,
  pairArbitrary,
  permutationArbitrary,
  positiveArbitrary,
  rigidMapArbitrary,
  vectorArbitrary,
} from '../index.js'
import type { Cloud, CloudShape } from '../index.js'

const holds = <A>(arbitrary: fc.Arbitrary<A>, body: (value: A) => void) => {
  fc.assert(fc.property(arbitrary, body), { numRuns: 300 })
}

/** What a failing property shrinks to. */
const smallest = <A>(arbitrary: fc.Arbitrary<A>, fails: (value: A) => boolean): A | undefined =>
  fc.check(
    fc.property(arbitrary, (value) => !fails(value)),
    { numRuns: 2000 },
  ).counterexample?.[0]

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

describe('clouds', () => {
  test('are measures: finite, of non-negative weights and mass 1', () => {
    holds(cloudArbitrary({ maxPoints: 6 }), ({ points, weights }) => {
      expect(points).toHaveLength(weights.length)
      expect(points.length).toBeGreaterThan(0)
      expect(points.length).toBeLessThanOrEqual(6)
      expect(points.flat().every((entry) => Number.isFinite(entry) && entry === Math.fround(entry))).toBe(true)
      expect(weights.every((weight) => weight >= 0)).toBe(true)
      expect(sum(weights)).toBeCloseTo(1, 14)
    })
  })

  test('have the dimension that was asked for, or any up to it', () => {
    holds(cloudArbitrary({ dimension: 2 }), ({ points }) => {
      expect(points.every((point) => point.length === 2)).toBe(true)
    })
    const seen = new Set(fc.sample(cloudArbitrary({ dimension: { max: 3 } }), 300).map(({ points }) => points[0]?.length))
    expect([...seen].toSorted()).toEqual([1, 2, 3])
  })

  test('share dimension and setting', () => {
    holds(cloudsArbitrary(3), ({ clouds, dimension, size, setting }) => {
      expect(clouds).toHaveLength(3)
      const offset = setting === 'far' ? 10_000 : 0
      for (const { points } of clouds)
        for (const point of points) {
          expect(point).toHaveLength(dimension)
          expect(Math.max(...point.map((entry) => Math.abs(entry - offset)))).toBeLessThanOrEqual(4 * size)
        }
    })
  })

  test('are of equal masses or not', () => {
    const masses = fc.sample(pairArbitrary({ mass: 'any' }), 100).map(({ mu, nu }) => sum(mu.weights) === sum(nu.weights))
    expect(masses.filter(Boolean).length).toBeLessThan(50)
  })

  const distinct = ({ points }: Cloud) => new Set(points.map((point) => point.join())).size
  test.each<readonly [CloudShape, (cloud: Cloud) => boolean]>([
    ['uniform', ({ weights }) => weights.every((weight) => weight === weights[0])],
    ['weighted', ({ weights }) => weights.every((weight) => weight > 0)],
    ['zero weights', ({ weights }) => weights.at(-1) !== 0],
    ['single', ({ points }) => points.length === 1],
    ['clustered', ({ points }) => points.flat().every((entry) => Math.abs(Math.abs(entry) - 1.5) < 0.01)],
    ['collinear', ({ points }) => points.every(([x = 0, y = 0]) => points.every(([u = 0, v = 0]) => Math.abs(x * v - y * u) < 1e-9))],
  ])('of shape %s are that', (shape, test_) => {
    holds(cloudArbitrary({ shapes: [shape], settings: ['near'], dimension: 2 }), (cloud) => {
      expect(test_(cloud)).toBe(true)
    })
  })

  test('of the rare kinds do occur', () => {
    const of = (shape: CloudShape) => fc.sample(cloudArbitrary({ shapes: [shape], dimension: 2 }), 100)
    expect(of('zero weights').some(({ weights }) => weights.includes(0))).toBe(true)
    expect(of('duplicates').some((cloud) => distinct(cloud) < cloud.points.length)).toBe(true)
    expect(of('collinear').some((cloud) => distinct(cloud) > 2)).toBe(true)
  })

  test('shrink to the smallest cloud that fails', () => {
    expect(smallest(cloudArbitrary(), ({ points }) => points.length >= 2)).toEqual({ points: [[0], [0]], weights: [0.5, 0.5] })
    expect(smallest(cloudArbitrary({ settings: ['near'] }), ({ points }) => points.some(([x = 0]) => x >= 1))).toEqual({
      points: [[1]],
      weights: [1],
    })
    const light = smallest(cloudArbitrary({ settings: ['near'] }), ({ weights }) => weights.includes(0))
    expect(light?.points).toEqual([[0], [0]])
  })
})

describe('maps', () => {
  test('permutations hold every number once', () => {
    holds(permutationArbitrary(5), (order) => {
      expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
    })
    expect(smallest(permutationArbitrary(4), () => true)).toEqual([0, 1, 2, 3])
    expect(new Set(fc.sample(permutationArbitrary(3), 300).map((order) => order.join())).size).toBe(6)
  })

  test('rigid maps are orthogonal, and shrink to the identity', () => {
    holds(rigidMapArbitrary(3), ({ matrix }) => {
      for (const [i, row] of matrix.entries())
        for (const [j, other] of matrix.entries())
          expect(sum(row.map((entry, axis) => entry * (other[axis] ?? NaN)))).toBeCloseTo(i === j ? 1 : 0, 12)
    })
    expect(smallest(rigidMapArbitrary(2), () => true)).toEqual({ matrix: [[1, 0], [0, 1]], offset: [0, 0] })
  })

  test('directions have norm 1', () => {
    holds(directionArbitrary(3), (direction) => {
      expect(Math.hypot(...direction)).toBeCloseTo(1, 14)
    })
    expect(smallest(directionArbitrary(2), () => true)).toEqual([1, 0])
  })

  test('vectors are exact in float32, positive numbers within their bounds', () => {
    holds(vectorArbitrary(2), (vector) => {
      expect(vector.every((entry) => entry * 16 === Math.round(entry * 16) && Math.abs(entry) <= 4)).toBe(true)
    })
    holds(positiveArbitrary(-3, 2), (value) => {
      expect(value).toBeGreaterThanOrEqual(1 / 8)
      expect(value).toBeLessThanOrEqual(4)
    })
    expect(smallest(positiveArbitrary(-3, 2), () => true)).toBe(1)
  })
})

describe('vocabulary', () => {
  test('keys, costs and kernels are what they say', () => {
    holds(fc.tuple(keyArbitrary(), costArbitrary(), kernelArbitrary()), ([key, cost, kernel]) => {
      expect(key.words).toHaveLength(4)
      expect(cost.pairwise.tag).toMatch(/radial|lp/)
      expect(kernel.definiteness).toMatch(/positive|conditional/)
    })
  })

  test('costs and kernels come in all kinds', () => {
    expect(new Set(fc.sample(costArbitrary(), 300).map(({ name }) => name)).size).toBe(8)
    expect(new Set(fc.sample(kernelArbitrary(), 300).map(({ name }) => name.split(' ')[0])).size).toBeGreaterThanOrEqual(5)
  })
})
