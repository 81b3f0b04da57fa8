import { memory } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { backends, generators, measures, random, sinkhorn } from './index.js'

test('a fit on the SIMD engine is the same with its tensors on wasm', async () => {
  const losses = async (tensors: 'cpu' | 'wasm'): Promise<readonly number[]> => {
    const backend = await backends.simd({ tensors })
    expect(backend.name).toBe(tensors)
    const before = memory().numTensors
    const target = measures.measureOrThrow(measures.uniform([[0, 1], [2, 0], [1, 2], [3, 3], [2, 1]], backend))
    const end = generators.last(
      generators.fit({
        generator: generators.multilayerPerceptron({ sizes: [2, 16, 2], activation: 'tanh' })(backend),
        loss: sinkhorn.sinkhornDivergence({ p: 2, blur: 0.3 })(backend),
        optimiser: generators.adam(0.01),
        target,
        batch: 4,
      }),
      random.key(1),
      { steps: 10 },
    )
    generators.disposeState(end)
    measures.disposeMeasure(target)
    expect(memory().numTensors).toBe(before)
    return end.history
  }
  const [slow, fast] = [await losses('cpu'), await losses('wasm')]
  fast.forEach((value, i) => expect(Math.abs(value - (slow[i] ?? NaN))).toBeLessThan(1e-3))
})
