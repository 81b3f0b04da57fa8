import { tensorFrom } from '@monge/backend'
import { adam } from '@monge/generators'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { fold, key, normal } from '@monge/random'
import { slice, tidy } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cloudArbitrary, eachBackend, runs, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import {
  contrastiveDivergence,
  energyPotential,
  learnedScore,
  perceptronEnergy,
  residualNetwork,
  sampleScore,
  scoreMatching,
  scoreModel,
  train,
} from './index.js'
import type { EnergyNetwork, PerceptronEnergyParams, ResidualParams, Training } from './index.js'

const coordinate = fc.integer({ min: -48, max: 48 }).map((entry) => entry / 16)
const rows = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 5 })
const level = fc.constantFrom(0.25, 1, 4)
const seeds = fc.nat({ max: 1000 })

eachBackend('a network', (backend) => {
  const pointsOf = (points: readonly (readonly number[])[]): Tensor2D => tensorFrom<Tensor2D>(points.flat(), [points.length, 2])
  const unit = (): number => tolerance(backend(), { float64: 1e-13, float32: 2e-5 })
  const expectNear = (actual: ArrayLike<number>, expected: readonly number[], allowed = unit()): void => {
    expect(actual.length).toBe(expected.length)
    expected.forEach((value, index) =>
      expect(Math.abs((actual[index] ?? NaN) - value), `${actual[index]} for ${value}`).toBeLessThanOrEqual(allowed * (1 + Math.abs(value))),
    )
  }
  const law = <A>(arbitrary: fc.Arbitrary<A>, body: (value: A) => void, count = runs(100)): void =>
    fc.assert(
      fc.property(arbitrary, (value) => {
        withoutLeaks(() => tidy(() => body(value)))
      }),
      { numRuns: count },
    )

  /** All of a network's numbers moved a little, so that the last map, which begins at zero, is none. */
  const disturbed = <P>(params: P, seed: number): P => {
    let leaf = 0
    const moved = (part: unknown): unknown => {
      if (typeof part !== 'object' || part === null) return part
      if ('dataSync' in part) {
        const tensor = part as Tensor
        return tensorFrom(Array.from(normal(tensor.size)(fold(leaf++)(key(seed))), (value, i) => (tensor.dataSync()[i] ?? 0) + value / 4), tensor.shape)
      }
      return Array.isArray(part) ? part.map(moved) : Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, moved(inner)]))
    }
    return moved(params) as P
  }

  const residual = residualNetwork({ dimension: 2, width: 4, blocks: 1, frequencies: 2 })

  test('that is residual begins at zero, whatever its key, points and levels', () => {
    law(fc.tuple(seeds, rows, level), ([seed, points, at]) => {
      const levels = tensorFrom<Tensor1D>(points.map(() => Math.log(at)), [points.length])
      expectNear(residual.apply(residual.init(key(seed)), pointsOf(points), levels).dataSync(), points.flat().map(() => 0))
    })
  })

  test('treats each point by itself', () => {
    law(fc.tuple(seeds, rows, level), ([seed, points, at]) => {
      const params: ResidualParams = disturbed(residual.init(key(seed)), seed)
      const levels = tensorFrom<Tensor1D>(points.map(() => Math.log(at)), [points.length])
      const together = residual.apply(params, pointsOf(points), levels).dataSync()
      const alone = points.flatMap((point) => Array.from(residual.apply(params, pointsOf([point]), slice(levels, 0, 1)).dataSync()))
      expectNear(together, alone)
    })
  })

  const energy: EnergyNetwork<PerceptronEnergyParams> = perceptronEnergy({ dimension: 2, width: 4, layers: 1, deviation: 2 })

  test('of energy begins as a bowl, and as a potential has the slopes of its values', () => {
    law(fc.tuple(seeds, rows), ([seed, points]) => {
      const start = energy.init(key(seed))
      expectNear(energy.apply(start, pointsOf(points)).dataSync(), points.map(([x, y]) => (x * x + y * y) / 8))
      const params = disturbed(start, seed)
      const potential = energyPotential(energy)(params)(backend())
      const slopes = potential.gradient(pointsOf(points)).dataSync()
      const value = (moved: readonly (readonly number[])[]): ArrayLike<number> => energy.apply(params, pointsOf(moved)).dataSync()
      const step = tolerance(backend(), { float64: 2 ** -12, float32: 2 ** -5 })
      for (const axis of [0, 1]) {
        const at = (by: number): ArrayLike<number> =>
          value(points.map((point) => point.map((entry, index) => (index === axis ? entry + by * step : entry))))
        const [ahead, behind] = [at(1), at(-1)]
        points.forEach((_, i) => {
          const slope = ((ahead[i] ?? NaN) - (behind[i] ?? NaN)) / (2 * step)
          const allowed = tolerance(backend(), { float64: 1e-5, float32: 1e-2 })
          expect(Math.abs((slopes[2 * i + axis] ?? NaN) - slope)).toBeLessThanOrEqual(allowed * (1 + Math.abs(slope)))
        })
      }
    })
  })

  test('of scores begins as the score of a Gaussian, and its denoiser is Tweedie’s', () => {
    law(fc.tuple(seeds, rows, level, fc.constantFrom(0.5, 2)), ([seed, points, at, deviation]) => {
      const model = scoreModel({ network: residual, deviation })(backend())
      const start = model.init(key(seed))
      const gaussian = points.flat().map((entry) => -entry / (at * at + deviation * deviation))
      expectNear(learnedScore(model)(start).at(pointsOf(points), at).dataSync(), gaussian)
      const params = disturbed(start, seed)
      const score = learnedScore(model)(params).at(pointsOf(points), at).dataSync()
      const levels = tensorFrom<Tensor1D>(points.map(() => at), [points.length])
      expectNear(model.score(params, pointsOf(points), levels).dataSync(), Array.from(score))
      const clean = model.denoise(params, pointsOf(points), levels).dataSync()
      expectNear(clean, points.flat().map((entry, index) => entry + at * at * (score[index] ?? NaN)), 20 * unit())
    })
  })

  test('is not needed for the score of samples, which draws to them by their shares', () => {
    law(fc.tuple(cloudArbitrary({ dimension: 2, settings: ['near'], maxPoints: 5 }), rows, fc.constantFrom(0.5, 1, 4)), ([cloud, points, at]) => {
      const samples = measureOrThrow(fromArrays(cloud.points, cloud.weights, backend()))
      const found = sampleScore(samples)(backend()).at(pointsOf(points), at).dataSync()
      const expected = points.flatMap((point) => {
        const logarithms = cloud.points.map(
          (sample, i) => Math.log(cloud.weights[i] ?? 0) - sample.reduce((sum, entry, k) => sum + (entry - (point[k] ?? NaN)) ** 2, 0) / (2 * at * at),
        )
        const top = Math.max(...logarithms)
        const shares = logarithms.map((logarithm) => Math.exp(logarithm - top))
        const all = shares.reduce((sum, share) => sum + share, 0)
        return [0, 1].map((axis) =>
          cloud.points.reduce((sum, sample, i) => sum + ((shares[i] ?? NaN) / all) * ((sample[axis] ?? NaN) - (point[axis] ?? NaN)), 0) / (at * at),
        )
      })
      expectNear(found, expected, tolerance(backend(), { float64: 1e-11, float32: 2e-4 }))
      disposeMeasure(samples)
    })
  })

  const few = (): number => runs(10, 'trainings of three steps by tensor operations, each of them twice')

  test('goes the same way again by the same key, a step at a time or all at once, and changes no state that it was given', () => {
    const matching = scoreMatching({ model: scoreModel({ network: residual })(backend()), levels: [2, 0.5], optimiser: adam(0.01), batch: 3 })
    const contrast = contrastiveDivergence({ network: energy, place: backend(), optimiser: adam(0.01), batch: 3, buffers: 2, steps: 2, renewal: 0.5 })
    const clouds = cloudArbitrary({ dimension: 2, settings: ['near'], maxPoints: 5 })
    fc.assert(
      fc.property(fc.tuple(seeds, clouds, fc.boolean(), fc.nat({ max: 2 })), ([seed, cloud, scores, steps]) => {
        withoutLeaks(() => {
          const data = measureOrThrow(fromArrays(cloud.points, cloud.weights, backend()))
          const training = (scores ? matching : contrast)(data) as Training
          const progress: number[] = []
          const losses = Array.from(
            train(training, key(seed), { steps, onProgress: ({ iteration }) => void progress.push(iteration) }),
            ({ iteration, loss }) => [iteration, loss] as const,
          )
          expect(progress).toEqual(losses.map(([iteration]) => iteration))
          expect(progress).toEqual(Array.from({ length: steps + 1 }, (_, iteration) => iteration))
          const states = [training.init(key(seed))]
          for (let step = 0; step < steps; step++) states.push(training.step(states[step] ?? training.init(key(seed))))
          expect(states.map(({ iteration, loss }) => [iteration, loss])).toEqual(losses)
          // From the state before the last, once more: nothing that it holds was changed or freed.
          const again = states.slice(-2, -1).map((before) => training.step(before))
          expect(again.map(({ loss }) => loss)).toEqual(states.slice(1).slice(-1).map(({ loss }) => loss))
          return [data.points, data.weights, states, again]
        })
      }),
      { numRuns: few() },
    )
  })

  test('that is shared by two potentials stays the caller’s', () => {
    withoutLeaks(() => {
      const params = backend().within(() => energy.init(key(2)))
      const x = pointsOf([[1, 2]])
      const potentials = [1, 2].map(() => energyPotential(energy)(params)(backend()))
      const slopes = potentials.map((potential) => potential.gradient(x))
      const [one, other] = slopes.map((slope) => Array.from(slope.dataSync()))
      expect(one).toEqual(other)
      return [params, x, slopes]
    })
  })
})
