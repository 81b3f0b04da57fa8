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
})
