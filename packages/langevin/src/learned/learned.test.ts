import { dispose, memory, tensor2d } from '@tensorflow/tfjs-core'
import { adam } from '@monge/generators'
import { fromArrays, measureOrThrow, toArrays } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { key, normal } from '@monge/random'
import { describe, expect, test } from 'vitest'
import { eachBackend, reference } from '../../../../tooling/testing/src/index.ts'
import type { Training } from './index.js'
import {
  annealedLangevin,
  contrastiveDivergence,
  energyPotential,
  gaussianNoise,
  geometricLevels,
  learnedScore,
  perceptronEnergy,
  probabilityFlow,
  residualNetwork,
  reverseDiffusion,
  sampleScore,
  scoreMatching,
  scoreModel,
  train,
} from './index.js'

const cloud = (count: number, shift: number): Measure =>
  measureOrThrow(fromArrays({ data: normal(2 * count)(key(3)).map((value, i) => (i % 2 === 0 ? 0.5 * value + shift : value)), shape: [count, 2] }))

describe('noise levels', () => {
  test('fall by one ratio, from the largest to the smallest', () => {
    const levels = geometricLevels({ largest: 8, smallest: 0.5, count: 5 })
    ;[8, 4, 2, 1, 0.5].forEach((level, index) => expect(levels[index]).toBeCloseTo(level, 12))
    expect(geometricLevels({ largest: 2, smallest: 1, count: 1 })).toEqual([2])
    expect(() => geometricLevels({ largest: 1, smallest: 2, count: 3 })).toThrow('geometricLevels: smallest')
  })
})

eachBackend('learned targets', (backend) => {
  const small = () => scoreModel({ network: residualNetwork({ dimension: 2, width: 8, blocks: 1 }) })(backend())
  const levels = [2, 0.5]
  const matching = () => scoreMatching({ model: small(), levels, optimiser: adam(0.01), batch: 4 })(cloud(6, 1))
  const contrast = () =>
    contrastiveDivergence({
      network: perceptronEnergy({ dimension: 2, width: 8 }),
      place: backend(),
      optimiser: adam(0.01),
      batch: 4,
      buffers: 2,
      steps: 2,
      renewal: 0.5,
    })(cloud(6, 1))

  test('an untrained model is the score of a Gaussian of the data’s deviation', () => {
    const model = scoreModel({ network: residualNetwork({ dimension: 2, width: 8 }), deviation: 2 })(backend())
    const params = model.init(key(1))
    const score = learnedScore(model)(params).at(tensor2d([[5, -10]]), 1)
    expect(score.dataSync()[0]).toBeCloseTo(-1, 5)
    expect(score.dataSync()[1]).toBeCloseTo(2, 5)
  })

  test('trainings leave behind no tensor but their states, which the driver frees', () => {
    for (const training of [matching(), contrast()]) {
      const before = memory().numTensors
      let steps = 0
      for (const state of train(training as Training, key(1), { steps: 3 })) {
        expect(Number.isFinite(state.loss)).toBe(state.iteration > 0)
        steps = state.iteration
      }
      expect(steps).toBe(3)
      expect(memory().numTensors - before).toBe(0)
    }
  })

  test('a training goes the same way again, bit for bit', () => {
    const losses = () => [...train(matching(), key(5), { steps: 3 })].map(({ loss }) => loss).slice(1)
    expect(losses()).toEqual(losses())
    const gaps = () => [...train(contrast(), key(5), { steps: 3 })].map(({ loss }) => loss).slice(1)
    expect(gaps()).toEqual(gaps())
  })

  test('negatives of the data are Langevin steps from it, down the energy of the network', () => {
    const point = [0.5, -1.25]
    const network = perceptronEnergy({ dimension: 2, width: 8 })
    const options = { network, place: backend(), optimiser: adam(0.01), batch: 3, from: 'data', steps: 1, step: 0.1, noise: 0 } as const
    const training = contrastiveDivergence(options)(measureOrThrow(fromArrays([point, point])))
    const first = training.init(key(3))
    expect(first.chains.map(({ shape }) => shape)).toEqual([[3, 2]])
    const at = backend().within(() => tensor2d([point]))
    const slope = energyPotential(network)(first.params)(backend()).gradient(at).dataSync()
    const { chains } = training.step(first)
    const expected = point.map((x, axis) => x - 0.1 * (slope[axis] ?? NaN))
    Array.from(chains[0]?.dataSync() ?? []).forEach((x, i) => expect(x).toBeCloseTo(expected[i % 2] ?? NaN, 5))
    expect(chains[0]?.shape).toEqual([3, 2])
  })

  test('samplers tell the level that they have come to', () => {
    const score = { place: backend(), dimension: 2, at: sampleScore(cloud(5, 0))(backend()).at }
    const sampler = probabilityFlow({ levels: [2, 0.5, 0] })(score)
    const one = sampler.step(sampler.init(key(2), gaussianNoise(3, 2, 2)(backend())(key(1))))
    expect([one.info.level, sampler.step(one.state).info.level]).toEqual([0.5, 0])
  })

  test('a training ends at the signal', () => {
    const controller = new AbortController()
    const before = memory().numTensors
    expect(() => {
      for (const { iteration } of train(matching(), key(1), { steps: 9, signal: controller.signal }))
        if (iteration === 2) controller.abort()
    }).toThrow('train: the signal was raised')
    const data = memory().numTensors - before
    expect(data).toBe(2)
  })

  test('samplers by noise levels leave no tensor behind, and go the same way again', () => {
    const score = { place: backend(), dimension: 2, at: sampleScore(cloud(5, 0))(backend()).at }
    for (const sampler of [
      annealedLangevin({ levels, stepsPerLevel: 2 })(score),
      reverseDiffusion({ levels: [...levels, 0], corrector: { steps: 1 } })(score),
      probabilityFlow({ levels: [...levels, 0] })(score),
    ]) {
      const start = gaussianNoise(3, 2, 2)(backend())(key(1))
      const endOf = () => {
        const before = memory().numTensors
        let state = sampler.init(key(2), start)
        for (let step = 0; step < sampler.steps; step++) {
          const next = sampler.step(state)
          state.measure.points.dispose()
          state = next.state
        }
        const { points } = toArrays(state.measure)
        expect(sampler.step(state).state.measure).toBe(state.measure)
        dispose([state.measure.points, state.measure.weights])
        expect(memory().numTensors - before).toBe(0)
        return points
      }
      expect(endOf()).toEqual(endOf())
    }
  })

  test('the score of samples points at the only one', () => {
    const one = measureOrThrow(fromArrays([[1, 2]], undefined, backend()))
    const score = sampleScore(one)(backend()).at(tensor2d([[3, 2]]), 0.5)
    expect(score.dataSync()[0]).toBeCloseTo(-8, 4)
    expect(score.dataSync()[1]).toBeCloseTo(0, 4)
  })

  test('the energy of a network is a potential whose gradient is that of its values', () => {
    const network = perceptronEnergy({ dimension: 2, width: 8 })
    const last = [...train(contrast(), key(4), { steps: 3, onProgress: () => undefined })].length
    expect(last).toBe(4)
    const params = backend().within(() => network.init(key(1)))
    const potential = energyPotential(network)(params)(backend())
    const { value, gradient } = potential.valueAndGradient(tensor2d([[3, 4]]))
    expect(value.dataSync()[0]).toBeCloseTo(12.5, 4)
    expect(gradient.dataSync()[1]).toBeCloseTo(4, 4)
  })

  test('data of another dimension, and points, are refused', () => {
    const data = measureOrThrow(fromArrays([[1, 2, 3]], undefined, backend()))
    expect(() => scoreMatching({ model: small(), levels, optimiser: adam(0.01) })(data)).toThrow('scoreMatching: expected data of dimension 2, got 3')
    const score = sampleScore(cloud(5, 0))(backend())
    expect(() => probabilityFlow({ levels })(score).init(key(1), data)).toThrow('probabilityFlow: expected points of dimension 2, got 3')
  })
})

