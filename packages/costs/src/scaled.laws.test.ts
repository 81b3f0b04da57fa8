import { tensorFrom } from '@monge/backend'
import type { Pairwise, Profile } from '@monge/backend'
import { add, matMul, sqrt, tidy } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs, tolerance } from '../../../tooling/testing/src/index.ts'
import {
  cosine,
  euclidean,
  fromFunction,
  fromMatrix,
  halfSquaredEuclidean,
  lp,
  lpPower,
  mahalanobis,
  matrix,
  normalisedPower,
  pairwiseMatrix,
  power,
  pullback,
  radial,
  scaled,
  scaledPairwise,
  squaredEuclidean,
  weightedEuclidean,
} from './index.js'
import type { Cost } from './index.js'

const line: Profile = { tag: 'power', scale: 0.5, shift: 0, exponent: 1 }
const bell: Profile = { tag: 'exponential', scale: 2, rate: 0.7, shift: 0.25, exponent: 0.5 }

const pairwise: readonly (readonly [string, () => Pairwise])[] = [
  ['a power', () => ({ tag: 'radial', profile: line })],
  ['an exponential', () => ({ tag: 'radial', profile: bell })],
  ['a sum', () => ({ tag: 'radial', profile: { tag: 'sum', terms: [line, bell] } })],
  ['a product', () => ({ tag: 'radial', profile: { tag: 'product', factors: [line, bell] } })],
  ['a profile of a user', () => ({ tag: 'radial', profile: { tag: 'custom', value: (s) => sqrt(add(s, s)) } })],
  ['a norm', () => ({ tag: 'lp', order: 3, exponent: 2 / 3, scale: 0.7 })],
  ['a function', () => ({ tag: 'function', value: (x, y) => matMul(x, y, false, true) })],
  ['a matrix', () => ({ tag: 'matrix', entries: tensorFrom<Tensor2D>([0, 1, 2, 3, 4, 5], [2, 3]) })],
]

const coordinates = (n: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -16, max: 16 }), { minLength: n, maxLength: n }).map((ks) => ks.map((k) => k / 8))

eachBackend('a scaled function of two points', (backend) => {
  test.each(pairwise)('is a multiple of %s', (_, make) =>
    fc.assert(
      fc.property(coordinates(4), coordinates(6), fc.constantFrom(0.25, 3, 10), (x, y, factor) =>
        tidy(() => {
          const [from, to] = [tensorFrom<Tensor2D>(x, [2, 2]), tensorFrom<Tensor2D>(y, [3, 2])]
          const plain = pairwiseMatrix(make())(from, to).dataSync()
          const multiple = pairwiseMatrix(scaledPairwise(factor, make()))(from, to).dataSync()
          const allowed = tolerance(backend(), { float64: 1e-12, float32: 1e-5 })
          const largest = Math.max(1, ...plain.map(Math.abs))
          plain.forEach((value, i) =>
            expect(Math.abs((multiple[i] ?? Number.NaN) - factor * value)).toBeLessThanOrEqual(
              allowed * factor * largest,
            ),
          )
        }),
      ),
      { numRuns: runs(100) },
    ),
  )

  test('a matrix is for clouds of its own size, on either side', () =>
    tidy(() => {
      const cost = fromMatrix([[1, 2]])
      const cloud = (n: number): Tensor2D => tensorFrom(new Float64Array(n), [n, 1])
      expect(matrix(cost)(cloud(1), cloud(2)).shape).toEqual([1, 2])
      expect(() => matrix(cost)(cloud(1), cloud(3))).toThrow(/a matrix of shape \[1, 2\] for 1 and 3 points/)
      expect(() => matrix(cost)(cloud(2), cloud(2))).toThrow(/for 2 and 2 points/)
    }))
})

describe('of itself a cost knows', () => {
  const form = [
    [2, 1],
    [1, 3],
  ]
  const known: readonly (readonly [Cost, string, boolean])[] = [
    [squaredEuclidean, 'squared Euclidean', true],
    [halfSquaredEuclidean, 'half squared Euclidean', true],
    [euclidean, 'Euclidean', false],
    [power(0.5), 'Euclidean to the power 0.5', false],
    [power(1.5), 'Euclidean to the power 1.5', true],
    [normalisedPower(3), 'Euclidean to the power 3, over 3', true],
    [lp(3), 'L3 norm', false],
    [lpPower(3, 2), 'L3 norm to the power 2', true],
    [lpPower(1, 2), 'L1 norm to the power 2', false],
    [lpPower(2, 2), 'Euclidean to the power 2', true],
    [cosine, 'cosine', false],
    [weightedEuclidean([1, 2]), 'weighted squared Euclidean', true],
    [weightedEuclidean([1, 0]), 'weighted squared Euclidean', false],
    [weightedEuclidean([1, 2], { squared: false }), 'weighted Euclidean', false],
    [mahalanobis(form), 'squared Mahalanobis', true],
    [mahalanobis(form, { squared: false }), 'Mahalanobis', false],
    [scaled(3)(power(1.5)), '3 Euclidean to the power 1.5', true],
    [scaled(3)(euclidean), '3 Euclidean', false],
    [pullback((x) => x)(squaredEuclidean), 'pullback of squared Euclidean', false],
    [radial('mine', (s) => s), 'mine', false],
    [fromFunction('mine', (x) => x), 'mine', false],
  ]
  test.each(known.map(([cost, name, dual]) => [name, dual ? 'that it has a' : 'of no', cost, dual] as const))(
    'its name, %s, and %s Legendre dual',
    (name, _, cost, dual) => {
      expect(cost.name).toBe(name)
      expect(cost.legendreDual !== undefined).toBe(dual)
    },
  )
})
