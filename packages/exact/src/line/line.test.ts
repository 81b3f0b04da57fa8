import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectNear } from '../../testing/near.ts'
import { pot } from '../../fixtures/pot.ts'
import {
  emd,
  empiricalLaw,
  lawGeodesic,
  monotoneMap,
  normalLaw,
  uniformLaw,
  wasserstein1d,
  wassersteinCircle,
  wassersteinLaws,
} from '../index.js'

const isRows = (values: readonly number[] | readonly (readonly number[])[]): values is readonly (readonly number[])[] =>
  Array.isArray(values[0])

describe('wasserstein1d', () => {
  const cases = pot.wasserstein1d.cases.flatMap(({ name, x, y, a, b, Wp_p }) =>
    Object.entries(Wp_p).flatMap(([p, value]) =>
      [value].flat().map((expected, column) => ({
        name: `${name} ${column}, p = ${p}`,
        p: Number(p),
        expected,
        x: isRows(x) ? x.map((row) => row[column]) : x,
        y: isRows(y) ? y.map((row) => row[column]) : y,
        weights: a === null || b === null ? {} : { a, b },
      })),
    ),
  )
  test.each(cases)('agrees with POT: $name', ({ expected, x, y, p, weights }) => {
    const { cost, distance, gap } = wasserstein1d({ x, y, p, ...weights })
    expect(Math.abs(cost - expected)).toBeLessThanOrEqual(1e-12)
    expect(distance).toBeCloseTo(expected ** (1 / p), 12)
    expect(Math.abs(gap)).toBeLessThanOrEqual(1e-13)
  })

  test('takes any convex cost', () => {
    const x = [0.3, -1, 2, 0.5]
    const y = [1, 0, -2, 4]
    const convex = (gap: number): number => Math.cosh(gap) + gap
    const general = emd({ cost: x.map((one) => y.map((other) => convex(one - other))) })
    const { cost, gap } = wasserstein1d({ x, y, convex })
    expect(cost).toBeCloseTo(general.cost, 12)
    expect(Math.abs(gap)).toBeLessThanOrEqual(1e-12)
  })

  test('leaves points without weight out, wherever they lie, and has feasible potentials there', () => {
    const problems = [
      { x: [0], a: [1], y: [1, 2, -3], b: [1, 0, 0] },
      { x: [1, 2, -3], a: [1, 0, 0], y: [0], b: [1] },
      { x: [5, 0, 7], a: [0, 1, 0], y: [9, 1], b: [0, 1] },
    ]
    for (const problem of problems) {
      const { plan, cost, f, g, gap } = wasserstein1d({ ...problem, p: 2 })
      expect([cost, gap, plan.masses.length]).toEqual([1, 0, 1])
      problem.x.forEach((x, i) =>
        problem.y.forEach((y, j) => expect(f[i] + g[j]).toBeLessThanOrEqual((x - y) ** 2 + 1e-12)),
      )
    }
  })

  test('refuses what is no such problem, each with its own word', () => {
    const tags = [
      () => wasserstein1d({ x: [1, 2], y: [1], a: [1, 1], b: [1] }),
      () => wasserstein1d({ x: [1, Number.NaN], y: [1] }),
      () => wasserstein1d({ x: [], y: [1] }),
      () => wasserstein1d({ x: [1], y: [1], a: [1, 2] }),
      () => wasserstein1d({ x: [1], y: [1], a: [-1] }),
      () => wasserstein1d({ x: [1], y: [1], p: 0.5 }),
    ].map((attempt) => {
      try {
        attempt()
        return 'nothing'
      } catch (error) {
        return (error as { readonly tag?: string }).tag
      }
    })
    const expected = ['MassMismatch', 'InvalidArgument', 'InvalidArgument', 'DimensionMismatch', 'InvalidMeasure']
    expect(tags).toEqual([...expected, 'InvalidOption'])
  })
})

