import { tensorFrom } from '@monge/backend'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs } from '../../../../tooling/testing/src/index.ts'
import { plannedPairArbitrary, cloudArbitrary, permutationArbitrary } from '../index.js'
import {
  assertCloseToMeasure,
  assertMarginals,
  assertMeasure,
  measureMatchers,
  toBeCloseToMeasure,
  toBeMeasure,
  toHaveMarginals,
} from './index.js'
import type { MeasureMatchers } from './index.js'

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface Matchers<T> extends MeasureMatchers<T> {
    readonly measures?: never
  }
}

expect.extend(measureMatchers)

describe('matchers without a runner', () => {
  test('are those of the record, and say yes or no of any cloud and plan', () => {
    expect(measureMatchers).toEqual({ toBeCloseToMeasure, toBeMeasure, toHaveMarginals })
    fc.assert(
      fc.property(cloudArbitrary({ settings: ['near'] }), plannedPairArbitrary(), fc.nat(), (cloud, { pair, plan }, at) => {
        const { points, weights } = cloud
        const index = at % weights.length
        const instead = (weight: number): readonly number[] => weights.map((old, i) => (i === index ? weight : old))
        expect(toBeMeasure(cloud).pass).toBe(true)
        expect(toBeMeasure({ points, weights: instead(-1) }).pass).toBe(false)
        expect(toBeCloseToMeasure(cloud, { points: points.toReversed(), weights: weights.toReversed() }).pass).toBe(true)
        expect(toBeCloseToMeasure(cloud, { points, weights: instead(2) }).pass).toBe(false)
        expect(toHaveMarginals(plan, pair.mu, pair.nu).pass).toBe(true)
        const heavier = { ...pair.mu, weights: pair.mu.weights.map((weight, i) => (i === 0 ? weight + 1 : weight)) }
        expect(toHaveMarginals(plan, heavier, pair.nu).pass).toBe(false)
      }),
      { numRuns: runs(100) },
    )
  })
})

