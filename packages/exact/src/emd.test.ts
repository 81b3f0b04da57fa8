import { describe, expect, test } from 'vitest'
import { pot } from '../fixtures/pot.ts'
import { densePlan, emd, emdSamples, planMarginals } from './index.js'
import { expectNear } from '../testing/near.ts'

describe('emd', () => {
  test.each(pot.emd.map((each) => [each.name, each] as const))("agrees with POT's network simplex: %s", (_, peer) => {
    const { a, b, M } = peer
    const solved = emd({ a, b, cost: M })
    expect(Math.abs(solved.cost - peer.cost)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(peer.cost)))
    expect(Math.abs(solved.gap)).toBeLessThanOrEqual(1e-13)
    const scale = Math.max(...M.flat().map(Math.abs))
    M.forEach((row, i) =>
      row.forEach((cost, j) => expect(solved.f[i] + solved.g[j]).toBeLessThanOrEqual(cost + 1e-12 * scale)),
    )
    const marginals = planMarginals(solved.plan)
    expectNear(marginals.a, a, 1e-14)
    expectNear(marginals.b, b, 1e-14)
    if (!peer.plan_unique) return
    const plan = new Float64Array(a.length * b.length)
    for (const [i, j, mass] of peer.plan) plan[i * b.length + j] = mass
    expectNear(densePlan(solved.plan), plan)
    // A basis without an empty arc has one pair of potentials.
    if (solved.plan.masses.length === a.length + b.length - 1) {
      expectNear(solved.f, peer.f)
      expectNear(solved.g, peer.g)
    }
  })

  test.each(pot.partial.exact.map((each) => [each.m, each] as const))("agrees with POT's partial transport of %s", (m, peer) => {
    const { a, b, M } = pot.partial
    const solved = emd({ a, b, cost: M, partial: m })
    expect(solved.cost).toBeCloseTo(peer.cost, 12)
    expect(Math.abs(solved.gap)).toBeLessThanOrEqual(1e-13)
    const plan = new Float64Array(a.length * b.length)
    for (const [i, j, mass] of peer.plan) plan[i * b.length + j] = mass
    expectNear(densePlan(solved.plan), plan)
  })

  test('costs by a function are the same problem', () => {
    const { a, b, M } = pot.partial
    const matrix = emd({ a, b, cost: M, partial: 0.4 })
    const rule = emd({ a, b, cost: (i, j) => M[i][j], partial: 0.4 })
    expect(rule.cost).toBe(matrix.cost)
  })
})

describe('emdSamples', () => {
  test.each(pot.emd.filter(({ x }) => x !== undefined).map((each) => [each.name, each] as const))(
    'computes the costs of %s itself',
    (_, { x = [], y = [], a, b, cost, cost_name }) => {
      const metric = cost_name === 'cityblock' ? 'cityblock' : 'euclidean'
      const solved = emdSamples({ x, y, a, b, p: cost_name === 'sqeuclidean' ? 2 : 1, metric })
      expect(Math.abs(solved.cost - cost)).toBeLessThanOrEqual(1e-9)
    },
  )
})
