import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plannedPairArbitrary } from '../../../tooling/testing/src/index.ts'
import { argmaxMap, assignment, barycentricMap, densePlan, emd, planMarginals } from './index.js'
import type { SparsePlan } from './index.js'

const sparse = (dense: readonly (readonly number[])[]): SparsePlan => {
  const entries = dense.flatMap((row, i) => row.map((mass, j) => ({ i, j, mass }))).filter(({ mass }) => mass > 0)
  return {
    shape: [dense.length, dense[0].length],
    rows: Int32Array.from(entries, ({ i }) => i),
    columns: Int32Array.from(entries, ({ j }) => j),
    masses: Float64Array.from(entries, ({ mass }) => mass),
  }
}

const planned = plannedPairArbitrary({ settings: ['near'], maxPoints: 6 })

describe('plans', () => {
  test('are the same written out and not, with the marginals that they had', () => {
    fc.assert(
      fc.property(planned, ({ pair, plan }) => {
        const written = sparse(plan)
        expect(Array.from(densePlan(written))).toEqual(plan.flat())
        const { a, b } = planMarginals(written)
        pair.mu.weights.forEach((weight, i) => {
          expect(Math.abs(a[i] - weight)).toBeLessThanOrEqual(1e-14)
        })
        pair.nu.weights.forEach((weight, j) => {
          expect(Math.abs(b[j] - weight)).toBeLessThanOrEqual(1e-14)
        })
      }),
    )
  })

  test('map a point to the partner with most of its mass', () => {
    fc.assert(
      fc.property(planned, ({ plan }) => {
        argmaxMap(sparse(plan)).forEach((column, i) => {
          const most = Math.max(...plan[i])
          expect(column).toBe(most > 0 ? plan[i].indexOf(most) : -1)
        })
      }),
    )
  })

  test('map a point to the mean of its partners, and keep the mean of all', () => {
    fc.assert(
      fc.property(planned, ({ pair: { mu, nu }, plan }) => {
        const { data, shape } = barycentricMap({ plan: sparse(plan), x: mu.points, y: nu.points })
        const d = nu.points[0].length
        expect(shape).toEqual([mu.points.length, d])
        plan.forEach((row, i) => {
          const mass = row.reduce((sum, entry) => sum + entry, 0)
          for (let axis = 0; axis < d; axis++) {
            const mean = row.reduce((sum, entry, j) => sum + entry * nu.points[j][axis], 0) / mass
            const expected = mass > 0 ? mean : mu.points[i][axis]
            expect(Math.abs(data[i * d + axis] - expected)).toBeLessThanOrEqual(1e-12)
          }
        })
      }),
    )
  })
})

describe('an assignment', () => {
  const costs = fc.integer({ min: 1, max: 6 }).chain((n) =>
    fc.array(fc.array(fc.integer({ min: -32, max: 32 }).map((entry) => entry / 8), { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
  )

  test('is one to one, has feasible potentials that pay for it, and costs what the network simplex finds', () => {
    fc.assert(
      fc.property(costs, (cost) => {
        const n = cost.length
        const { columns, rows, cost: total, f, g } = assignment({ cost })
        expect([...columns].toSorted()).toEqual(Array.from({ length: n }, (_, j) => j))
        columns.forEach((j, i) => {
          expect(rows[j]).toBe(i)
        })
        expect(Math.abs(columns.reduce((sum, j, i) => sum + cost[i][j], 0) - total)).toBeLessThanOrEqual(1e-12)
        cost.forEach((row, i) => {
          row.forEach((entry, j) => {
            expect(f[i] + g[j]).toBeLessThanOrEqual(entry + 1e-12)
          })
        })
        expect(Math.abs([...f, ...g].reduce((sum, value) => sum + value, 0) - total)).toBeLessThanOrEqual(1e-11)
        const simplex = emd({ cost }).cost
        expect(Math.abs(n * simplex - total)).toBeLessThanOrEqual(1e-11)
      }),
    )
  })

  test('goes with its rows and columns as they are reordered, and falls with a constant', () => {
    fc.assert(
      fc.property(costs, fc.integer({ min: -8, max: 8 }), (cost, by) => {
        const turned = cost.map((_, i) => cost.map((__, j) => cost[j][i]))
        expect(Math.abs(assignment({ cost: turned }).cost - assignment({ cost }).cost)).toBeLessThanOrEqual(1e-12)
        const shifted = assignment({ cost: cost.map((row) => row.map((entry) => entry + by)) }).cost
        expect(Math.abs(shifted - assignment({ cost }).cost - by * cost.length)).toBeLessThanOrEqual(1e-11)
      }),
    )
  })
})
