import { isMongeError } from '@monge/errors'
import { energy, kernelNorm } from '@monge/kernels'
import { valueAndGradient } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { dispose, memory, mul } from '@tensorflow/tfjs-core'
import type { Scalar } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import { adam, backtracking, disposeState, gradientFlow, last, momentum } from './index.js'
import type { Flow } from './index.js'

eachBackend('a flow', (backend) => {
  const sound = (): Loss => kernelNorm(energy())(backend())
  const motions: readonly (readonly [string, (loss: Loss) => Flow])[] = [
    ['Euler steps', (loss) => gradientFlow(loss, { step: 0.05 }) as Flow],
    ['momentum', (loss) => gradientFlow(loss, { motion: momentum(0.05) }) as Flow],
    ['Adam', (loss) => gradientFlow(loss, { motion: adam(0.05) }) as Flow],
    ['backtracking', (loss) => gradientFlow(loss, { motion: backtracking(0.05) }) as Flow],
  ]

  test.each(motions)('by %s of a loss that throws or is no number ends there, leaves no tensor behind, and the next is as ever', (_, make) => {
    const [mu, nu] = [[0, 1], [2, 3]].map((points) => measureOrThrow(fromArrays(points, undefined, backend())))
    const flowed = () => {
      const state = last(make(sound()), mu, nu, { steps: 2 })
      disposeState(state)
      return state.value
    }
    const before = flowed()
    const tensors = memory().numTensors
    for (const after of [0, 1, 3])
      for (const kind of ['throws', 'is no number']) {
        let calls = 0
        const loss: Loss = (one, other) => {
          const value = sound()(one, other)
          if (calls++ < after) return value
          if (kind === 'throws') throw new Error('mine')
          return mul(value, NaN) as Scalar
        }
        const fault = (() => {
          try {
            disposeState(last(make(Object.assign(loss, { place: backend() })), mu, nu, { steps: 6 }))
            return 'none'
          } catch (error) {
            return isMongeError(error) ? error.tag : String(error)
          }
        })()
        expect(fault).toBe(kind === 'throws' ? 'Error: mine' : 'Diverged')
        expect(memory().numTensors - tensors, `tensors left behind by a loss that ${kind} after ${after}`).toBe(0)
      }
    expect(flowed()).toBe(before)
    disposeMeasure(mu)
    disposeMeasure(nu)
  })

  test('is not disturbed by another that is left in its midst', () => {
    const [mu, nu] = [[0, 1], [2, 3]].map((points) => measureOrThrow(fromArrays(points, undefined, backend())))
    const gradient = () => {
      const { value, mu: one, nu: other } = valueAndGradient(sound())(mu, nu)
      const slopes = Array.from(one.points.dataSync())
      dispose([value, one.points, one.weights, other.points, other.weights])
      return slopes
    }
    const expected = gradient()
    const throwing: Loss = (one, other) => {
      sound()(one, other)
      throw new Error('mine')
    }
    const tensors = memory().numTensors
    for (let time = 0; time < 10; time++) expect(() => valueAndGradient(throwing)(mu, nu)).toThrow('mine')
    expect(memory().numTensors).toBe(tensors)
    expect(gradient()).toEqual(expected)
    disposeMeasure(mu)
    disposeMeasure(nu)
  })
})