describe('laws on the line', () => {
  test('two normal laws are as far apart as the closed form says', () => {
    const { cost, error } = wassersteinLaws({ from: normalLaw(0, 1), to: normalLaw(5, 2) })
    expect(Math.abs(cost - 26)).toBeLessThanOrEqual(1e-8)
    expect(Math.abs(cost - 26)).toBeLessThanOrEqual(Math.max(error, 1e-12))
  })

  test('a normal law keeps its quantiles and its distribution inverse to one another', () => {
    const law = normalLaw(0, 1)
    for (const t of [1e-300, 1e-12, 0.001, 0.3, 0.5, 0.8, 0.999])
      expect(Math.abs(law.distribution(law.quantile(t)) / t - 1)).toBeLessThanOrEqual(1e-12)
    expect(law.quantile(0.975)).toBeCloseTo(1.959963984540054, 13)
    expect(law.distribution(-5)).toBeCloseTo(2.866515718791939e-7, 19)
  })

  test('the map between normal laws is affine', () => {
    const map = monotoneMap(normalLaw(0, 1), normalLaw(5, 2))
    expectNear([-2, -0.5, 0, 1, 3].map(map), [1, 4, 5, 7, 11], 1e-9)
  })

  test('jumps are no harm, and the stated error holds', () => {
    const from = empiricalLaw({ x: [0, 1, 5], a: [1, 1, 2] })
    const exact = wasserstein1d({ x: [0, 1, 5], y: [2, 3], a: [0.25, 0.25, 0.5], b: [0.5, 0.5], p: 2 })
    const { cost, error } = wassersteinLaws({ from, to: empiricalLaw({ x: [2, 3] }) })
    expect(Math.abs(cost - exact.cost)).toBeLessThanOrEqual(Math.max(error, 1e-12))
    expect(error).toBeLessThanOrEqual(1e-8)
  })

  test('of quantiles that jump where nobody says, the stated error bounds the true one', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 0, max: 64 })), { minLength: 1, maxLength: 5 })
    /** A law of jumps alone, or on a slope. */
    const stairs = (rows: readonly (readonly [number, number])[], slope: number) => ({
      quantile: (t: number) => slope * t + rows.reduce((height, [at, jump]) => height + (t > at / 1000 ? jump / 64 : 0), 0),
    })
    const orders = fc.constantFrom(1, 2, 3)
    const tolerances = fc.constantFrom(1e-3, 1e-6, 1e-9)
    fc.assert(
      fc.property(steps, steps, fc.constantFrom(0, 0.5), orders, tolerances, (one, other, slope, p, tolerance) => {
        const { cost, error } = wassersteinLaws({ from: stairs(one, slope), to: stairs(other, slope), p, tolerance })
        const cuts = [0, ...[...one, ...other].map(([at]) => at).toSorted((a, b) => a - b), 1000]
        const [from, to] = [stairs(one, 0), stairs(other, 0)]
        const exact = cuts.slice(1).reduce((sum, high, k) => {
          const middle = (high + (cuts[k] ?? 0)) / 2000
          return sum + ((high - (cuts[k] ?? 0)) / 1000) * Math.abs(from.quantile(middle) - to.quantile(middle)) ** p
        }, 0)
        expect(Math.abs(cost - exact)).toBeLessThanOrEqual(error + 1e-14)
      }),
      { numRuns: 200 },
    )
  })

  test('of samples and of their geodesics, the stated error bounds the true one, and both are small', () => {
    const weighted = fc.array(fc.tuple(fc.integer({ min: -64, max: 64 }), fc.integer({ min: 1, max: 16 })), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(weighted, weighted, fc.constantFrom(1, 2, 3), (one, other, p) => {
        const [x, y] = [one.map(([at]) => at / 16), other.map(([at]) => at / 16)]
        const [a, b] = [one, other].map((rows) => {
          const total = rows.reduce((sum, [, mass]) => sum + mass, 0)
          return rows.map(([, mass]) => mass / total)
        })
        const [from, to] = [empiricalLaw({ x, a }), empiricalLaw({ x: y, a: b })]
        const exact = wasserstein1d({ x, y, a, b, p })
        const { cost, error } = wassersteinLaws({ from, to, p })
        expect(Math.abs(cost - exact.cost)).toBeLessThanOrEqual(error + 1e-13 * (1 + exact.cost))
        expect(error).toBeLessThanOrEqual(1e-12 * (1 + exact.cost))
        const half = wassersteinLaws({ from, to: lawGeodesic(from, to)(0.5), p })
        expect(Math.abs(half.cost * 2 ** p - exact.cost)).toBeLessThanOrEqual(1e-12 * (1 + exact.cost))
      }),
      { numRuns: 300 },
    )
  })

  test('of more points than there are evaluations, the stated error bounds the true one', () => {
    const x = Array.from({ length: 5000 }, (_, k) => Math.sin(k * k))
    const y = Array.from({ length: 3000 }, (_, k) => Math.cos(k * k) ** 3)
    const exact = wasserstein1d({ x, y, p: 2 }).cost
    const { cost, error, evaluations } = wassersteinLaws({ from: empiricalLaw({ x }), to: empiricalLaw({ x: y }), maxEvaluations: 9000 })
    expect(evaluations).toBeLessThanOrEqual(9000)
    expect(Math.abs(cost - exact)).toBeLessThanOrEqual(error)
    expect(error).toBeLessThanOrEqual(1e-2 * exact)
  })

  test('jumps that are told of at the ends, or beyond them, are none', () => {
    const [from, to] = [empiricalLaw({ x: [0, 1, 5], a: [1, 1, 2] }), normalLaw(1, 2)]
    const plain = wassersteinLaws({ from, to })
    const told = wassersteinLaws({ from: { ...from, jumps: [-1, 0, ...Array.from(from.jumps ?? []), 1, 2] }, to })
    expect(told).toEqual(plain)
  })

  test('the geodesic has constant speed', () => {
    const [from, to] = [normalLaw(0, 1), uniformLaw(3, 4)]
    const at = lawGeodesic(from, to)
    const whole = wassersteinLaws({ from, to }).distance
    expect(wassersteinLaws({ from: at(0.25), to: at(0.75) }).distance).toBeCloseTo(whole / 2, 8)
  })
})

