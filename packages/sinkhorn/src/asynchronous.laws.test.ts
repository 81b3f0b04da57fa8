import { toNumber } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { dispose } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, isEngine, pairArbitrary, runs, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import type { CloudPair } from '../../../tooling/testing/src/index.ts'
import { debiasedPotentials, sinkhornDivergence, solve, solveAsync } from './index.js'
import type { Solution } from './index.js'

eachBackend('solving', (backend) => {
  const pairs = pairArbitrary({ settings: ['near'], maxPoints: 5 })
  const times = () => (isEngine(backend()) ? runs(100) : runs(10, 'a solve is some hundred tensor operations'))
  const measured = ({ mu, nu }: CloudPair): readonly [Measure, Measure] =>
    [mu, nu].map(({ points, weights }) => measureOrThrow(fromArrays(points, weights, backend()))) as [Measure, Measure]
  const read = ({ f, g, iterations, converged, lower, upper }: Solution) => {
    const found = { f: Array.from(f.dataSync()), g: Array.from(g.dataSync()), iterations, converged, lower, upper }
    dispose([f, g])
    return found
  }

  test('while giving way finds the same as without', async () => {
    await withoutLeaks(() =>
      fc.assert(
        fc.asyncProperty(pairs, fc.constantFrom(1, 2), fc.constantFrom(0.7, 1.5), async (pair, p, blur) => {
          const [mu, nu] = measured(pair)
          const options = { p, blur, tolerance: 1e-3 }
          const at = read(solve(options)(backend())(mu, nu))
          expect(read(await solveAsync(options, 0)(backend())(mu, nu))).toEqual(at)
          disposeMeasure(mu)
          disposeMeasure(nu)
        }),
        { numRuns: times() },
      ),
    )
  })

  test('for a divergence gives potentials whose means are its value', () => {
    withoutLeaks(() => {
      fc.assert(
        fc.property(pairs, fc.constantFrom(1, 2), (pair, p) => {
          const [mu, nu] = measured(pair)
          const options = { p, blur: 0.5 }
          const { f, g } = debiasedPotentials(options)(backend())(mu, nu)
          const mean = (values: ArrayLike<number>, weights: readonly number[]) => weights.reduce((sum, weight, i) => sum + weight * (values[i] ?? NaN), 0)
          const value = toNumber(sinkhornDivergence(options)(backend()))(mu, nu)
          const allowed = tolerance(backend(), { float64: 1e-7, float32: 1e-4 }) * 16
          expect(Math.abs(mean(f.dataSync(), pair.mu.weights) + mean(g.dataSync(), pair.nu.weights) - value)).toBeLessThanOrEqual(allowed)
          dispose([f, g, ...Object.values(mu), ...Object.values(nu)])
        }),
        { numRuns: times() },
      )
    })
  })
})
