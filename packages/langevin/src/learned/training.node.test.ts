import type { Backend } from '@monge/backend'
import { adam, copyParams, disposeParams } from '@monge/generators'
import { fromArrays, measureOrThrow, toArrays } from '@monge/measures'
import { key, normal } from '@monge/random'
import { add, memory, mul, sub, tensor2d } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { onBackends } from '../../../../tooling/testing/src/index.ts'
import {
  contrastiveDivergence,
  energyPotential,
  gaussianNoise,
  geometricLevels,
  learnedScore,
  perceptronEnergy,
  residualNetwork,
  scoreMatching,
  scoreModel,
  train,
} from './index.js'

/** Samples of the Gaussian of mean (1, -1) and variances (1/4, 1). */
const gaussianSamples = (place: Backend) => {
  const data = normal(4000)(key(21)).map((value, i) => (i % 2 === 0 ? 1 + 0.5 * value : value - 1))
  return measureOrThrow(fromArrays({ data, shape: [2000, 2] }, undefined, place))
}

onBackends(['wasm'])('training', (backend) => {
  test('score matching on a Gaussian learns its score at all levels', () => {
    const place = backend()
    const data = gaussianSamples(place)
    const levels = geometricLevels({ largest: 5, smallest: 0.05, count: 10 })
    const model = scoreModel({ network: residualNetwork({ dimension: 2, width: 24, blocks: 1 }) })(place)
    const before = memory().numTensors
    const training = scoreMatching({ model, levels, optimiser: adam(0.01), batch: 128, averaging: 0.99 })(data)
    const losses: number[] = []
    let params = model.init(key(0))
    for (const state of train(training, key(1), { steps: 400 })) {
      if (state.iteration > 0) losses.push(state.loss)
      if (state.iteration === 400) {
        disposeParams(params)
        params = copyParams(state.average)
      }
    }
    const score = learnedScore(model)(params)
    const at = [[1, -1], [1.4, 0], [0.3, -1.8], [0.8, -0.3]]
    for (const level of [0.3, 1, 3]) {
      const points = tensor2d(at)
      const learned = score.at(points, level)
      const worst = Math.max(
        ...Array.from(learned.dataSync(), (value, i) => {
          const [m, c] = i % 2 === 0 ? [1, 0.25] : [-1, 1]
          const x = at[Math.floor(i / 2)]?.[i % 2] ?? 0
          const exact = -(x - m) / (c + level ** 2)
          return Math.abs(value - exact) * Math.sqrt(c + level ** 2)
        }),
      )
      expect(worst, `level ${level}`).toBeLessThan(0.35)
      points.dispose()
      learned.dispose()
    }
    disposeParams(params)
    expect(memory().numTensors).toBe(before)
    const early = losses.slice(0, 20).reduce((sum, loss) => sum + loss, 0)
    expect(losses.slice(-20).reduce((sum, loss) => sum + loss, 0)).toBeLessThan(early)
  })

  test('contrastive divergence finds where the data are', () => {
    const place = backend()
    const data = gaussianSamples(place)
    const network = perceptronEnergy({ dimension: 2, width: 16, deviation: 2 })
    for (const from of ['chains', 'data'] as const) {
      const training = contrastiveDivergence({
        network,
        place,
        optimiser: adam(0.01),
        batch: 32,
        from,
        steps: 8,
        step: 0.1,
        renewal: 0.02,
        averaging: 0.98,
      })(data)
      let found: readonly (readonly number[])[] = []
      for (const state of train(training, key(2), { steps: 200 })) {
        if (state.iteration < 200) continue
        const potential = energyPotential(network)(state.average)(place)
        const noise = gaussianNoise(200, 2, 1)(place)(key(5))
        let { points } = noise
        for (let step = 0; step < 40; step++) {
          const slope = potential.gradient(points)
          points = place.within(() => sub(points, mul(slope, 0.125)))
          const shake = gaussianNoise(200, 2, 0.5)(place)(key(step))
          points = place.within(() => add(points, shake.points))
        }
        found = toArrays({ ...noise, points }).points
      }
      const meanOf = (axis: number): number => found.reduce((sum, point) => sum + (point[axis] ?? 0), 0) / found.length
      expect(Math.abs(meanOf(0) - 1), from).toBeLessThan(0.25)
      expect(Math.abs(meanOf(1) + 1), from).toBeLessThan(0.4)
    }
  })
})