describe('options that cannot be used are refused', () => {
  const build = async () => {
    const place = await reference()
    return { network: perceptronEnergy({ dimension: 2 }), place, optimiser: adam(0.01) }
  }
  test.each([
    ['annealedLangevin: levels', () => annealedLangevin({ levels: [] })],
    ['annealedLangevin: levels: expected levels that fall', () => annealedLangevin({ levels: [1, 2] })],
    ['annealedLangevin: levels', () => annealedLangevin({ levels: [1, 0] })],
    ['annealedLangevin: step', () => annealedLangevin({ levels: [1], step: -1 })],
    ['reverseDiffusion: levels: expected at least two', () => reverseDiffusion({ levels: [1] })],
    ['reverseDiffusion: corrector: ratio', () => reverseDiffusion({ levels: [2, 1], corrector: { ratio: 0 } })],
    ['probabilityFlow: levels', () => probabilityFlow({ levels: [0, 0] })],
    ['residualNetwork: width', () => residualNetwork({ dimension: 2, width: 0 })],
    ['perceptronEnergy: layers', () => perceptronEnergy({ dimension: 2, layers: 0 })],
    ['scoreModel: deviation', () => scoreModel({ network: residualNetwork({ dimension: 2 }), deviation: 0 })],
    ['gaussianNoise: count', () => gaussianNoise(0, 2, 1)],
  ])('%s', async (message, make) => {
    const place = await reference()
    expect(() => {
      const made: unknown = make()
      if (typeof made === 'function') (made as (place: unknown) => (key: unknown) => unknown)(place)(key(0))
    }).toThrow(message)
  })

  test('contrastiveDivergence: renewal, from', async () => {
    const base = await build()
    expect(() => contrastiveDivergence({ ...base, renewal: 2 })).toThrow('contrastiveDivergence: renewal')
    expect(() => contrastiveDivergence({ ...base, from: 'noise' as 'data' })).toThrow('contrastiveDivergence: from')
  })
})

