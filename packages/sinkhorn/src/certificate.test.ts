import { tensorFrom } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { fromArrays, measureOrThrow } from '@monge/measures'
import { tidy } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import { certify } from './certificate.js'
import type { Certificate } from './certificate.js'
import { sideOf } from './problem.js'

interface Given {
  readonly costs: readonly (readonly number[])[]
  readonly f: readonly number[]
  readonly g: readonly number[]
  readonly epsilon: number
  readonly rho?: number
  readonly a?: readonly number[]
  readonly b?: readonly number[]
}

eachBackend('a certificate', (backend) => {
  const bounds = ({ costs, f, g, epsilon, rho, a, b }: Given): Certificate => {
    const { vectors, geometry: make, within } = backend() as Backend
    return within(() =>
      tidy(() => {
        const along = (count: number, weights?: readonly number[]) =>
          measureOrThrow(fromArrays(Array.from({ length: count }, (_, i) => [i]), weights, backend()))
        const [mu, nu] = [along(f.length, a), along(g.length, b)]
        const entries = tensorFrom<Tensor2D>(costs.flat(), [f.length, g.length])
        const geometry = make({ tag: 'matrix', entries }, mu.points, nu.points)
        const [source, target] = [sideOf(vectors)(mu), sideOf(vectors)(nu)]
        const potentials = { f: vectors.fromArray(f), g: vectors.fromArray(g) }
        const found = certify({ backend: backend() as Backend, geometry, source, target, potentials, epsilon, rho })
        geometry.dispose()
        return found as never
      }),
    )
  }

  /** How far one computed cost may be off, and what exponentials are off by for each unit of their exponents. */
  const digits = () => {
    const doubles = backend().vectors.fromArray([1]) instanceof Float64Array
    return { cost: backend().precision === 'float64' ? 2 ** -50 : 2 ** -21, exponent: doubles ? 2 ** -52 : 2 ** -22 }
  }

  // Between two points there is one plan, and all potentials of sum 1 are as good.
  test.each([0.5, 60, -100])('lies as far from the only cost as numbers of the size of potentials about %f are rounded', (height) => {
    const epsilon = 0.125
    const { lower, upper } = bounds({ costs: [[1]], f: [height], g: [1 - height], epsilon })
    const size = Math.abs(height) + Math.abs(1 - height)
    const slack = 2 * digits().cost * size
    const entries = Math.max(digits().cost, digits().exponent * (1 + size / epsilon))
    expect(Math.abs((1 - lower) / slack - 1)).toBeLessThanOrEqual(0.1)
    expect(Math.abs((upper - 1) / (slack + entries) - 1)).toBeLessThanOrEqual(0.1)
  })

  test('of soft marginals has both bounds at the value, where that is known', () => {
    // Mass m costs m c + 2 rho KL(m | 1), least at exp(-c / 2 rho), and that is the mass of the plan.
    for (const [cost, rho] of [[1, 0.5], [0.5, 2]] as const) {
      const epsilon = 0.25
      const value = 2 * rho * -Math.expm1(-cost / (2 * rho))
      const { lower, upper } = bounds({ costs: [[cost]], f: [cost / 2 - (epsilon * cost) / (2 * rho)], g: [cost / 2], epsilon, rho })
      expect(lower).toBeLessThanOrEqual(value)
      expect(upper).toBeGreaterThanOrEqual(value)
      expect(upper - lower).toBeLessThanOrEqual(100 * digits().cost)
    }
  })

  describe.each([undefined, 0.75])('with rho %s', (rho) => {
    test('is the dual of feasible potentials, and the cost of the plan made good', () => {
      const [a, b] = [[0.25, 0.75], [0.5, 0.125, 0.375]] as const
      const costs = [
        [0.5, 2, 1],
        [1.5, 0.25, 0.75],
      ]
      const [f, g, epsilon] = [[0.25, -0.5], [0.125, 0.375, 0.25], 0.5] as const
      const cost = (i: number, j: number): number => costs[i]?.[j] ?? NaN
      const feasibleF = a.map((_, i) => Math.min(...b.map((__, j) => cost(i, j) - g[j])))
      const feasibleG = b.map((_, j) => Math.min(...a.map((__, i) => cost(i, j) - (feasibleF[i] ?? NaN))))
      const worth = (weight: number, value: number): number => weight * (rho === undefined ? value : -rho * Math.expm1(-value / rho))
      const dual =
        feasibleF.reduce((sum, value, i) => sum + worth(a[i] ?? NaN, value), 0) + feasibleG.reduce((sum, value, j) => sum + worth(b[j] ?? NaN, value), 0)
      const { lower, upper } = bounds({ costs, f, g, epsilon, a, b, ...(rho !== undefined && { rho }) })
      expect(dual - lower).toBeGreaterThanOrEqual(0)
      expect(dual - lower).toBeLessThanOrEqual(100 * digits().cost)
      const plan = a.map((weight, i) => b.map((other, j) => weight * other * Math.exp((f[i] + g[j] - cost(i, j)) / epsilon)))
      const sums = (rows: readonly (readonly number[])[]): readonly number[] => rows.map((row) => row.reduce((sum, value) => sum + value, 0))
      const turned = (rows: readonly (readonly number[])[]): readonly (readonly number[])[] => (rows[0] ?? []).map((_, j) => rows.map((row) => row[j] ?? NaN))
      const total = (rows: readonly (readonly number[])[]): number => rows.reduce((sum, row, i) => row.reduce((each, value, j) => each + value * cost(i, j), sum), 0)
      const entropy = (masses: readonly number[], weights: readonly number[]): number =>
        masses.reduce((sum, mass, i) => sum + mass * Math.log(mass / (weights[i] ?? NaN)) - mass + (weights[i] ?? NaN), 0)
      // Rows, then columns, that have too much are scaled down; what is missing is spread over what lacks.
      const scaledRows = plan.map((row, i) => row.map((value) => value * Math.min(1, a[i] / (sums(plan)[i] ?? NaN))))
      const scaled = scaledRows.map((row) => row.map((value, j) => value * Math.min(1, b[j] / (sums(turned(scaledRows))[j] ?? NaN))))
      const [lackRows, lackColumns] = [sums(scaled).map((sum, i) => a[i] - sum), sums(turned(scaled)).map((sum, j) => b[j] - sum)]
      const lack = lackRows.reduce((sum, value) => sum + value, 0)
      const rounded = scaled.map((row, i) => row.map((value, j) => value + ((lackRows[i] ?? NaN) * (lackColumns[j] ?? NaN)) / lack))
      const primal =
        rho === undefined ? total(rounded) : total(plan) + rho * (entropy(sums(plan), a) + entropy(sums(turned(plan)), b))
      expect(upper - primal).toBeGreaterThanOrEqual(0)
      expect(upper - primal).toBeLessThanOrEqual(100 * digits().cost)
    })
  })
})
