import { tensorFrom } from '@monge/backend'
import { key } from '@monge/random'
import { dispose, square, sum } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend } from '../../../../tooling/testing/src/index.ts'
import { disposeState, fromTerms, gaussian, sgld, ula } from '../index.js'
import type { Symmetric } from '../symmetric.js'

eachBackend('options of samplers', (backend) => {
  const start = () =>
    backend().within(() => ({
      weights: tensorFrom<Tensor1D>([0.5, 0.5], [2]),
      points: tensorFrom<Tensor2D>([1, 2, 3, -1, 0, 2], [2, 3]),
    }))

  test('a batch is no larger than there are terms', () => {
    const potential = fromTerms({ terms: 4, value: (points) => sum(square(points), 1) })(backend())
    expect(() => sgld(potential, { step: 0.1, batch: 5 })).toThrow(
      expect.objectContaining({ tag: 'InvalidOption', where: 'sgld: batch' }),
    )
    expect(() => sgld(potential, { step: 0.1, batch: 4 })).not.toThrow()
  })

  test('a number as a preconditioner is that number on every axis', () => {
    const after = (preconditioner: Symmetric): readonly number[] => {
      const measure = start()
      const sampler = ula(gaussian({ mean: [1, 2, 3], covariance: [1, 2, 4] })(backend()), { step: 0.1, preconditioner })
      const first = sampler.init(key(1), measure)
      const { state } = sampler.step(first)
      const numbers = Array.from(state.measure.points.dataSync())
      disposeState(first)
      disposeState(state)
      dispose(measure as never)
      return numbers
    }
    expect(after(0.5)).toEqual(after([0.5, 0.5, 0.5]))
  })
})
