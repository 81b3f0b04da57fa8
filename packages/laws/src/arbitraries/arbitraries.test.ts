import { halfSquaredEuclidean, lp } from '@monge/costs'
import { gaussian } from '@monge/kernels'
import { key as keyOf } from '@monge/random'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  affineMapArbitrary,
  cloudArbitrary,
  cloudShapes,
  cloudsArbitrary,
  costArbitrary,
  directionArbitrary,
  kernelArbitrary,
  keyArbitrary,
  pairArbitrary,
  permutationArbitrary,
  planArbitrary,
  plannedPairArbitrary,
  positiveArbitrary,
  potentialArbitrary,
  rigidMapArbitrary,
  vectorArbitrary,
} from '../index.js'
import type { Cloud, CloudShape, Setting } from '../index.js'

const holds = <A>(arbitrary: fc.Arbitrary<A>, body: (value: A) => void, numRuns = 300) => {
  fc.assert(fc.property(arbitrary, body), { numRuns })
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

  test('have the shape that was asked for, and without one each of them', () => {
    const sameRow = (one: readonly number[] = [], other: readonly number[] = []): boolean => one.every((entry, axis) => entry === other[axis])
    const is: Readonly<Record<CloudShape, (cloud: Cloud) => boolean>> = {
      uniform: ({ weights }) => weights.every((weight) => weight === weights[0]),
      weighted: ({ weights }) => weights.every((weight) => weight > 0),
      'zero weights': ({ weights }) => (weights.at(-1) ?? 0) > 0,
      // Each point is one of those before it, or itself.
      duplicates: ({ points }) => points.length > 0,
      collinear: ({ points }) =>
        points.every((point) => {
          const direction = points.find((other) => other.some((entry) => entry !== 0)) ?? []
          const along = direction.findIndex((entry) => entry !== 0)
          if (along < 0) return true
          const factor = (point[along] ?? 0) / (direction[along] ?? 1)
          return point.every((entry, axis) => Math.abs(entry - factor * (direction[axis] ?? 0)) <= 1e-12)
        }),
      clustered: ({ points }) => points.every((point) => Math.max(...point) - Math.min(...point) <= 2 ** -5),
      single: ({ points }) => points.length === 1,
    }
    expect(Object.keys(is).toSorted()).toEqual([...cloudShapes].toSorted())
    for (const shape of cloudShapes) {
      const clouds = cloudArbitrary({ shapes: [shape], settings: ['near'], maxPoints: 6, dimension: 2 })
      const asAsked = (cloud: Cloud): void => {
        expect(is[shape](cloud), shape).toBe(true)
      }
      holds(clouds, asAsked, 100)
    }
    const drawn = (shapes?: readonly CloudShape[]): readonly Cloud[] =>
      fc.sample(cloudArbitrary({ ...(shapes && { shapes }), settings: ['near'], maxPoints: 6, dimension: 2 }), 300)
    const signs: readonly (readonly [CloudShape, (cloud: Cloud) => boolean])[] = [
      ['zero weights', ({ weights }) => weights.includes(0)],
      ['duplicates', ({ points }) => points.some((point, index) => points.slice(0, index).some((other) => sameRow(point, other)))],
      ['weighted', ({ weights }) => new Set(weights).size > 1],
    ]
    for (const [shape, shows] of signs) {
      expect(drawn([shape]).some(shows), shape).toBe(true)
      expect(drawn().some(shows), `any, ${shape} among them`).toBe(true)
    }
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

  test('shrinks to the simplest that fails', () => {
    expect(smallest(costArbitrary(), () => true)?.name).toBe(halfSquaredEuclidean.name)
    expect(smallest(costArbitrary(), ({ pairwise }) => pairwise.tag === 'lp')?.name).toBe(lp(1).name)
    expect(smallest(kernelArbitrary(), () => true)?.name).toBe(gaussian(1).name)
    expect(smallest(kernelArbitrary(2), ({ definiteness }) => definiteness === 'conditional')?.definiteness).toBe('conditional')
    expect(smallest(keyArbitrary(), () => true)).toEqual(keyOf(0))
    expect(smallest(vectorArbitrary(3), ([, second = 0]) => second > 1)).toEqual([0, 1.0625, 0])
    expect(smallest(permutationArbitrary(5), ([first]) => first === 3)).toEqual([3, 0, 1, 2, 4])
  })

  test('costs and kernels come in all kinds', () => {
    expect(new Set(fc.sample(costArbitrary(), 300).map(({ name }) => name)).size).toBe(8)
    expect(new Set(fc.sample(kernelArbitrary(), 300).map(({ name }) => name.split(' ')[0])).size).toBeGreaterThanOrEqual(5)
  })
})

describe('affine maps', () => {
  test('have the shape that was asked for, and shrink to zero', () => {
    holds(affineMapArbitrary(3, 2), ({ matrix, offset }) => {
      expect(matrix.map((row) => row.length)).toEqual([3, 3])
      expect(offset).toHaveLength(2)
    })
    expect(smallest(affineMapArbitrary(2), () => true)).toEqual({ matrix: [[0, 0], [0, 0]], offset: [0, 0] })
    const steep = smallest(affineMapArbitrary(2), ({ matrix }) => (matrix[0]?.[0] ?? 0) >= 1)
    expect(steep).toEqual({ matrix: [[1, 0], [0, 0]], offset: [0, 0] })
  })
})

describe('plans', () => {
  test('have the weights for marginals', () => {
    holds(plannedPairArbitrary({ maxPoints: 6 }), ({ pair: { mu, nu }, plan }) => {
      expect(plan.flat().every((entry) => entry >= 0)).toBe(true)
      mu.weights.forEach((weight, i) => expect(sum(plan[i] ?? [])).toBeCloseTo(weight, 14))
      nu.weights.forEach((weight, j) => expect(sum(plan.map((row) => row[j] ?? NaN))).toBeCloseTo(weight, 14))
    })
  })

  test('are sparse and full, and shrink to a sparse one between the smallest clouds that fail', () => {
    const filled = (plan: readonly (readonly number[])[]) => plan.flat().filter((entry) => entry > 0).length
    const counts = new Set(fc.sample(planArbitrary([0.25, 0.75], [0.5, 0.5]), 100).map(filled))
    expect([...counts].toSorted()).toEqual([3, 4])
    const spread = smallest(plannedPairArbitrary({ settings: ['near'] }), ({ plan }) => (plan[0] ?? []).filter((entry) => entry > 0).length > 1)
    expect(spread?.plan).toEqual([[0.5, 0.5]])
    expect(spread?.pair).toMatchObject({ mu: { points: [[0]] }, nu: { points: [[0], [0]] } })
  })
})

describe('potentials of targets', () => {
  test('have the derivative of their value for gradient', () => {
    const cases = fc.integer({ min: 1, max: 3 }).chain((d) => fc.tuple(potentialArbitrary(d), vectorArbitrary(d), vectorArbitrary(d)))
    holds(cases, ([{ value, gradient }, centre, direction]) => {
      const x = centre.map((entry) => entry / 4)
      const along = (by: number) => value(x.map((entry, axis) => entry + by * (direction[axis] ?? 0)))
      const step = 2 ** -10
      const expected = (8 * (along(step) - along(-step)) - (along(2 * step) - along(-2 * step))) / (12 * step)
      const found = sum(gradient(x).map((entry, axis) => entry * (direction[axis] ?? 0)))
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-5 * (1 + Math.abs(expected) + Math.abs(along(0))))
    })
  })

  test('have the moments that they tell of', () => {
    holds(potentialArbitrary(1), ({ value, mean, covariance }) => {
      // The trapezoidal rule, which is exact to rounding for what is smooth and gone at the ends.
      const nodes = Array.from({ length: 20_001 }, (_, k) => (k - 10_000) / 250)
      const least = Math.min(...nodes.map((x) => value([x])))
      const masses = nodes.map((x) => Math.exp(least - value([x])))
      const moment = (order: number, about = 0) => sum(nodes.map((x, k) => (x - about) ** order * (masses[k] ?? 0))) / sum(masses)
      expect(Math.abs(moment(1) - (mean?.[0] ?? NaN))).toBeLessThanOrEqual(1e-6)
      const [[variance = NaN] = []] = covariance ?? [[moment(2)]]
      expect(Math.abs(moment(2, moment(1)) - variance)).toBeLessThanOrEqual(1e-5 * variance)
    }, 40)
  })

  test('come in all kinds, and shrink to the standard normal law', () => {
    expect(new Set(fc.sample(potentialArbitrary(2), 200).map(({ name }) => name)).size).toBe(4)
    const plain = smallest(potentialArbitrary(2), () => true)
    expect(plain).toMatchObject({ name: 'normal', mean: [0, 0], covariance: [[1, 0], [0, 1]] })
  })
})

