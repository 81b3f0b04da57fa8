import { tensorFrom } from '@monge/backend'
import { isMongeError } from '@monge/errors'
import { valueAndGradient } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { add, dispose, expandDims, memory, mul, square, sub, sum } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import { energy, fromFunction, kernelNorm, kernelSum, radial } from './index.js'
import type { Kernel } from './index.js'

/*
 * What goes wrong in a user's kernel comes out: as the user's own error, as a typed one, or as a value that is not a
 * number; no tensor stays behind, and the next norm is as good as the first.
 */

const outcome = (body: () => readonly number[]): string => {
  try {
    return body().every(Number.isFinite) ? 'numbers' : 'not numbers'
  } catch (error) {
    return isMongeError(error) ? error.tag : String(error)
  }
}

const throws = (): never => {
  throw new Error('mine')
}

const entries = (x: Tensor2D, y: Tensor2D) => sum(square(sub(expandDims(x, 1), expandDims(y, 0))), 2) as Tensor2D

const faults: readonly (readonly [string, Kernel, RegExp])[] = [
  ['throws', fromFunction('broken', throws), /^Error: mine$/],
  ['throws, of distances', radial('broken', throws), /^Error: mine$/],
  ['is not a number', fromFunction('broken', (x, y) => mul(entries(x, y), NaN)), /^(not numbers|Diverged|InvalidArgument)$/],
  ['is not a number, of distances', radial('broken', (s: Tensor) => mul(s, NaN)), /^(not numbers|Diverged|InvalidArgument)$/],
  ['is of the wrong shape', fromFunction('broken', () => tensorFrom<Tensor2D>([1, 2, 3, 4, 5], [1, 5])), /^(InvalidArgument|DimensionMismatch|Error: .*shape.*)$/],
]

eachBackend('a norm', (backend) => {
  const numbers = (loss: Loss, mu: Measure, nu: Measure): readonly number[] => {
    const { value, mu: one, nu: other } = valueAndGradient(loss)(mu, nu)
    const tensors = [value, one.points, one.weights, other.points, other.weights]
    const found = tensors.flatMap((tensor) => Array.from(tensor.dataSync()))
    dispose(tensors)
    return found
  }

  describe.each(faults)('of a kernel that %s', (_, kernel, expected) => {
    test('says so, and the next is as ever', () => {
      const [mu, nu] = [[[0, 1], [2, 3]], [[1, 1], [0, 2], [3, 1]]].map((points) => measureOrThrow(fromArrays(points, undefined, backend())))
      const sound = () => numbers(kernelNorm(energy())(backend()), mu, nu)
      const before = sound()
      const tensors = memory().numTensors
      const broken = kernelNorm(kernel)(backend())
      const seen = [
        outcome(() => {
          const value = broken(mu, nu)
          const found = Array.from(value.dataSync())
          value.dispose()
          return found
        }),
        outcome(() => numbers(broken, mu, nu)),
        outcome(() => {
          const sums = kernelSum(kernel)(backend())(mu, nu.points)
          const found = Array.from(sums.dataSync())
          sums.dispose()
          return found
        }),
      ]
      for (const fault of seen) expect(fault).toMatch(expected)
      expect(memory().numTensors - tensors, 'tensors left behind').toBe(0)
      expect(sound()).toEqual(before)
      disposeMeasure(mu)
      disposeMeasure(nu)
    })
  })

  test('is as good the hundredth time as the first', () => {
    const [mu, nu] = [[[0, 1], [2, 3]], [[1, 1]]].map((points) => measureOrThrow(fromArrays(points, undefined, backend())))
    const loss = kernelNorm({ ...energy(), pairwise: fromFunction('mine', (x, y) => mul(add(entries(x, y), 1), -0.5)).pairwise })(backend())
    const before = numbers(loss, mu, nu)
    const tensors = memory().numTensors
    for (let time = 0; time < 100; time++) loss(mu, nu).dispose()
    expect(memory().numTensors).toBe(tensors)
    expect(numbers(loss, mu, nu)).toEqual(before)
    disposeMeasure(mu)
    disposeMeasure(nu)
  })
})
