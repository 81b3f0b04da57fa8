import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../../../tooling/testing/src/index.ts'
import { correctionOf } from './correction.js'
import type { CoarsePlan } from './correction.js'

const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true })

/** Entropic plans whose potentials are each other's updates, found by sweeps, and a change of f. */
const problems = fc
  .record({ rows: fc.integer({ min: 1, max: 6 }), columns: fc.integer({ min: 1, max: 6 }), rho: fc.constantFrom(undefined, 0.3, 20) })
  .chain(({ rows, columns, rho }) =>
    fc.record({
      rho: fc.constant(rho),
      a: fc.array(number(0.1, 1), { minLength: rows, maxLength: rows }),
      b: fc.array(number(0.1, 1), { minLength: columns, maxLength: columns }),
      costs: fc.array(number(0, 1), { minLength: rows * columns, maxLength: rows * columns }),
      change: fc.array(number(-1, 1), { minLength: rows, maxLength: rows }),
    }),
  )

const epsilon = 0.3

const softmin = (costs: readonly number[], weights: readonly number[], potential: readonly number[], rho?: number): number =>
  (-epsilon * Math.log(costs.reduce((sum, cost, j) => sum + weights[j] * Math.exp((potential[j] - cost) / epsilon), 0))) /
  (rho === undefined ? 1 : 1 + epsilon / rho)

test('what a sweep leaves undone is found, but for constants, from what it does', () => {
  fc.assert(
    fc.property(problems, ({ a, b, costs, change, rho }) => {
      const mass = a.reduce((sum, weight) => sum + weight, 0)
      const [source, target] = [a.map((weight) => weight / mass), b.map((weight) => weight / b.reduce((u, v) => u + v, 0))]
      const row = (i: number): readonly number[] => costs.slice(i * b.length, (i + 1) * b.length)
      const column = (j: number): readonly number[] => a.map((_, i) => costs[i * b.length + j])
      const nextG = (f: readonly number[]): readonly number[] => b.map((_, j) => softmin(column(j), source, f, rho))
      const nextF = (g: readonly number[]): readonly number[] => a.map((_, i) => softmin(row(i), target, g, rho))
      let f: readonly number[] = a.map(() => 0)
      for (let sweep = 0; sweep < 200; sweep++) f = nextF(nextG(f))
      const g = nextG(f)
      const plan: CoarsePlan = { epsilon, rho, weights: [source, target], potentials: [f, g], costs }
      const missing = correctionOf(plan)
      // The plan of soft marginals has masses of its own, and constants are means under them.
      const masses = source.map((weight, i) => weight * (rho === undefined ? 1 : Math.exp(-f[i] / rho)))
      const centred = (values: readonly number[]): readonly number[] => {
        const mean = values.reduce((sum, value, i) => sum + masses[i] * value, 0) / masses.reduce((u, v) => u + v, 0)
        return values.map((value) => value - mean)
      }
      const shares = a.map((_, i) => {
        const raw = b.map((__, j) => target[j] * Math.exp((g[j] - row(i)[j]) / epsilon))
        return raw.map((share) => share / raw.reduce((u, v) => u + v, 0))
      })
      const meansOf = (values: ArrayLike<number>): readonly number[] =>
        shares.map((weights) => weights.reduce((sum, share, j) => sum + share * values[j], 0))
      // e is what f is off by, J e what it is off by after a sweep, and the sweep has changed it by (J - 1) e.
      const damping = rho === undefined ? 1 : 1 / (1 + epsilon / rho)
      const sums = b.map((_, j) => masses.reduce((sum, weight, i) => sum + weight * shares[i][j], 0))
      const sweep = (e: readonly number[]): readonly number[] =>
        meansOf(sums.map((sum, j) => e.reduce((total, value, i) => total + masses[i] * shares[i][j] * value, 0) / sum)).map(
          (value) => damping ** 2 * value,
        )
      const e = centred(change)
      const after = sweep(e)
      const found = meansOf(missing(Float64Array.from(after, (value, i) => value - e[i])))
      const wanted = centred(after)
      centred(found).forEach((value, i) => expect(Math.abs(value + wanted[i])).toBeLessThanOrEqual(1e-3))
    }),
    { numRuns: runs(100) },
  )
})

test('a cell that nothing goes to has nothing missing', () => {
  const plan: CoarsePlan = {
    epsilon,
    rho: undefined,
    weights: [[0.5, 0.5], [0.5, 0.5]],
    potentials: [[0, 0], [0, 0]],
    costs: [0, 100, 0, 100],
  }
  expect(Array.from(correctionOf(plan)(Float64Array.of(1, -1)))).toEqual([0, 0])
})
