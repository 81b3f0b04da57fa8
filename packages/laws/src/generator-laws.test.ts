import { tensorFrom } from '@monge/backend'
import type { Measure } from '@monge/measures'
import { key, normal } from '@monge/random'
import { add, expandDims, keep, neg, reverse, scalar, sub, sum, tidy, zeros, mul } from '@tensorflow/tfjs-core'
import type { Tensor2D, TensorContainer } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs } from '../../../tooling/testing/src/index.ts'
import { brokenLaws, checkLaws, generatorArbitrary, generatorLaws } from './index.js'
import type { GeneratorLike, Law } from './index.js'

const parameters = { numRuns: runs(100) }

const expectBroken = (laws: readonly Law[], name: string) => {
  expect(laws.map((one) => one.name)).toContain(name)
  expect(brokenLaws(laws.filter((one) => one.name === name), { numRuns: runs(100), endOnFailure: true })).toEqual([name])
}

const tidied = <A>(body: () => A): A => tidy(body as unknown as () => TensorContainer) as A

eachBackend('the laws of generators', (backend) => {
  interface Params {
    readonly matrix: Tensor2D
    readonly offset: Tensor2D
  }
  /** An affine map of normal noise, `[count, 2]` to `[count, 2]`. */
  const affine: GeneratorLike<Params> = {
    get place() {
      return backend()
    },
    noise: (from, count) => tensorFrom(normal(2 * count)(from), [count, 2]),
    init: (from) => ({ matrix: tensorFrom(normal(4)(from), [2, 2]), offset: tensorFrom([0.5, 1], [1, 2]) }),
    apply: ({ matrix, offset }, noise) =>
      tidied(() => ({
        points: add<Tensor2D>(sum(mul(expandDims(noise, 2), expandDims(matrix, 0)), 1), offset),
        weights: tensorFrom(Array.from({ length: noise.shape[0] }, () => 1 / noise.shape[0]), [noise.shape[0]]),
      })),
  }

  describe('hold for an affine map of noise', () => {
    checkLaws(generatorLaws(affine), { test, parameters })
  })

  test('hold for arbitrary generators', () => {
    fc.assert(
      fc.property(generatorArbitrary(backend, 2, 3), (one) => {
        // Fewer runs: a hundred generators are tried around it
        expect(brokenLaws(generatorLaws(one), { numRuns: 2 })).toEqual([])
      }),
      { numRuns: runs(100) },
    )
  })

  type Change = Partial<GeneratorLike<Params>>
  const applying = (change: (image: Measure, noise: Tensor2D, params: Params) => Measure): Change => ({
    apply: (params, noise) => tidied(() => change(affine.apply(params, noise), noise, params)),
  })
  let calls = 0
  test.each<readonly [string, string, Change]>([
    ['noise that is short', 'draws finite noise, one row for each point', { noise: (from) => affine.noise(from, 1) }],
    ['a hidden state', 'gives the same for the same key', applying((image) => ({ ...image, points: add(image.points, scalar(calls++)) }))],
    ['noise without a key', 'draws other noise for another key', { noise: (_, count) => affine.noise(key(1), count) }],
    ['weights that are not shared out', 'makes a measure', applying((image) => ({ ...image, weights: add(image.weights, scalar(1)) }))],
    ['a negative weight', 'makes a measure', applying((image) => ({ ...image, weights: neg(image.weights) }))],
    ['the mean of the batch', 'maps each row of the noise by itself', applying((image) => ({ ...image, points: sub(image.points, sum(image.points, 0, true)) }))],
    ['points turned round', 'maps each row of the noise by itself', applying((image) => ({ ...image, points: reverse(image.points, 0) }))],
    [
      'a gradient that is cut off',
      'has the derivative of its values for gradient in the parameters',
      applying((image) => ({ ...image, points: tensorFrom(image.points.dataSync(), image.points.shape) })),
    ],
    [
      'a gradient of one parameter alone',
      'has the derivative of its values for gradient in the parameters',
      applying((image, noise, { matrix, offset }) => ({
        ...image,
        points: affine.apply({ matrix, offset: tensorFrom(offset.dataSync(), [1, 2]) }, noise).points,
      })),
    ],
    [
      'a tensor left behind',
      'leaves its arguments as they are, and no tensor behind',
      applying((image) => {
        keep(zeros([1]))
        return image
      }),
    ],
    [
      'parameters that are freed',
      'leaves its arguments as they are, and no tensor behind',
      { apply: (params, noise) => {
        const image = affine.apply(params, noise)
        params.offset.dispose()
        return image
      } },
    ],
  ])('catch %s', (_, name, change) => {
    expectBroken(generatorLaws({ ...affine, ...change }), name)
  })
})
