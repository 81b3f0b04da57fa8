import { fromMatrix } from '@monge/costs'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { dispose } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, tolerance } from '../../../tooling/testing/src/index.ts'
import { solve } from './index.js'

/** Points in the unit square, the same for the same seed. */
const points = (n: number, seed: number): readonly (readonly number[])[] =>
  Array.from({ length: n }, (_, i) => [0.5698402909980532, 0.7548776662466927].map((step) => (seed + i * step) % 1))

eachBackend('from where sweeps are long', (backend) => {
  test('a leap and acceleration find what annealing finds', () => {
    // One entry more than leaves it to annealing.
    const measures = [points(256, 0.1), points(257, 0.6)].map((cloud) => measureOrThrow(fromArrays(cloud, undefined, backend())))
    const [mu, nu] = measures as [Measure, Measure]
    const goal = tolerance(backend(), { float64: 1e-8, float32: 1e-5 })
    const [leapt, annealed] = [{}, { scaling: 0.5 }].map((options) => {
      const { f, g, value, marginalError, converged } = solve({ p: 2, blur: 0.1, tolerance: goal, ...options })(backend())(mu, nu)
      dispose([f, g])
      expect(converged).toBe(true)
      expect(marginalError).toBeLessThanOrEqual(goal)
      return value
    })
    expect(Math.abs((leapt ?? NaN) - (annealed ?? NaN))).toBeLessThanOrEqual(tolerance(backend(), { float64: 1e-8, float32: 1e-5 }))
    measures.forEach(disposeMeasure)
  })

  test.each([20, 200])('a matrix of %i times epsilon is solved to what the solution says of its plan', (ratio) => {
    const [from, to] = [points(256, 0.1), points(257, 0.6)]
    const squares = from.map((a) => to.map((b) => a.reduce((sum, value, k) => sum + (value - (b[k] ?? NaN)) ** 2, 0)))
    const epsilon = Math.max(...squares.flat()) / ratio
    const [mu, nu] = [from, to].map((cloud) => measureOrThrow(fromArrays(cloud, undefined, backend()))) as [Measure, Measure]
    const goal = tolerance(backend(), { float64: 1e-6, float32: 1e-5 })
    const options = { p: 1, cost: fromMatrix(squares, backend()), blur: epsilon, tolerance: goal }
    const [leapt, annealed] = [{}, { scaling: 0.5 }].map((annealing) => {
      const { f, g, value, marginalError, converged } = solve({ ...options, ...annealing })(backend())(mu, nu)
      const [F, G] = [f, g].map((potential) => Array.from(potential.dataSync()))
      dispose([f, g])
      const plan = squares.map((row, i) => row.map((cost, j) => Math.exp(((F?.[i] ?? NaN) + (G?.[j] ?? NaN) - cost) / epsilon) / (256 * 257)))
      const rows = plan.map((row) => row.reduce((sum, mass) => sum + mass, 0))
      const columns = to.map((_, j) => plan.reduce((sum, row) => sum + (row[j] ?? NaN), 0))
      const excess = (sums: readonly number[]): number => sums.reduce((sum, mass) => sum + Math.abs(mass - 1 / sums.length), 0)
      expect(converged).toBe(true)
      expect(marginalError).toBeLessThanOrEqual(goal)
      // Potentials and costs of float32 are rounded, and `ratio` times as much in exponents.
      const rounding = tolerance(backend(), { float64: 1e-11, float32: ratio * 2 ** -21 })
      expect(Math.abs(excess(rows) + excess(columns) - marginalError)).toBeLessThanOrEqual(rounding)
      return value
    })
    expect(Math.abs((leapt ?? NaN) - (annealed ?? NaN))).toBeLessThanOrEqual(tolerance(backend(), { float64: 1e-6, float32: 1e-5 }))
    for (const measure of [mu, nu]) disposeMeasure(measure)
  })
})
