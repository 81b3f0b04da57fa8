import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clouds, costMatrices, orders, several } from '../testing/arbitraries.ts'
import type { Cloud } from '../testing/arbitraries.ts'
import { displacementInterpolation, emd, emdSamples, planMarginals, wasserstein1d } from './index.js'

const between = (from: Cloud, to: Cloud, p: number) => emdSamples({ x: from.x, a: from.a, y: to.x, b: to.a, p })

const sizeOf = (laws: readonly Cloud[]): number => 1 + Math.max(...laws.flatMap(({ x }) => x.flat().map(Math.abs)))

describe('the Wasserstein distance', () => {
  test('is symmetric', () => {
    fc.assert(
      fc.property(several(2), orders, ([mu, nu], p) => {
        expect(between(mu, nu, p).distance).toBeCloseTo(between(nu, mu, p).distance, 6)
        expect(Math.abs(between(mu, nu, p).cost - between(nu, mu, p).cost)).toBeLessThanOrEqual(1e-12 * sizeOf([mu, nu]) ** p)
      }),
    )
  })

  test('is zero between a measure and itself', () => {
    fc.assert(
      fc.property(clouds(2), orders, (mu, p) => {
        expect(between(mu, mu, p).cost).toBeLessThanOrEqual(1e-13 * sizeOf([mu]) ** p)
      }),
    )
  })

  test('obeys the triangle inequality', () => {
    fc.assert(
      fc.property(several(3), orders, ([mu, nu, xi], p) => {
        const rounding = 1e-15 ** (1 / p) * 10 * sizeOf([mu, nu, xi])
        expect(between(mu, xi, p).distance).toBeLessThanOrEqual(
          between(mu, nu, p).distance + between(nu, xi, p).distance + rounding,
        )
      }),
    )
  })

  test('grows with p', () => {
    fc.assert(
      fc.property(several(2), ([mu, nu]) => {
        const [one, two, three] = [1, 2, 3].map((p) => between(mu, nu, p).distance)
        const rounding = 1e-4 * sizeOf([mu, nu])
        expect(one).toBeLessThanOrEqual(two + rounding)
        expect(two).toBeLessThanOrEqual(three + rounding)
      }),
    )
  })

  test('of squares splits into means and the centred rest; a shift adds its square', () => {
    fc.assert(
      fc.property(several(2), fc.integer({ min: -20, max: 20 }), ([mu, nu], by) => {
        const moved = { ...nu, x: nu.x.map((point) => point.map((value) => value + by)) }
        const d = mu.x[0].length
        const mean = ({ x, a }: Cloud): number =>
          x.reduce((sum, point, i) => sum + a[i] * point.reduce((one, other) => one + other, 0), 0)
        const expected = between(mu, nu, 2).cost + d * by * by + 2 * by * (mean(nu) - mean(mu))
        expect(Math.abs(between(mu, moved, 2).cost - expected)).toBeLessThanOrEqual(1e-11 * sizeOf([mu, moved]) ** 2)
      }),
    )
  })

  test('scales with the points', () => {
    fc.assert(
      fc.property(several(2), orders, fc.constantFrom(1e-6, 0.5, 1e6), ([mu, nu], p, factor) => {
        const scaled = ({ x, a }: Cloud): Cloud => ({ a, x: x.map((point) => point.map((value) => factor * value)) })
        const expected = factor ** p * between(mu, nu, p).cost
        expect(Math.abs(between(scaled(mu), scaled(nu), p).cost - expected)).toBeLessThanOrEqual(
          1e-11 * (factor * sizeOf([mu, nu])) ** p,
        )
      }),
    )
  })

  test('on a line is that of the sorted points', () => {
    fc.assert(
      fc.property(clouds(1), clouds(1), orders, (mu, nu, p) => {
        const cost = mu.x.map(([x]) => nu.x.map(([y]) => Math.abs(x - y) ** p))
        const general = emd({ a: mu.a, b: nu.a, cost })
        const sorted = wasserstein1d({ x: mu.x.flat(), y: nu.x.flat(), a: mu.a, b: nu.a, p })
        const scale = sizeOf([mu, nu]) ** p
        expect(Math.abs(sorted.cost - general.cost)).toBeLessThanOrEqual(1e-12 * scale)
        expect(Math.abs(sorted.gap)).toBeLessThanOrEqual(1e-12 * scale)
        cost.forEach((row, i) =>
          row.forEach((c, j) => expect(sorted.f[i] + sorted.g[j]).toBeLessThanOrEqual(c + 1e-11 * scale)),
        )
      }),
    )
  })

  test('runs along its geodesic at constant speed', () => {
    const time = fc.integer({ min: 0, max: 8 }).map((k) => k / 8)
    fc.assert(
      fc.property(several(2), orders, time, time, ([mu, nu], p, s, t) => {
        const { plan, distance } = between(mu, nu, p)
        const at = displacementInterpolation({ plan, x: mu.x, y: nu.x })
        const [here, there] = [at(s), at(t)]
        const walked = emdSamples({ x: here.points, a: here.weights, y: there.points, b: there.weights, p })
        const rounding = 1e-14 ** (1 / p) * sizeOf([mu, nu])
        expect(Math.abs(walked.distance - Math.abs(t - s) * distance)).toBeLessThanOrEqual(rounding)
      }),
    )
  })
})