const said = (body: () => void): string => {
  try {
    body()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return 'nothing'
}

describe('assertions', () => {
  const thrownBy = (body: () => void): unknown => {
    try {
      body()
    } catch (error) {
      return error
    }
    return undefined
  }

  test('throw where matchers do not pass, in the same words, as node:assert does', () => {
    fc.assert(
      fc.property(cloudArbitrary({ settings: ['near'] }), plannedPairArbitrary(), (cloud, { pair: { mu, nu }, plan }) => {
        const heavier = { ...cloud, weights: cloud.weights.map((weight) => weight * 2) }
        const cases = [
          [() => assertMeasure(cloud), toBeMeasure(cloud)],
          [() => assertMeasure(cloud, { mass: 2 }), toBeMeasure(cloud, { mass: 2 })],
          [() => assertMeasure(plan), toBeMeasure(plan)],
          [() => assertMarginals(plan, mu, nu), toHaveMarginals(plan, mu, nu)],
          [() => assertMarginals(plan, heavier, nu), toHaveMarginals(plan, heavier, nu)],
          [() => assertMarginals(plan, mu, nu, { accuracy: -1 }), toHaveMarginals(plan, mu, nu, { accuracy: -1 })],
          [() => assertCloseToMeasure(cloud, cloud), toBeCloseToMeasure(cloud, cloud)],
          [() => assertCloseToMeasure(cloud, heavier), toBeCloseToMeasure(cloud, heavier)],
          [() => assertCloseToMeasure(cloud, heavier, { mass: 2 }), toBeCloseToMeasure(cloud, heavier, { mass: 2 })],
        ] as const
        expect(cases.map(([, { pass }]) => pass)).toEqual([true, false, false, true, false, false, true, false, true])
        for (const [body, { pass, message }] of cases) {
          const error = thrownBy(body) as (Error & { readonly code: string }) | undefined
          const words = error && [error.name, error.code, error.message]
          expect(words).toEqual(pass ? undefined : ['AssertionError', 'ERR_ASSERTION', message()])
        }
      }),
      { numRuns: runs(100) },
    )
  })

  test('show where they were called, not where they failed', () => {
    const error = thrownBy(() => assertMeasure(undefined))
    expect(error).toBeInstanceOf(Error)
    expect((error as Error).stack?.split('\n')[1]).toContain('matchers.test')
  })
})

describe('toBeMeasure', () => {
  test('accepts measures as arrays', () => {
    expect({ points: [[0, 1], [2, 3]], weights: [0.5, 0] }).toBeMeasure({ points: 2, dimension: 2, mass: 0.5 })
    expect({ points: [Float32Array.of(1)], weights: Float64Array.of(1) }).toBeMeasure()
  })

  test.each<readonly [unknown, string]>([
    [undefined, 'it is no record of points and weights'],
    [{ points: [[0]], weights: [1, 2] }, 'it has 1 points and 2 weights'],
    [{ points: [], weights: [] }, 'it has no points'],
    [{ points: [[]], weights: [1] }, 'its points have no coordinates'],
    [{ points: [[0], [0, 1]], weights: [1, 1] }, 'point 1 has 2 coordinates, and point 0 has 1'],
    [{ points: [[0, 1], [0, NaN]], weights: [1, 1] }, 'coordinate 1 of point 1 is NaN'],
    [{ points: [[0], [1]], weights: [1, -0.25] }, 'weight 1 is -0.25'],
    [{ points: [[0], [1]], weights: [0, 0] }, 'all its weights are zero'],
    [{ points: [['a']], weights: [1] }, 'its points are no matrix of numbers'],
    [{ points: [[0]], weights: 1 }, 'its weights are no list of numbers'],
  ])('says of %j what is wrong', (value, fault) => {
    expect(said(() => expect(value).toBeMeasure())).toBe(`expected a measure: ${fault}`)
    expect(value).not.toBeMeasure()
  })

  test('says what differs, and when nothing does', () => {
    const measure = { points: [[0, 0]], weights: [2] }
    expect(said(() => expect(measure).toBeMeasure({ mass: 1 }))).toBe('expected a measure: its mass is 2, not 1')
    expect(said(() => expect(measure).toBeMeasure({ points: 2 }))).toBe('expected a measure: it has 1 points, not 2')
    expect(said(() => expect(measure).toBeMeasure({ dimension: 1 }))).toBe('expected a measure: it is of dimension 2, not 1')
    expect(said(() => expect(measure).not.toBeMeasure())).toBe('expected anything but a measure')
  })
})

describe('toHaveMarginals', () => {
  test('accepts the plans of the arbitraries, as a matrix and by their entries', () => {
    fc.assert(
      fc.property(plannedPairArbitrary(), ({ pair: { mu, nu }, plan }) => {
        expect(plan).toHaveMarginals(mu, nu.weights)
        const entries = plan.flatMap((row, i) => row.map((mass, j) => ({ mass, i, j })))
        const [rows, columns, masses] = [entries.map(({ i }) => i), entries.map(({ j }) => j), entries.map(({ mass }) => mass)]
        expect({ rows, columns, masses }).toHaveMarginals(mu.weights, nu)
        expect({ shape: [plan.length, nu.weights.length], rows, columns, masses }).toHaveMarginals(mu.weights, nu)
      }),
      { numRuns: runs(100) },
    )
  })

  const [a, b] = [[0.5, 0.5], [0.25, 0.75]]
  test.each<readonly [unknown, string]>([
    [[[0.25, 0.25], [0, 0.25]], 'row 1 sums to 0.25, not 0.5'],
    [[[0.5, 0], [0, 0.5]], 'column 0 sums to 0.5, not 0.25 within'],
    [[[0.25, 0.25], [-0.1, 0.6]], 'entry [1, 0] is -0.1'],
    [[[0.25, 0.25], [0, NaN]], 'entry [1, 1] is NaN'],
    [[[0.25, 0.75]], 'it is 1 by 2, and the marginals have 2 and 2 points'],
    [{ rows: [0], columns: [2], masses: [1] }, 'entry 0 stands at [0, 2], outside of 2 by 2'],
    [7, 'it is neither a matrix nor a record of rows, columns and masses'],
  ])('says of %j what broke where', (plan, fault) => {
    expect(said(() => expect(plan).toHaveMarginals(a, b))).toContain(`expected a plan with the given marginals: ${fault}`)
  })

  test('says which is the worst', () => {
    expect(said(() => expect([[0.5, 0], [0, 0.5]]).toHaveMarginals(a, b))).toContain('(the worst of 2); the plan\'s mass is 1')
    expect([[0.5, 0], [0, 0.5]]).toHaveMarginals(a, b, { accuracy: 0.3 })
    expect([[0.5, 0], [0, 0.5]]).not.toHaveMarginals(a, [0.25, 0.25, 0.5])
  })
})

describe('toBeCloseToMeasure', () => {
  test('does not see order, splits and points of weight zero', () => {
    const cases = cloudArbitrary({ settings: ['near', 'far', 'tiny', 'huge'] }).chain((cloud) =>
      fc.record({ cloud: fc.constant(cloud), order: permutationArbitrary(cloud.points.length) }),
    )
    fc.assert(
      fc.property(cases, ({ cloud: { points, weights }, order }) => {
        const [first = []] = points
        const [weight = 0] = weights
        const split = {
          points: [...order.map((row) => points[row] ?? []), first, first.map((entry) => entry + 1)],
          weights: [...order.map((row) => (row === 0 ? weight / 4 : (weights[row] ?? 0))), (weight * 3) / 4, 0],
        }
        expect(split).toBeCloseToMeasure({ points, weights })
        const moved = { points: points.map((point) => point.map((entry) => entry * 1.01 + 1)), weights }
        expect(moved).not.toBeCloseToMeasure({ points, weights })
        expect({ points, weights: weights.map((entry) => entry * 1.001) }).not.toBeCloseToMeasure({ points, weights })
      }),
      { numRuns: runs(100) },
    )
  })

  const expected = { points: [[0, 0], [1, 0]], weights: [0.5, 0.5] }
  test.each<readonly [unknown, string]>([
    [{ ...expected, weights: [0.25, 0.75] }, 'at (0, 0) it has mass 0.25, not 0.5 within 1.4210854715202004e-14 (the worst of 2 places)'],
    [{ points: [[0, 0], [1, 0.5]], weights: [0.5, 0.5] }, 'the nearest mass of the given one lies at (1, 0), 0.5 away'],
    [{ points: [[0], [1]], weights: [0.5, 0.5] }, 'it is of dimension 1, not 2'],
    [{ points: [[0, 0], [1, 0]], weights: [0.5, -0.5] }, 'weight 1 is -0.5'],
    [[], 'it is no record of points and weights'],
  ])('says of %j where it differs', (value, fault) => {
    expect(said(() => expect(value).toBeCloseToMeasure(expected))).toContain(fault)
  })

  test('allows what it is told to', () => {
    expect({ points: [[0.1, 0], [1, 0]], weights: [0.5, 0.5] }).toBeCloseToMeasure(expected, { distance: 0.2 })
    expect({ ...expected, weights: [0.45, 0.55] }).toBeCloseToMeasure(expected, { mass: 0.1 })
    expect(said(() => expect(expected).toBeCloseToMeasure({ points: [], weights: [] }))).toContain('of the given one, it has no points')
  })
})

eachBackend('matchers', () => {
  test('read tensors, in their precision', () => {
    const thirds: Measure = measureOrThrow(fromArrays([[0.1], [0.2], [0.3]], [1 / 3, 1 / 3, 1 / 3]))
    expect(thirds).toBeMeasure({ mass: 1, points: 3 })
    expect(thirds).toBeCloseToMeasure({ points: [[0.3], [0.1], [0.2]], weights: [1 / 3, 1 / 3, 1 / 3] })
    const plan = tensorFrom([1 / 3, 0, 0, 0, 1 / 3, 0, 0, 0, 1 / 3], [3, 3])
    expect(plan).toHaveMarginals(thirds, [1 / 3, 1 / 3, 1 / 3])
    expect(plan).not.toHaveMarginals(thirds, [1 / 3, 1 / 3, 1 / 3 + 1e-4])
    plan.dispose()
    disposeMeasure(thirds)
    expect(said(() => expect(thirds).toBeMeasure())).toBe('expected a measure: its points have been disposed of')
  })
})