describe('wassersteinCircle', () => {
  const angles = fc.array(fc.tuple(fc.integer({ min: -12, max: 24 }), fc.integer({ min: 0, max: 4 })), {
    minLength: 1,
    maxLength: 7,
  })
  const usable = angles.filter((entries) => entries.some(([, mass]) => mass > 0))
  test('is the general problem with the distance along the circle', () => {
    fc.assert(
      fc.property(usable, usable, fc.constantFrom(1, 1.5, 2, 3), fc.constantFrom(1, 7), (one, two, p, period) => {
        const read = (entries: typeof one, offset: number) => {
          const total = entries.reduce((sum, [, mass]) => sum + mass, 0)
          return { x: entries.map(([at]) => at / 12 + offset), a: entries.map(([, mass]) => mass / total) }
        }
        const [mu, nu] = [read(one, 0), read(two, 0.01)]
        const cost = mu.x.map((x) =>
          nu.x.map((y) => {
            const apart = (((x - y) % period) + period) % period
            return Math.min(apart, period - apart) ** p
          }),
        )
        const general = emd({ a: mu.a, b: nu.a, cost })
        const solved = wassersteinCircle({ x: mu.x, y: nu.x, a: mu.a, b: nu.a, p, period })
        expect(Math.abs(solved.cost - general.cost)).toBeLessThanOrEqual(1e-12 * period ** p)
        expect(Math.abs(solved.gap)).toBeLessThanOrEqual(1e-12 * period ** p)
        expect(solved.distance).toBeCloseTo(Math.max(0, solved.cost) ** (1 / p), 12)
      }),
    )
  })
})
