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

describe('problems of many sizes', () => {
  const line = (count: number, seed: number): number[][] => Array.from({ length: count }, (_, i) => [Math.sin(7 * seed + 3 * i * i), Math.cos(seed + 5 * i)])
  const masses = (count: number, seed: number): number[] => {
    const raw = Array.from({ length: count }, (_, i) => 1 + ((seed + 3 * i) % 7))
    const total = raw.reduce((sum, mass) => sum + mass, 0)
    return raw.map((mass) => mass / total)
  }
  const metrics = {
    sqeuclidean: (u: number, v: number) => u * u + v * v,
    euclidean: (u: number, v: number) => Math.hypot(u, v),
    cityblock: (u: number, v: number) => Math.abs(u) + Math.abs(v),
  }

  // From one point to more than a row's chunk of 512 and, with matrices, more than some pages of memory.
  test.each([
    [1, 1],
    [1, 5],
    [5, 1],
    [2, 2],
    [7, 4],
    [3, 515],
    [515, 3],
    [40, 1030],
    [160, 150],
  ])('of %d and %d points, the matrix, the rule and the points are one problem, with feasible potentials and no gap', (n, m) => {
    const [x, y, a, b] = [line(n, 1), line(m, 2), masses(n, 1), masses(m, 5)]
    for (const [metric, length] of Object.entries(metrics)) {
      const cost = x.map(([u = 0, v = 0]) => y.map(([s = 0, t = 0]) => length(u - s, v - t)))
      const choices = { p: metric === 'sqeuclidean' ? 2 : 1, metric: metric === 'cityblock' ? 'cityblock' : 'euclidean' } as const
      const solved = [emd({ a, b, cost }), emd({ a, b, cost: (i, j) => cost[i]?.[j] ?? NaN }), emdSamples({ x, y, a, b, ...choices })]
      for (const { cost: value, f, g, plan, gap } of solved) {
        expect(Math.abs(value - (solved[0]?.cost ?? NaN))).toBeLessThanOrEqual(1e-12)
        expect(Math.abs(gap)).toBeLessThanOrEqual(1e-12)
        const excess = Math.max(...cost.map((row, i) => Math.max(...row.map((entry, j) => (f[i] ?? NaN) + (g[j] ?? NaN) - entry))))
        expect(excess).toBeLessThanOrEqual(1e-12)
        const marginals = planMarginals(plan)
        expectNear(marginals.a, a, 1e-13)
        expectNear(marginals.b, b, 1e-13)
      }
    }
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

describe('what is no transport problem', () => {
  const tagOf = (attempt: () => unknown): unknown => {
    try {
      attempt()
      return 'nothing'
    } catch (error) {
      return (error as { readonly tag?: string }).tag
    }
  }

  test.each([
    ['masses that differ', () => emd({ a: [1, 1], b: [1, 2], cost: [[0, 1], [1, 0]] }), 'MassMismatch'],
    ['more mass to move than there is', () => emd({ cost: [[1]], partial: 2 }), 'MassMismatch'],
    ['a ragged matrix', () => emd({ cost: [[1, 2], [3]] }), 'InvalidArgument'],
    ['more numbers than the shape has', () => emd({ cost: { data: [1, 2, 3], shape: [1, 2] } }), 'InvalidArgument'],
    ['fewer numbers than the shape has', () => emd({ cost: { data: [1], shape: [1, 2] } }), 'InvalidArgument'],
    ['an empty matrix', () => emd({ cost: [] }), 'InvalidArgument'],
    ['a cost that is no number', () => emd({ cost: [[Number.NaN]] }), 'InvalidArgument'],
    ['a rule that gives no number', () => emd({ a: [1], b: [1], cost: () => Infinity }), 'InvalidArgument'],
    ['a rule without weights', () => emd({ cost: () => 1 }), 'InvalidArgument'],
    ['too many weights', () => emd({ a: [0.5, 0.5], cost: [[1]] }), 'DimensionMismatch'],
    ['a negative weight', () => emd({ a: [2, -1], b: [1], cost: [[1], [1]] }), 'InvalidMeasure'],
    ['no weight at all', () => emd({ a: [0], b: [0], cost: [[1]] }), 'InvalidMeasure'],
    ['too few pivots', () => emd({ cost: [[0, 1], [0, 100]], maxPivots: 0 }), 'Diverged'],
    ['potentials of another problem', () => emd({ cost: [[1]], start: { f: [1, 2], g: [1] } }), 'DimensionMismatch'],
    ['an unknown option', () => emd({ cost: [[1]], mass: 1 } as never), 'InvalidOption'],
    ['points of other dimensions', () => emdSamples({ x: [[1]], y: [[1, 2]] }), 'DimensionMismatch'],
    ['an order below one', () => emdSamples({ x: [[1]], y: [[1]], p: 0 }), 'InvalidOption'],
  ])('is refused: %s', (_, attempt, tag) => {
    expect(tagOf(attempt)).toBe(tag)
  })
})

describe('total masses', () => {
  test('may differ by a millionth, and by no more', () => {
    const cost = [[1]]
    expect(emd({ a: [1e6], b: [999_999], cost }).cost).toBeCloseTo(1e6, 4)
    expect(() => emd({ a: [1e6], b: [999_998.9], cost })).toThrow(/total masses/)
  })
})

describe('a warm start', () => {
  test('from the potentials of the solution takes fewer pivots to the same cost', () => {
    const n = 120
    const at = (seed: number) => Array.from({ length: n }, (_, i) => [Math.sin(seed * (i + 1)) * 3, Math.cos(seed * (i + 1) ** 1.5)])
    const [x, y] = [at(1.7), at(2.3)]
    const cold = emdSamples({ x, y })
    const warm = emdSamples({ x, y, start: cold })
    expect(warm.cost).toBeCloseTo(cold.cost, 12)
    expect(warm.iterations).toBeLessThan(cold.iterations)
  })
})