describe('an optimal plan', () => {
  test('has the marginals, feasible potentials and no gap, whatever the costs', () => {
    const masses = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 16, maxLength: 16 })
    fc.assert(
      fc.property(costMatrices, masses, (cost, raw) => {
        const normal = (values: readonly number[]): readonly number[] => {
          const total = values.reduce((sum, value) => sum + value, 0)
          return total === 0 ? values.map(() => 1 / values.length) : values.map((value) => value / total)
        }
        const a = normal(raw.slice(0, cost.length))
        const b = normal(raw.slice(8, 8 + cost[0].length))
        const { plan, f, g, gap } = emd({ a, b, cost })
        const scale = Math.max(1e-300, ...cost.flat().map(Math.abs))
        const marginals = planMarginals(plan)
        a.forEach((mass, i) => expect(Math.abs(marginals.a[i] - mass)).toBeLessThanOrEqual(1e-14))
        b.forEach((mass, j) => expect(Math.abs(marginals.b[j] - mass)).toBeLessThanOrEqual(1e-14))
        cost.forEach((row, i) => row.forEach((c, j) => expect(f[i] + g[j]).toBeLessThanOrEqual(c + 1e-12 * scale)))
        expect(Math.abs(gap)).toBeLessThanOrEqual(1e-12 * scale)
        expect(plan.masses.every((mass) => mass > 0)).toBe(true)
        expect(plan.masses.length).toBeLessThan(a.length + b.length)
      }),
    )
  })

  test('has potentials that are as large as they may be where there is no weight', () => {
    const masses = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 16, maxLength: 16 })
    fc.assert(
      fc.property(costMatrices, masses, (cost, raw) => {
        const [rawA, rawB] = [raw.slice(0, cost.length), raw.slice(8, 8 + cost[0].length)]
        const [massA, massB] = [rawA, rawB].map((values) => values.reduce((sum, value) => sum + value, 0))
        fc.pre(massA > 0 && massB > 0)
        const [a, b] = [rawA.map((value) => value / massA), rawB.map((value) => value / massB)]
        const { f, g } = emd({ a, b, cost })
        const scale = Math.max(1e-300, ...cost.flat().map(Math.abs))
        f.forEach((value, i) => {
          const most = Math.min(...cost[i].flatMap((c, j) => (b[j] > 0 ? [c - g[j]] : [])))
          expect(a[i] === 0 ? Math.abs(value - most) : 0).toBeLessThanOrEqual(1e-12 * scale)
        })
        g.forEach((value, j) => {
          const most = Math.min(...cost.map((row, i) => row[j] - f[i]))
          expect(b[j] === 0 ? Math.abs(value - most) : 0).toBeLessThanOrEqual(1e-12 * scale)
        })
      }),
    )
  })

  test('is cyclically monotone', () => {
    fc.assert(
      fc.property(several(2), orders, ([mu, nu], p) => {
        const { plan } = between(mu, nu, p)
        const c = (i: number, j: number): number =>
          Math.hypot(...mu.x[i].map((value, k) => value - nu.x[j][k])) ** p
        const count = plan.masses.length
        for (let one = 0; one < count; one++)
          for (let two = 0; two < count; two++)
            for (let three = 0; three < count; three++) {
              const [i, k, l] = [plan.rows[one], plan.rows[two], plan.rows[three]]
              const [j, s, t] = [plan.columns[one], plan.columns[two], plan.columns[three]]
              const rounding = 1e-12 * sizeOf([mu, nu]) ** p
              expect(c(i, j) + c(k, s) + c(l, t)).toBeLessThanOrEqual(c(i, s) + c(k, t) + c(l, j) + rounding)
            }
      }),
    )
  })

  test('of part of the mass costs less, and by a convex rule', () => {
    fc.assert(
      fc.property(several(2), ([mu, nu]) => {
        const part = (partial: number) => emdSamples({ x: mu.x, a: mu.a, y: nu.x, b: nu.a, partial })
        const [low, middle, high] = [0.25, 0.5, 0.75].map(part)
        const rounding = 1e-12 * sizeOf([mu, nu]) ** 2
        expect(2 * middle.cost).toBeLessThanOrEqual(low.cost + high.cost + rounding)
        for (const { gap, f, g } of [low, middle, high]) {
          expect(Math.abs(gap)).toBeLessThanOrEqual(rounding)
          expect(Math.max(...f, ...g)).toBeLessThanOrEqual(rounding)
        }
        expect(middle.plan.masses.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(0.5, 12)
      }),
    )
  })
})
