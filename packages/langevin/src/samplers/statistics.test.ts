import { disposeMeasure, fromTypedArray, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { key, normal, uniform } from '@monge/random'
import { describe, expect, test } from 'vitest'
import { eachBackend } from '../../../../tooling/testing/src/index.ts'
import { draw, gaussian, gaussianMixture, mala, randomWalk, run, ula, underdamped } from '../index.js'
import type { MetropolisInfo, Sampler } from '../index.js'

const chains = 20_000

/** Mean and variance of one coordinate. */
const momentsOf = (values: ArrayLike<number>, axis = 0, d = 1): { readonly mean: number; readonly variance: number } => {
  const n = values.length / d
  let [sum, squares] = [0, 0]
  for (let i = axis; i < values.length; i += d) sum += values[i] as number
  for (let i = axis; i < values.length; i += d) squares += ((values[i] as number) - sum / n) ** 2
  return { mean: sum / n, variance: squares / n }
}

eachBackend('samplers in the mean', (backend) => {
  const from = (values: Float64Array, d: number): Measure =>
    measureOrThrow(fromTypedArray(values, d, undefined, backend()))
  const normalStart = (count: number, d: number, seed = 11): Measure => from(normal(count * d)(key(seed)), d)

  /** Of N(0, 1), the variance that chains settle at; the standard error of it is about .01 v. */
  const varianceOf = (sampler: Sampler, steps: number): number => {
    const start = normalStart(chains, 1)
    const { values } = draw(sampler, key(12), start, { steps, burnIn: steps - 1 })
    disposeMeasure(start)
    return momentsOf(values).variance
  }

  describe.each([
    [0.1, 0.99],
    [0.5, 0.92],
    [1, 0.78],
  ])('of N(0, 1) by steps of %d', (step, acceptance) => {
    const standardError = Math.sqrt(2 / chains)

    test('ula settles at the variance 1 / (1 - h/2)', () => {
      const expected = 1 / (1 - step / 2)
      const variance = varianceOf(ula(gaussian({ mean: [0] })(backend()), { step }), Math.ceil(4 / step))
      expect(Math.abs(variance / expected - 1)).toBeLessThan(4 * standardError)
    })

    test('mala keeps the variance 1, and accepts as many as theory says', () => {
      const start = normalStart(chains, 1)
      const infos: MetropolisInfo[] = []
      let variance = 0
      for (const { state, info } of run(mala(gaussian({ mean: [0] })(backend()), { step }), key(12), start, { steps: 10 })) {
        infos.push(info)
        variance = momentsOf(state.measure.points.dataSync()).variance
      }
      disposeMeasure(start)
      const mean = infos.reduce((sum, info) => sum + info.acceptance, 0) / infos.length
      expect(Math.abs(variance - 1)).toBeLessThan(4 * standardError)
      expect(Math.abs(mean - acceptance)).toBeLessThan(0.007)
      const accepted = infos.reduce((sum, info) => sum + momentsOf(info.accepted).mean, 0) / infos.length
      expect(Math.abs(accepted - mean)).toBeLessThan(0.005)
    })

    test('underdamped dynamics have the variance 1 whatever the step', () => {
      const variance = varianceOf(underdamped(gaussian({ mean: [0] })(backend()), { step }), Math.ceil(6 / step))
      expect(Math.abs(variance - 1)).toBeLessThan(4 * standardError)
    })
  })

  test('from a Gaussian to a Gaussian, mean and covariance follow Ornstein and Uhlenbeck, and the divergence falls', () => {
    const step = 0.01
    const a = [7, -4]
    const start = from(
      normal(2 * chains)(key(5)).map((value) => 2 * value),
      2,
    )
    let before = Infinity
    for (const { state } of run(ula(gaussian({ mean: a })(backend()), { step }), key(6), start, { steps: 200, thin: 40 })) {
      const time = step * state.iteration
      const points = state.measure.points.dataSync()
      const along = [0, 1].map((axis) => momentsOf(points, axis, 2))
      const expected = { variance: 1 + 3 * Math.exp(-2 * time) }
      let divergence = 0
      along.forEach(({ mean, variance }, axis) => {
        const goal = a[axis] ?? 0
        // The error of Euler's scheme is of the order of the step.
        expect(Math.abs(mean - goal * (1 - Math.exp(-time)))).toBeLessThan(step * Math.abs(goal) + 4 * Math.sqrt(expected.variance / chains))
        expect(Math.abs(variance / expected.variance - 1)).toBeLessThan(2 * step + 4 * Math.sqrt(2 / chains))
        divergence += 0.5 * (variance + (mean - goal) ** 2 - 1 - Math.log(variance))
      })
      expect(divergence).toBeLessThan(before)
      before = divergence
    }
    disposeMeasure(start)
  })

  test.each([
    ['mala', mala],
    ['randomWalk', randomWalk],
  ])('each mode of a mixture has its share, by %s', (_, make) => {
    const means = [[-2, 0], [2, 0], [0, 2]]
    const weights = [0.2, 0.3, 0.5]
    const start = from(uniform({ low: -2, high: 2 }, 2 * 4000)(key(1)), 2)
    const sampler = make(gaussianMixture({ means, weights, covariance: 0.6 })(backend()), { step: 0.6 })
    const { values } = draw(sampler, key(2), start, { steps: 90, burnIn: 50, thin: 20 })
    disposeMeasure(start)
    // The mean of each component's probability given the point is its weight.
    const shares = weights.map((): number[] => [])
    for (let i = 0; i < values.length; i += 2) {
      const heights = means.map(
        ([x = 0, y = 0], k) =>
          (weights[k] as number) * Math.exp(-(((values[i] as number) - x) ** 2 + ((values[i + 1] as number) - y) ** 2) / 1.2),
      )
      const sum = heights.reduce((total, height) => total + height, 0)
      heights.forEach((height, k) => shares[k]?.push(height / sum))
    }
    shares.forEach((each, k) => {
      const { mean, variance } = momentsOf(each)
      // Both draws of a chain may be alike.
      expect(Math.abs(mean - (weights[k] as number))).toBeLessThan(3.5 * Math.sqrt(variance / 4000))
    })
  })
})
