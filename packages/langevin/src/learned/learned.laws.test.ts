import { tensorFrom } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { fromArrays, measureOrThrow, toArrays } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { key } from '@monge/random'
import { clone, div, neg, sub, tidy } from '@tensorflow/tfjs-core'
import type { Tensor1D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, runs, tolerance } from '../../../../tooling/testing/src/index.ts'
import { annealedLangevin, gaussianNoise, geometricLevels, probabilityFlow, reverseDiffusion } from './index.js'
import type { Diffusion, Score } from './index.js'

/** The score of a blurred Gaussian with independent coordinates: `-(x - m) / (c + σ²)`. */
const gaussianScore = (place: Backend, mean: readonly number[], variance: readonly number[]): Score => ({
  place,
  dimension: mean.length,
  at: (points, level) =>
    tidy(() => {
      const [centre, width] = [tensorFrom<Tensor1D>(mean, [2]), tensorFrom<Tensor1D>(variance.map((c) => c + level ** 2), [2])]
      return neg(div(sub(points, centre), width))
    }),
})

const endOf = (sampler: Diffusion, start: Measure): readonly (readonly number[])[] => {
  let state = sampler.init(key(9), start)
  for (let step = 0; step < sampler.steps; step++) ({ state } = sampler.step(state))
  return toArrays(state.measure).points
}

const momentsOf = (points: readonly (readonly number[])[], axis: number): readonly [mean: number, variance: number] => {
  const values = points.map((point) => point[axis] ?? Number.NaN)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)]
}

const [mean, variance] = [[1, -2], [0.25, 4]] as const
const largest = 20

eachBackend('on a Gaussian, whose score is known', (backend) => {
  test('the probability flow takes each point where the exact flow does', () => {
    const coordinate = fc.double({ min: -30, max: 30, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 10, maxLength: 10 }), (points) => {
        const score = gaussianScore(backend(), mean, variance)
        const levels = geometricLevels({ largest, smallest: 0.01, count: 60 })
        const ends = endOf(probabilityFlow({ levels })(score), measureOrThrow(fromArrays(points, undefined, backend())))
        points.forEach((point, row) => {
          point.forEach((x, axis) => {
            const [m, c] = [mean[axis] ?? 0, variance[axis] ?? 1]
            const exact = m + (x - m) * Math.sqrt((c + 1e-4) / (c + largest ** 2))
            expect(Math.abs((ends[row]?.[axis] ?? Number.NaN) - exact)).toBeLessThan(0.005 * (1 + Math.abs(exact)))
          })
        })
      }),
      { numRuns: runs(10, 'ten points go the way of sixty levels together: a hundred are tried') },
    )
  })

  test('the probability flow is of second order', () => {
    const score = gaussianScore(backend(), mean, variance)
    const start = measureOrThrow(fromArrays([[10, 10]], undefined, backend()))
    const exact = 1 + 9 * Math.sqrt((0.25 + 1) / (0.25 + largest ** 2))
    const errorWith = (count: number): number => {
      const [end = []] = endOf(probabilityFlow({ levels: geometricLevels({ largest, smallest: 1, count }) })(score), start)
      return Math.abs((end[0] ?? Number.NaN) - exact)
    }
    expect(errorWith(17) / errorWith(9)).toBeLessThan(tolerance(backend(), { float64: 0.3, float32: 0.4 }))
  })

  test('samplers land on its mean and covariance', () => {
    const score = gaussianScore(backend(), mean, variance)
    const down = (smallest: number, count: number) => geometricLevels({ largest, smallest, count })
    const start = gaussianNoise(800, 2, largest)(backend())(key(4))
    for (const [name, sampler] of [
      ['reverse diffusion', reverseDiffusion({ levels: [...down(0.02, 50), 0] })(score)],
      ['with a corrector', reverseDiffusion({ levels: [...down(0.02, 40), 0], corrector: { ratio: 0.2 } })(score)],
      ['probability flow', probabilityFlow({ levels: [...down(0.02, 40), 0] })(score)],
    ] as const) {
      const points = endOf(sampler, start)
      for (const axis of [0, 1]) {
        const [m, c] = momentsOf(points, axis)
        const wanted = variance[axis] ?? 1
        expect(Math.abs(m - (mean[axis] ?? 0)), `${name}: mean ${axis}`).toBeLessThan(0.15 * Math.sqrt(wanted))
        expect(Math.abs(c / wanted - 1), `${name}: variance ${axis}`).toBeLessThan(0.25)
      }
    }
  })

  test('annealed Langevin has the moments that its steps, which are linear here, give', () => {
    const score = gaussianScore(backend(), mean, variance)
    const levels = geometricLevels({ largest, smallest: 0.1, count: 12 })
    const [step, stepsPerLevel] = [0.2, 5]
    const points = endOf(annealedLangevin({ levels, stepsPerLevel, step })(score), gaussianNoise(800, 2, largest)(backend())(key(4)))
    for (const axis of [0, 1]) {
      const c = variance[axis] ?? 1
      const kept = levels.flatMap((level) =>
        Array.from({ length: stepsPerLevel }, () => [1 - (step * level ** 2) / 2 / (c + level ** 2), step * level ** 2] as const),
      )
      const wanted = kept.reduce((spread, [factor, noise]) => factor ** 2 * spread + noise, largest ** 2)
      const offset = kept.reduce((shift, [factor]) => factor * shift, -(mean[axis] ?? 0))
      const [m, found] = momentsOf(points, axis)
      expect(Math.abs(m - (mean[axis] ?? 0) - offset)).toBeLessThan(0.15 * Math.sqrt(wanted))
      expect(Math.abs(found / wanted - 1)).toBeLessThan(0.2)
    }
  })

  test('a chain that leaves the numbers is reported with where and when', () => {
    const broken: Score = { place: backend(), dimension: 2, at: (points, level) => (level < 5 ? div(points, sub(points, points)) : clone(points)) }
    const start = gaussianNoise(2, 2, 1)(backend())(key(4))
    const levels = [8, 6, 4, 2]
    expect(() => endOf(reverseDiffusion({ levels })(broken), start)).toThrow('reverseDiffusion: chain 0 is not finite at iteration 3')
  })
})
