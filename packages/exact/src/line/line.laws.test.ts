import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { densePlan, emdSamples, empiricalLaw, lawGeodesic, monotoneMap, normalLaw, planMarginals, uniformLaw, wasserstein1d, wassersteinCircle, wassersteinLaws } from '../index.js'

const coordinate = fc.integer({ min: -512, max: 512 }).map((whole) => whole / 256)
const weighted = fc
  .array(fc.tuple(coordinate, fc.integer({ min: 1, max: 16 })), { minLength: 1, maxLength: 8 })
  .map((rows) => {
    const mass = rows.reduce((sum, [, weight]) => sum + weight, 0)
    return { x: rows.map(([x]) => x), a: rows.map(([, weight]) => weight / mass) }
  })
const orders = fc.constantFrom(1, 1.5, 2, 3)
const close = (found: number, expected: number, allowed: number) => {
  expect(Math.abs(found - expected), `${found} for ${expected}`).toBeLessThanOrEqual(allowed)
}

describe('transport on a circle', () => {
  const between = (mu: { x: number[]; a: number[] }, nu: { x: number[]; a: number[] }, p: number, period = 4) =>
    wassersteinCircle({ x: mu.x, y: nu.x, a: mu.a, b: nu.a, p, period })

  test('is symmetric, zero between a measure and itself, and costs no more than on the line', () => {
    fc.assert(
      fc.property(weighted, weighted, orders, (mu, nu, p) => {
        close(between(mu, nu, p).cost, between(nu, mu, p).cost, 1e-12)
        close(between(mu, mu, p).cost, 0, 1e-12)
        const line = wasserstein1d({ x: mu.x, y: nu.x, a: mu.a, b: nu.a, p }).cost
        expect(between(mu, nu, p).cost).toBeLessThanOrEqual(line + 1e-12)
      }),
    )
  })

  test('does not change as the circle turns, nor by whole turns of a point', () => {
    fc.assert(
      fc.property(weighted, weighted, orders, coordinate, fc.integer({ min: -3, max: 3 }), (mu, nu, p, by, turns) => {
        const turned = (law: { x: number[]; a: number[] }) => ({ ...law, x: law.x.map((x) => x + by) })
        close(between(turned(mu), turned(nu), p).cost, between(mu, nu, p).cost, 1e-11)
        const wound = { ...mu, x: mu.x.map((x, index) => (index === 0 ? x + 4 * turns : x)) }
        close(between(wound, nu, p).cost, between(mu, nu, p).cost, 1e-11)
      }),
    )
  })

  test('has the cost of its plan, which has the marginals, and which the network simplex cannot better', () => {
    fc.assert(
      fc.property(weighted, weighted, orders, (mu, nu, p) => {
        const { plan, cost } = between(mu, nu, p)
        const { a, b } = planMarginals(plan)
        mu.a.forEach((weight, i) => {
          close(a[i], weight, 1e-14)
        })
        nu.a.forEach((weight, j) => {
          close(b[j], weight, 1e-14)
        })
        const arc = (i: number, j: number) => {
          const gap = Math.abs(mu.x[i] - nu.x[j]) % 4
          return Math.min(gap, 4 - gap) ** p
        }
        const dense = densePlan(plan)
        close(dense.reduce((sum, mass, k) => sum + mass * arc(Math.floor(k / nu.x.length), k % nu.x.length), 0), cost, 1e-12)
        // On points of the plane the circle's arc costs more than the chord's length to the same power, never less.
        const circle = (x: number) => [Math.cos((x * Math.PI) / 2) * (2 / Math.PI), Math.sin((x * Math.PI) / 2) * (2 / Math.PI)]
        const chords = emdSamples({ x: mu.x.map(circle), y: nu.x.map(circle), a: mu.a, b: nu.a, p }).cost
        expect(chords).toBeLessThanOrEqual(cost + 1e-12)
      }),
    )
  })
})

describe('laws on a line', () => {
  const normals = fc.tuple(coordinate, fc.integer({ min: 1, max: 16 }).map((quarters) => quarters / 4))
  const uniforms = fc.tuple(coordinate, fc.integer({ min: 1, max: 16 }).map((quarters) => quarters / 4))

  test('are as far apart as their formulas say: normal laws, and uniform ones', () => {
    fc.assert(
      fc.property(normals, normals, ([m, s], [n, t]) => {
        close(wassersteinLaws({ from: normalLaw(m, s), to: normalLaw(n, t), p: 2 }).cost, (m - n) ** 2 + (s - t) ** 2, 1e-6 * (1 + (m - n) ** 2 + s ** 2 + t ** 2))
      }),
    )
    fc.assert(
      fc.property(uniforms, uniforms, ([low, width], [other, height]) => {
        const expected = (low - other + (width - height) / 2) ** 2 + (width - height) ** 2 / 12
        const found = wassersteinLaws({ from: uniformLaw(low, low + width), to: uniformLaw(other, other + height), p: 2 }).cost
        close(found, expected, 1e-7 * (1 + expected))
      }),
    )
  })

  test('of samples are as far apart as the samples', () => {
    fc.assert(
      fc.property(weighted, weighted, orders, (mu, nu, p) => {
        const exact = wasserstein1d({ x: mu.x, y: nu.x, a: mu.a, b: nu.a, p }).cost
        const { cost, error } = wassersteinLaws({ from: empiricalLaw(mu), to: empiricalLaw(nu), p, tolerance: 1e-6 })
        close(cost, exact, error + 1e-13 * 4 ** p)
      }),
    )
  })

  test('have quantiles that invert their distribution', () => {
    fc.assert(
      fc.property(fc.oneof(normals.map(([m, s]) => normalLaw(m, s)), uniforms.map(([low, width]) => uniformLaw(low, low + width))), fc.integer({ min: 1, max: 63 }), (law, parts) => {
        close(law.distribution(law.quantile(parts / 64)), parts / 64, 1e-12)
      }),
    )
    fc.assert(
      fc.property(weighted, fc.integer({ min: 1, max: 63 }), (sample, parts) => {
        const law = empiricalLaw(sample)
        const at = law.quantile(parts / 64)
        expect(sample.x).toContain(at)
        expect(law.distribution(at)).toBeGreaterThanOrEqual(parts / 64 - 1e-15)
      }),
    )
  })

  test('are taken to one another by the monotone map, at constant speed along the geodesic', () => {
    fc.assert(
      fc.property(normals, uniforms, fc.integer({ min: 1, max: 63 }), fc.nat({ max: 8 }), ([m, s], [low, width], parts, eighths) => {
        const [from, to] = [normalLaw(m, s), uniformLaw(low, low + width)]
        close(monotoneMap(from, to)(from.quantile(parts / 64)), to.quantile(parts / 64), 1e-9)
        const there = lawGeodesic(from, to)(eighths / 8).quantile(parts / 64)
        close(there, (1 - eighths / 8) * from.quantile(parts / 64) + (eighths / 8) * to.quantile(parts / 64), 1e-12)
      }),
    )
  })
})
