import { energy, gaussian, kernelNorm } from '@monge/kernels'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { fold, key, normal, uniform } from '@monge/random'
import type { Backend } from '@monge/backend'
import type { Measure } from '@monge/measures'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, isEngine, runs } from '../../../../tooling/testing/src/index.ts'
import { bootstrapInterval, kernelTest, neighbourReport, twoSampleReport } from '../index.js'

type Rows = readonly (readonly number[])[]

/** Different points on a coarse grid, so that no rounding decides. */
const rows = (least: number, most: number): fc.Arbitrary<Rows> =>
  fc.uniqueArray(fc.tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -30, max: 30 })), {
    minLength: least,
    maxLength: most,
    selector: String,
  })

const withClouds = <A>(backend: Backend, clouds: readonly Rows[], body: (...measures: readonly Measure[]) => A): A => {
  const measures = clouds.map((cloud) => measureOrThrow(fromArrays(cloud, undefined, backend)))
  try {
    return body(...measures)
  } finally {
    for (const measure of measures) disposeMeasure(measure)
  }
}

eachBackend('the kernel test', (backend) => {
  test('has p-values that are uniform under the null hypothesis', () => {
    const count = runs(200)
    const values = Array.from({ length: count }, (_, trial) => {
      const seed = fold(trial)(key(11))
      const draw = (part: number, points: number): Rows => {
        const z = normal(points)(fold(part)(seed))
        return Array.from(z, (value) => [value])
      }
      return withClouds(backend(), [draw(0, 7), draw(1, 9)], (mu, nu) =>
        kernelTest({ kernel: gaussian(1), key: fold(2)(seed), permutations: 19 })(backend())(mu as Measure, nu as Measure),
      ).pValue
    }).toSorted((one, other) => one - other)
    // Kolmogorov and Smirnov's distance to the uniform law on 1/20, …, 1, at the level .001.
    const levels = Array.from({ length: 20 }, (_, step) => (step + 1) / 20)
    const gaps = levels.map((level) => Math.abs(values.filter((value) => value <= level + 1e-9).length / count - level))
    expect(Math.max(...gaps)).toBeLessThan(1.95 / Math.sqrt(count))
  })

  test('does not see the order of points, nor which sample is which', () => {
    fc.assert(
      fc.property(rows(3, 4), rows(3, 4), (one, other) => {
        const pValue = (mu: Rows, nu: Rows): number =>
          withClouds(backend(), [mu, nu], (from, to) =>
            kernelTest({ kernel: energy(), key: key(1) })(backend())(from as Measure, to as Measure),
          ).pValue
        const straight = pValue(one, other)
        expect(pValue(one.toReversed(), other.toReversed())).toBe(straight)
        expect(pValue(other, one)).toBe(straight)
      }),
      { numRuns: runs(100) },
    )
  })

  test('gives the p-value 1 where the samples are equal', () => {
    fc.assert(
      fc.property(rows(2, 8), (cloud) => {
        const found = withClouds(backend(), [cloud, cloud], (mu, nu) =>
          kernelTest({ kernel: energy(), key: key(1), permutations: 29 })(backend())(mu as Measure, nu as Measure),
        )
        expect(found.pValue).toBe(1)
      }),
      { numRuns: runs(100) },
    )
  })
})

