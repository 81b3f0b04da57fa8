import { tensorFrom } from '@monge/backend'
import { key } from '@monge/random'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { advance } from './advance.js'
import type { ChainState, Sampler } from './sampler.js'

interface Holding extends ChainState {
  readonly held: Tensor
}

eachBackend('many steps at once', (backend) => {
  test.each([1, 2, 3, 5])('free what is between, and neither the first state nor what it lends: %s', (count) =>
    withoutLeaks(() => {
      const leaf = (): Tensor1D => backend().within(() => tensorFrom<Tensor1D>([1], [1]))
      // Every other step keeps a tensor of the state before.
      const sampler: Sampler<Holding, number> = {
        init: () => {
          throw new Error('not asked for')
        },
        step: (state) => ({
          state: { ...state, iteration: state.iteration + 1, held: state.iteration % 2 === 0 ? state.held : leaf() },
          info: state.iteration,
        }),
      }
      const measure = { weights: leaf(), points: backend().within(() => tensorFrom<Tensor2D>([0], [1, 1])) }
      const from = { iteration: 0, key: key(1), measure, held: leaf() } as unknown as Holding
      const { state, info } = advance('test', sampler, from, count)
      expect([state.iteration, info]).toEqual([count, count - 1])
      expect([from.held, measure.points, measure.weights].map(({ isDisposed }) => isDisposed)).toEqual([false, false, false])
      expect(state.held.isDisposed).toBe(false)
      return [from.held, state.held, measure.weights, measure.points]
    }))
})
