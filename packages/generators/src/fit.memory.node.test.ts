import { energy, kernelNorm } from '@monge/kernels'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { key } from '@monge/random'
import { memory } from '@tensorflow/tfjs-core'
import { afterEach, expect, test } from 'vitest'
import { onBackends } from '../../../tooling/testing/src/index.ts'
import { adam, disposeState, fit, last, normalNoise, perceptron, pushforward } from './index.js'

const { grow } = WebAssembly.Memory.prototype
afterEach(() => {
  WebAssembly.Memory.prototype.grow = grow
})

onBackends(['simd'])('a fit of a network for which WebAssembly has no memory', (backend) => {
  test('does without, leaves no tensor behind, and gives the same; the next one takes what there is', () => {
    const target = measureOrThrow(fromArrays([[0, 1], [1, 2], [2, 0]], undefined, backend()))
    const fitted = (): number => {
      const tensors = memory().numTensors
      const options = {
        generator: pushforward(perceptron({ sizes: [2, 700, 700, 2] }), normalNoise(2))(backend()),
        loss: kernelNorm(energy())(backend()),
        optimiser: adam(0.001),
        target,
        batch: 4,
      }
      const state = last(fit(options), key(1), { steps: 3 })
      const { value } = state
      disposeState(state)
      expect(memory().numTensors - tensors, 'tensors left behind').toBe(0)
      return value
    }
    let [refused, grown] = [0, 0]
    WebAssembly.Memory.prototype.grow = () => {
      refused += 1
      throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded')
    }
    const short = fitted()
    expect(refused).toBeGreaterThan(0)
    WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
      grown += 1
      return grow.call(this, pages)
    }
    const enough = fitted()
    expect(grown).toBeGreaterThan(0)
    expect(Math.abs(enough - short)).toBeLessThan(1e-4 * Math.abs(short))
    disposeMeasure(target)
  })
})