eachBackend('the neighbour report', (backend) => {
  const times = { numRuns: runs(100) }
  const report = (one: Rows, other: Rows, neighbours: number) =>
    withClouds(backend(), [one, other], (real, generated) =>
      neighbourReport({ neighbours })(real as Measure, generated as Measure),
    )

  test('covers all of a cloud with itself', () => {
    fc.assert(
      fc.property(rows(4, 10), (cloud) => {
        const found = report(cloud, cloud.toReversed(), 2)
        for (const share of [found.precision, found.recall, found.coverage]) expect(share).toBeCloseTo(1, 6)
        expect(found.density).toBeGreaterThanOrEqual(1)
      }),
      times,
    )
  })

  test('exchanges precision and recall with the clouds', () => {
    fc.assert(
      fc.property(rows(4, 10), rows(4, 10), (one, other) => {
        const [straight, swapped] = [report(one, other, 3), report(other, one, 3)]
        expect(swapped.precision).toBeCloseTo(straight.recall, 6)
        expect(swapped.recall).toBeCloseTo(straight.precision, 6)
      }),
      times,
    )
  })

  test('does not see the order of points, nor a common shift and scale', () => {
    fc.assert(
      fc.property(rows(4, 10), rows(4, 10), (one, other) => {
        const moved = (cloud: Rows): Rows => cloud.map((point) => point.map((value) => 4 * value + 64)).toReversed()
        const [straight, elsewhere] = [report(one, other, 2), report(moved(one), moved(other), 2)]
        for (const name of ['precision', 'recall', 'density', 'coverage'] as const)
          expect(elsewhere[name]).toBeCloseTo(straight[name], 5)
      }),
      times,
    )
  })

  test('expects a coverage of 1 - 2^-k and a density of 1 of two clouds of one law', () => {
    const count = 300
    const draw = (part: number): Rows => {
      const u = uniform({}, 2 * count)(fold(part)(key(21)))
      return Array.from({ length: count }, (_, i) => [u[2 * i] ?? 0, u[2 * i + 1] ?? 0])
    }
    const found = report(draw(0), draw(1), 3)
    expect(Math.abs(found.coverage - (1 - 2 ** -3))).toBeLessThan(0.06)
    expect(Math.abs(found.density - 1)).toBeLessThan(0.15)
  })
})

eachBackend('the bootstrap interval', (backend) => {
  const interval = (one: Rows, other: Rows, level: number) =>
    withClouds(backend(), [one, other], (mu, nu) =>
      bootstrapInterval({ key: key(5), resamples: 4, level })(kernelNorm(energy())(backend()))(mu as Measure, nu as Measure),
    )

  test('is the same for the same key, and the wider the surer', () => {
    fc.assert(
      fc.property(rows(2, 5), rows(2, 5), (one, other) => {
        const [narrow, wide] = [interval(one, other, 0.5), interval(one, other, 0.9)]
        expect(interval(one, other, 0.5)).toEqual(narrow)
        expect(narrow.value).toBe(wide.value)
        expect(narrow.low).toBeLessThanOrEqual(narrow.high)
        expect(wide.low).toBeLessThanOrEqual(narrow.low)
        expect(wide.high).toBeGreaterThanOrEqual(narrow.high)
        expect(narrow.standardError).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: runs(100) },
    )
  })

  test('of one point each is the value alone', () => {
    fc.assert(
      fc.property(rows(1, 1), rows(1, 1), (one, other) => {
        const { value, low, high, standardError } = interval(one, other, 0.9)
        expect(Math.max(Math.abs(low - value), Math.abs(high - value), standardError)).toBeLessThan(1e-5 * (1 + value))
      }),
      { numRuns: runs(100) },
    )
  })
})

eachBackend('the report on two samples', (backend) => {
  const report = (one: Rows, other: Rows) =>
    withClouds(backend(), [one, other], (real, generated) =>
      twoSampleReport({ key: key(2), resamples: 2, permutations: 4, directions: 2, neighbours: 1, sinkhorn: { blur: 5 } })(backend())(
        real as Measure,
        generated as Measure,
      ),
    )

  test('is the same for the same key, and finds no difference between a sample and itself', () => {
    fc.assert(
      fc.property(rows(3, 5), rows(3, 5), (one, other) => {
        const found = report(one, other)
        expect(report(one, other)).toEqual(found)
        expect(found.divergence.low).toBeLessThanOrEqual(found.divergence.high)
        expect(found.sliced).toBeGreaterThanOrEqual(0)
        const same = report(one, one)
        expect(Math.abs(same.divergence.value)).toBeLessThan(1e-2)
        expect(same.sliced).toBeLessThan(1e-2)
        expect(same.test.pValue).toBe(1)
        expect([same.neighbours.precision, same.neighbours.recall, same.neighbours.coverage]).toEqual([1, 1, 1])
      }),
      { numRuns: isEngine(backend()) ? runs(100) : runs(10, 'a report is some thousand tensor operations') },
    )
  })
})