describe('pairs of unequal mass', () => {
  test('shrink to the smallest that fails', () => {
    const unequal = smallest(pairArbitrary({ mass: 'any', settings: ['near'] }), ({ mu, nu }) => sum(mu.weights) > sum(nu.weights))
    expect(unequal?.mu.points.length).toBeLessThanOrEqual(2)
    expect(unequal?.nu).toEqual({ points: [[0]], weights: [1 / 16] })
    expect(sum(unequal?.mu.weights ?? [])).toBe(1 / 8)
  })
})

describe('rare shapes', () => {
  test.each<readonly [CloudShape, (cloud: Cloud) => boolean, number]>([
    ['duplicates', (cloud) => cloud.points.some((point, i) => cloud.points.some((other, j) => i < j && point.join() === other.join())), 2],
    ['zero weights', ({ weights }) => weights.includes(0), 2],
    ['collinear', ({ points }) => points.length > 2, 3],
    ['clustered', ({ points }) => new Set(points.map(([x = 0]) => Math.sign(x))).size > 1, 2],
    ['single', ({ points }) => points.length === 1, 1],
  ])('%s shrink to as few points as show the fault', (shape, fails, points) => {
    expect(smallest(cloudArbitrary({ shapes: [shape] }), fails)?.points).toHaveLength(points)
  })
  test.each<readonly [Setting, (cloud: Cloud) => boolean, number]>([
    ['far', ({ points }) => points.flat().some((entry) => entry > 5000), 10_000],
    ['huge', ({ points }) => points.flat().some((entry) => entry > 5000), 2 ** 20 / 128],
    ['tiny', ({ points }) => points.flat().some((entry) => entry > 0), 2 ** -28],
  ])('%s shrink to one point of one coordinate', (setting, fails, coordinate) => {
    expect(smallest(cloudArbitrary({ settings: [setting], dimension: 1 }), fails)).toEqual({ points: [[coordinate]], weights: [1] })
  })
})
