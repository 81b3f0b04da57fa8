import { isMongeError } from '@monge/errors'
import { energy, kernelNorm } from '@monge/kernels'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { key } from '@monge/random'
import { memory, mul } from '@tensorflow/tfjs-core'
import type { Scalar } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import { adam, disposeState, fit, gaussian, isFitError, last } from './index.js'
import type { Generator, Params } from './index.js'

eachBackend('a fit', (backend) => {
  const sound = (): Generator => gaussian(2)(backend()) as unknown as Generator
  const loss = (): Loss => kernelNorm(energy())(backend())
  const failing = <A extends readonly unknown[], B>(body: (...given: A) => B, after: number): ((...given: A) => B) => {
    let calls = 0
    return (...given) => {
      if (calls++ >= after) throw new Error('mine')
      return body(...given)
    }
  }
  const kept = ({ place, ...rest }: Generator): Generator => ({
    place,
    noise: (from, count) => rest.noise(from, count),
    init: (from) => rest.init(from),
    apply: (params, noise) => rest.apply(params, noise),
  })

  test.each<readonly [string, (after: number) => { readonly generator?: Generator; readonly loss?: Loss }]>([
    ['noise that throws', (after) => ({ generator: { ...kept(sound()), noise: failing((from, count) => sound().noise(from, count), after) } })],
    ['a start that throws', () => ({ generator: { ...kept(sound()), init: failing((from) => sound().init(from), 0) } })],
    ['a map that throws', (after) => ({ generator: { ...kept(sound()), apply: failing((params: Params, noise) => sound().apply(params, noise), after) } })],
    ['a loss that throws', (after) => ({ loss: failing((mu, nu) => loss()(mu, nu), after) })],
    [
      'a loss that is not a number',
      (after) => {
        let calls = 0
        return { loss: (mu, nu) => (calls++ < after ? loss()(mu, nu) : (mul(loss()(mu, nu), NaN) as Scalar)) }
      },
    ],
  ])('of %s ends in that error, leaves no tensor behind, and the next fit is as ever', (_, change) => {
    const target = measureOrThrow(fromArrays([[0, 1], [1, 2], [2, 0]], undefined, backend()))
    const options = () => ({ generator: sound(), loss: loss(), optimiser: adam(0.01), target, batch: 4 })
    const fitted = () => {
      const state = last(fit(options()), key(1), { steps: 3 })
      const { value } = state
      disposeState(state)
      return value
    }
    const before = fitted()
    const tensors = memory().numTensors
    for (const after of [0, 2]) {
      const fault = (() => {
        try {
          disposeState(last(fit({ ...options(), ...change(after) }), key(1), { steps: 6 }))
          return 'none'
        } catch (error) {
          // A fit that diverges hands over its last checkpoint, which is the caller's to free.
          if (isFitError(error)) disposeState(error.last)
          return isMongeError(error) ? error.tag : String(error)
        }
      })()
      expect(fault).toMatch(/^(Diverged|Error: mine)$/)
      expect(memory().numTensors - tensors, 'tensors left behind').toBe(0)
    }
    expect(fitted()).toBe(before)
    disposeMeasure(target)
  })
})
