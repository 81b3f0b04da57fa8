import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { costMatrices } from '../testing/arbitraries.ts'
import { pot } from '../fixtures/pot.ts'
import { assignment } from './index.js'

describe('assignment', () => {
  test.each(pot.emd.filter(({ assignment_cost }) => assignment_cost !== undefined).map((each) => [each.name, each] as const))(
    "agrees with SciPy's: %s",
    (_, { M, assignment_cost = Number.NaN, plan_unique, assignment: peers }) => {
      const found = assignment({ cost: M })
      expect(Math.abs(found.cost / M.length - assignment_cost)).toBeLessThanOrEqual(1e-12)
      expect(Array.from(found.columns)).toEqual(plan_unique ? peers : Array.from(found.columns))
    },
  )

  test('is a matching that no other beats, by its potentials', () => {
    fc.assert(
      fc.property(costMatrices, (cost) => {
        const [n, m] = [cost.length, cost[0].length]
        const { columns, rows, f, g, gap, ...found } = assignment({ cost })
        const scale = Math.max(1e-300, ...cost.flat().map(Math.abs))
        const matched = Array.from(columns.keys()).filter((i) => columns[i] >= 0)
        expect(matched.length).toBe(Math.min(n, m))
        matched.forEach((i) => expect(rows[columns[i]]).toBe(i))
        expect(Math.abs(found.cost - matched.reduce((sum, i) => sum + cost[i][columns[i]], 0))).toBeLessThanOrEqual(1e-12 * scale)
        expect(Math.abs(gap)).toBeLessThanOrEqual(1e-12 * scale)
        cost.forEach((row, i) => row.forEach((c, j) => expect(f[i] + g[j]).toBeLessThanOrEqual(c + 1e-12 * scale)))
        expect(Math.max(...(n < m ? g : m < n ? f : [0]))).toBeLessThanOrEqual(1e-12 * scale)
      }),
    )
  })

  test('refuses what is no matrix', () => {
    expect(() => assignment({ cost: [[1, 2], [3]] })).toThrow(/row 1 has 1/)
    expect(() => assignment({ cost: [[1, Infinity]] })).toThrow(/entry \[0, 1\]/)
  })
})
