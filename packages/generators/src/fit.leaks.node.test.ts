import { energy, kernelNorm } from '@monge/kernels'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { key } from '@monge/random'
import { memory } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { onBackends } from '../../../tooling/testing/src/index.ts'
import { disposeState, fit, gaussian, last, momentum } from './index.js'

onBackends(['simd'])('a fit of 1000 steps', (backend) => {
  test('holds as many tensors after each step as after the first, and leaves behind what it hands out', () => {
    const target = measureOrThrow(fromArrays([[0, 1], [1, 2], [2, 0]], undefined, backend()))
    const before = memory().numTensors
    const options = {
      generator: gaussian(2)(backend()),
      loss: kernelNorm(energy())(backend()),
      optimiser: momentum(0.01),
      target,
      batch: 2,
      average: 0.5,
    }
    const counts: number[] = []
    const onProgress = (): void => {
      counts.push(memory().numTensors)
    }
    const end = last(fit(options), key(1), { steps: 1000, onProgress })
    expect([end.iteration, end.history.length]).toEqual([1000, 1001])
    expect([...new Set(counts.slice(1))]).toEqual([counts[1]])
    disposeState(end)
    expect(memory().numTensors - before, 'tensors left behind').toBe(0)
    disposeMeasure(target)
  })
})
