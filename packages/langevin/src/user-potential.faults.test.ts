import { isMongeError } from '@monge/errors'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { key } from '@monge/random'
import { dispose, memory, mul, ones, square, sum } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import { fromFunction, last, mala, randomWalk, ula } from './index.js'
import type { Potential, Sampler } from './index.js'

eachBackend('a sampler', (backend) => {
  const sound = (points: Tensor2D) => mul(sum(square(points), 1), 0.5)
  const samplers: readonly (readonly [string, (potential: Potential) => Sampler])[] = [
    ['ula', (potential) => ula(potential, { step: 0.1 })],
    ['mala', (potential) => mala(potential, { step: 0.1 })],
    ['randomWalk', (potential) => randomWalk(potential, { step: 0.1 })],
  ]
  const faults: readonly (readonly [string, (points: Tensor2D) => ReturnType<typeof sound>])[] = [
    ['is not a number', (points) => mul(sound(points), NaN)],
    ['is of the wrong shape', () => ones([7])],
    [
      'throws',
      () => {
        throw new Error('mine')
      },
    ],
  ]

  describe.each(faults)('of a potential that %s', (title, broken) => {
    test.each(samplers)('%s throws or rests, now or later, leaves no tensor behind, and samples the next one as ever', (name, make) => {
      const start = measureOrThrow(fromArrays([[0, 1], [1, 2]], undefined, backend()))
      const sampled = () => {
        const state = last(make(fromFunction({ value: sound })(backend())), key(1), start, { steps: 3 })
        const points = Array.from(state.measure.points.dataSync())
        dispose([state.measure.points, state.measure.weights])
        return points
      }
      const before = sampled()
      const tensors = memory().numTensors
      for (const after of [0, 2]) {
        let calls = 0
        const value = (points: Tensor2D) => (calls++ < after ? sound(points) : broken(points))
        const fault = (() => {
          try {
            const state = last(make(fromFunction({ value })(backend())), key(1), start, { steps: 6 })
            const resting = state.measure.points.dataSync().every(Number.isFinite)
            dispose([state.measure.points, state.measure.weights])
            return resting ? 'rests' : 'none'
          } catch (error) {
            return isMongeError(error) ? error.tag : String(error)
          }
        })()
        // A Metropolis chain refuses a proposal whose potential is no number, and stays where it is.
        const metropolis = name !== 'ula' && title === 'is not a number' ? '|rests' : ''
        expect(fault).toMatch(new RegExp(`^(Diverged|DimensionMismatch|Error: mine${metropolis})$`))
        expect(memory().numTensors - tensors, 'tensors left behind').toBe(0)
      }
      expect(sampled()).toEqual(before)
      disposeMeasure(start)
    })
  })
})
