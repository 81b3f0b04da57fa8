import { toArrays } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs } from '../../../tooling/testing/src/index.ts'
import { brokenLaws, checkLaws, planLaws, potentialLaws } from './index.js'
import type { Law, PlanBetween, PotentialPair } from './index.js'

const parameters = { numRuns: runs(100) }

const expectBroken = (laws: readonly Law[], name: string) => {
  expect(brokenLaws(laws.filter((one) => one.name === name), { numRuns: runs(100), endOnFailure: true })).toEqual([name])
}

eachBackend('the laws of plans', () => {
  /** The rule of the north-west corner: fill from the first row and column on, each to what is left of its weight. */
  const corner: PlanBetween = (mu, nu) => {
    const [a, b] = [toArrays(mu).weights, toArrays(nu).weights]
    const rows = a.map(() => b.map(() => 0))
    let [i, j] = [0, 0]
    while (i < a.length && j < b.length) {
      const moved = Math.min(a[i] ?? 0, b[j] ?? 0)
      const row = rows[i]
      if (row !== undefined) row[j] = moved
      a[i] = (a[i] ?? 0) - moved
      b[j] = (b[j] ?? 0) - moved
      if ((a[i] ?? 0) <= (b[j] ?? 0)) i++
      else j++
    }
    return rows
  }
  const changed =
    (change: (entry: number, i: number, j: number) => number): PlanBetween =>
    (mu, nu) =>
      corner(mu, nu).map((row, i) => Array.from(row, (entry, j) => change(entry, i, j)))

  describe('hold for the rule of the north-west corner', () => {
    checkLaws(planLaws(corner, { sparse: true }), { test, parameters })
  })

  test.each<readonly [string, string, PlanBetween]>([
    ['a missing factor', 'has the mass of both', changed((entry) => entry / 2)],
    ['a row left out', 'has mu for its first marginal', changed((entry, i) => (i === 0 ? 0 : entry))],
    ['a column twice', 'has nu for its second marginal', changed((entry, _, j) => (j === 0 ? 2 * entry : entry))],
    ['a wrong sign', 'is a matrix of finite, non-negative entries', changed((entry) => -entry)],
    ['a transposed plan', 'is a matrix of finite, non-negative entries', (mu, nu) => corner(nu, mu)],
    [
      'mass on points of weight zero',
      'gives nothing to points of weight zero',
      changed((entry) => entry + 1e-30),
    ],
    ['a full matrix', 'is sparse', changed((entry) => entry + 1e-30)],
  ])('catch %s', (_, name, plan) => {
    expectBroken(planLaws(plan, { sparse: true }), name)
  })
})

eachBackend('the laws of potentials', () => {
  const cost = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, entry, axis) => sum + (entry - (y[axis] ?? 0)) ** 2 / 2, 0)
  const epsilon = 2

  /** Sinkhorn's algorithm in the log domain, by its definition, at one temperature after another. */
  const annealed = (temperatures: readonly number[]) => (mu: Measure, nu: Measure): PotentialPair => {
    const [x, y] = [toArrays(mu), toArrays(nu)]
    const update = (from: typeof x, to: typeof x, g: readonly number[], temperature: number) =>
      from.points.map(
        (point) =>
          -temperature *
          Math.log(
            to.points.reduce(
              (sum, other, j) => sum + (to.weights[j] ?? 0) * Math.exp(((g[j] ?? 0) - cost(point, other)) / temperature),
              0,
            ),
          ),
      )
    let f = x.points.map(() => 0)
    let g = y.points.map(() => 0)
    for (const temperature of temperatures) {
      f = update(x, y, g, temperature)
      g = update(y, x, f, temperature)
    }
    return { f, g }
  }
  const sweeps = (count: number, temperature: number): readonly number[] => Array.from({ length: count }, () => temperature)
  const potentials = annealed(sweeps(400, epsilon))
  const value = (mu: Measure, nu: Measure): number => {
    const { f, g } = potentials(mu, nu)
    const inner = (weights: readonly number[], values: ArrayLike<number>) =>
      weights.reduce((sum, weight, index) => sum + weight * (values[index] ?? NaN), 0)
    return inner(toArrays(mu).weights, f) + inner(toArrays(nu).weights, g)
  }
  const clouds = { maxPoints: 5 }
  const options = { cost, epsilon: () => epsilon, value, accuracy: 1e-6, clouds }
  const changed =
    (change: (pair: PotentialPair) => PotentialPair) =>
    (mu: Measure, nu: Measure): PotentialPair =>
      change(potentials(mu, nu))

  describe('hold for Sinkhorn’s algorithm', () => {
    checkLaws(potentialLaws(potentials, options), { test, parameters })
  })

  describe('hold for potentials of the unregularised problem', () => {
    // Zero is feasible for any cost, and optimal between a measure and itself.
    const zero = (mu: Measure, nu: Measure) => ({ f: toArrays(mu).weights.map(() => 0), g: toArrays(nu).weights.map(() => 0) })
    checkLaws(potentialLaws(zero, { cost, epsilon: () => 0, clouds }), { test, parameters })
  })

  test.each<readonly [string, string, (mu: Measure, nu: Measure) => PotentialPair]>([
    ['half a potential', 'are feasible, or make a plan of the right marginals', changed(({ f, g }) => ({ f: Array.from(f, (entry) => entry / 2), g }))],
    ['a constant too much', 'attain the value', changed(({ f, g }) => ({ f: Array.from(f, (entry) => entry + 1), g }))],
    ['NaN', 'are finite', changed(({ f, g }) => ({ f, g: Array.from(g, () => NaN) }))],
    ['one short', 'are finite', changed(({ f, g }) => ({ f: Array.from(f).slice(1), g }))],
    [
      'a schedule that ends one step too early',
      'are feasible, or make a plan of the right marginals',
      annealed([4 * epsilon, ...sweeps(399, 2 * epsilon)]),
    ],
    ['a schedule that begins where it should end', 'are feasible, or make a plan of the right marginals', annealed([epsilon, 2 * epsilon])],
    [
      'a side that is favoured',
      'are exchanged with the measures, up to a constant',
      changed(({ f, g }) => ({ f: Array.from(f, (entry, index) => entry + (index === 0 ? 0.1 : 0)), g })),
    ],
  ])('catch %s', (_, name, broken) => {
    expectBroken(potentialLaws(broken, options), name)
  })

  test('catch a potential that is not feasible', () => {
    const above = (mu: Measure, nu: Measure) => ({ f: toArrays(mu).weights.map(() => 100), g: toArrays(nu).weights.map(() => 0) })
    expectBroken(
      potentialLaws(above, { cost, epsilon: () => 0, clouds }),
      'are feasible, or make a plan of the right marginals',
    )
  })
})
