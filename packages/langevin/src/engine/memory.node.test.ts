import { disposeMeasure, fromTypedArray, measureOrThrow } from '@monge/measures'
import { key, normal } from '@monge/random'
import { memory } from '@tensorflow/tfjs-core'
import { afterEach, expect, test } from 'vitest'
import { onBackends } from '../../../../tooling/testing/src/index.ts'
import { disposeState, gaussian, last, ula } from '../index.js'
import { movesMachine } from './machine.js'

const { grow } = WebAssembly.Memory.prototype
afterEach(() => {
  WebAssembly.Memory.prototype.grow = grow
})

onBackends(['simd'])('chains for which WebAssembly has no memory', (backend) => {
  test('move as ever, to the last bit, without it; and with it, once there is some again', () => {
    const potential = gaussian({ mean: [1, -1], covariance: [0.5, 2] })(backend())
    const ended = () => {
      const tensors = memory().numTensors
      const start = measureOrThrow(fromTypedArray(normal(200_000)(key(1)), 2, undefined, backend()))
      try {
        const state = last(ula(potential, { step: 0.1 }), key(2), start, { steps: 3 })
        const points = state.measure.points.dataSync().slice()
        disposeState(state)
        return points
      } finally {
        disposeMeasure(start)
        expect(memory().numTensors - tensors, 'tensors left behind').toBe(0)
      }
    }
    const bytes = (): number | undefined => movesMachine()?.exports.memory.buffer.byteLength
    const before = bytes()
    let refused = 0
    WebAssembly.Memory.prototype.grow = () => {
      refused += 1
      throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded')
    }
    const short = ended()
    expect(refused).toBeGreaterThan(0)
    expect(bytes()).toBe(before)
    WebAssembly.Memory.prototype.grow = grow
    const enough = ended()
    expect(bytes()).toBeGreaterThan(before ?? Infinity)
    expect(enough.every((value, at) => value === short[at])).toBe(true)
  })
})
