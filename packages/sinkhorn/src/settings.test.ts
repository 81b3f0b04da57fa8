import type { Backend } from '@monge/backend'
import type { Cost } from '@monge/costs'
import { fromMatrix, halfSquaredEuclidean, squaredEuclidean } from '@monge/costs'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { isMongeError } from '@monge/errors'
import { describe, expect, test } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import { epsilonsOf, suited } from './clouds.js'
import { pairOfCells } from './coarse.js'
import { annealing, leap } from './index.js'
import { settingsOf } from './options.js'
import { shortLeap } from './schedule.js'

const free = ({ pairwise }: Cost): void => {
  if (pairwise.tag === 'matrix') pairwise.entries.dispose()
}

describe('settings', () => {
  test('are in units of cost, and what is left open has its default', () => {
    expect(settingsOf('test', {})).toMatchObject({
      p: 2,
      epsilon: 0.05 ** 2,
      rho: undefined,
      largestCost: undefined,
      tolerance: undefined,
      maximumIterations: 100_000,
      acceleration: undefined,
      leaps: false,
    })
    expect(settingsOf('test', { p: 3, blur: 0.5, reach: 2, diameter: 4 })).toMatchObject({ epsilon: 0.125, rho: 8, largestCost: 64 })
    expect(settingsOf('test', { cost: squaredEuclidean }).cost).toBe(squaredEuclidean)
    expect(settingsOf('test', {}).cost.pairwise).toEqual(halfSquaredEuclidean.pairwise)
  })

  test('anneal by a half, and by nine tenths to a tolerance', () => {
    const epsilons = (options: Parameters<typeof settingsOf>[1]): readonly number[] => settingsOf('test', options).schedule(100, 1)
    expect(epsilons({})).toEqual(annealing(0.5, 2)(100, 1))
    expect(epsilons({ tolerance: 1e-3 })).toEqual(annealing(0.9, 2)(100, 1))
    expect(epsilons({ tolerance: 1e-3, scaling: 0.7, p: 1 })).toEqual(annealing(0.7, 1)(100, 1))
    expect(epsilons({ schedule: leap })).toEqual(leap(100, 1))
  })

  test('leave the way to us where nothing but a tolerance is said of it', () => {
    const leaps = (options: Parameters<typeof settingsOf>[1]): boolean => settingsOf('test', options).leaps
    expect(leaps({ tolerance: 1e-3, p: 1, blur: 1, reach: 1, diameter: 1, maximumIterations: 5 })).toBe(true)
    expect([{}, { tolerance: 1, scaling: 0.5 }, { tolerance: 1, schedule: leap }, { tolerance: 1, acceleration: { kind: 'none' } } as const].map(leaps)).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})

eachBackend('for two measures', (backend) => {
  const between = <A>(x: readonly (readonly number[])[], y: readonly (readonly number[])[], body: (mu: Measure, nu: Measure) => A): A => {
    const [mu, nu] = [x, y].map((points) => measureOrThrow(fromArrays(points, undefined, backend()))) as [Measure, Measure]
    try {
      return (backend() as Backend).within(() => body(mu, nu))
    } finally {
      for (const measure of [mu, nu]) disposeMeasure(measure)
    }
  }
  const grid = (count: number, apart: number): number[][] => Array.from({ length: count }, (_, i) => [apart * i])

  test('settings leap from 65,536 pairs of points on, shortly over a matrix', () => {
    const settings = settingsOf('test', { tolerance: 1e-3 })
    between(grid(256, 1), grid(255, 1), (mu, nu) => expect(suited(settings, mu, nu).leaps).toBe(false))
    between(grid(256, 1), grid(256, 1), (mu, nu) => {
      expect(suited(settings, mu, nu)).toEqual({ ...settings, schedule: leap })
      const plain = settingsOf('test', {})
      expect(suited(plain, mu, nu)).toBe(plain)
      const cost = fromMatrix({ data: new Float64Array(256 * 256), shape: [256, 256] }, backend())
      expect(suited({ ...settings, cost }, mu, nu).schedule).toBe(shortLeap)
      free(cost)
    })
  })

  test('annealing begins at the largest cost: the diagonal’s, the spread of a matrix, or what is said', () => {
    const first = (options: Parameters<typeof settingsOf>[1]) => (mu: Measure, nu: Measure): number =>
      epsilonsOf(settingsOf('test', options), backend().precision, mu, nu)[0] ?? NaN
    between([[0, 0], [1, 0]], [[3, 4], [0, 2]], (mu, nu) => {
      expect(first({})(mu, nu)).toBeCloseTo(25, 4)
      expect(first({ p: 1 })(mu, nu)).toBeCloseTo(5, 4)
      expect(first({ diameter: 7 })(mu, nu)).toBe(49)
      const cost = fromMatrix({ data: [2, -1, 5, 0.5], shape: [2, 2] }, backend())
      expect(first({ cost })(mu, nu)).toBe(6)
      free(cost)
    })
  })

  test('schedules that are none, and costs that no number holds, are refused', () => {
    const tagOf = (body: () => unknown): string => {
      try {
        body()
        return 'none'
      } catch (error) {
        return isMongeError(error) ? error.tag : String(error)
      }
    }
    const epsilon = 0.25
    const tag = (options: Parameters<typeof settingsOf>[1]) => (mu: Measure, nu: Measure): string =>
      tagOf(() => epsilonsOf(settingsOf('test', { blur: Math.sqrt(epsilon), ...options }), backend().precision, mu, nu))
    between(grid(2, 1), grid(2, 1), (mu, nu) => {
      const given = (...epsilons: readonly number[]) => tag({ schedule: () => epsilons })(mu, nu)
      expect([given(1, epsilon), given(epsilon), given()]).toEqual(['none', 'none', 'InvalidOption'])
      expect([given(0, epsilon), given(-1, epsilon), given(Infinity, epsilon), given(NaN, epsilon), given(1, 0.5)]).toEqual(
        Array.from({ length: 5 }, () => 'InvalidOption'),
      )
      const limit = backend().precision === 'float64' ? 1e150 : 1e18
      expect([tag({ diameter: 0.9 * limit })(mu, nu), tag({ diameter: 1.1 * limit })(mu, nu)]).toEqual(['none', 'InvalidArgument'])
    })
  })

  describe('cells', () => {
    const settings = (blur: number) => settingsOf('test', { blur, tolerance: 1e-3 })
    // Points a thousandth apart, of which a cell as wide as w has 1000 w.
    const [n, m] = [600, 500]
    const x = grid(n, 0.001)
    const y = grid(m, 0.001)
    const counts = (blur: number): readonly number[] | undefined =>
      between(x, y, (mu, nu) => pairOfCells(settings(blur), mu, nu)?.map(({ weights }) => weights.length))
    /** Cells of a row of points. */
    const cells = (count: number, width: number): number => Math.floor((0.001 * (count - 1)) / width) + 1

    test('are the finest of which there are a quarter as many as points, finer for the source', () => {
      const length = (blur: number): number => Math.SQRT2 * blur
      expect(counts(0.01)).toEqual([cells(n, 0.85 * 1.06 * length(0.01)), cells(m, 1.06 * length(0.01))])
      // Widths of four thousandths: of the target's points there is a quarter as many cells from there on.
      for (const width of [1.06, 1.41, 1.77]) {
        const blur = 0.0042 / (Math.SQRT2 * width)
        const found = counts(blur)
        expect(found?.[1]).toBe(cells(m, 0.0042))
        // Finer cells of the source would be too many.
        expect(found?.[0]).toBe(cells(n, 0.0042))
      }
      expect(counts(0.0038 / (Math.SQRT2 * 1.77))).toBeUndefined()
    })

    test('are none for costs of which nothing is known, and of the target as many as are soon factored', () => {
      between(x, y, (mu, nu) => expect(pairOfCells(settingsOf('test', { p: 1, tolerance: 1e-3 }), mu, nu)).toBeUndefined())
      // Of 20 points against 600, the cube root of 72,000 is 41: few points of the other side afford few cells.
      between(grid(8, 1), grid(m, 0.001), (mu, nu) => {
        const [from, to] = pairOfCells(settings(4), mu, nu) ?? []
        expect([from?.weights.length, to?.weights.length]).toEqual([2, 1])
        const fine = pairOfCells(settings(0.01), mu, nu)
        expect(fine).toBeUndefined()
      })
    })
  })
})
