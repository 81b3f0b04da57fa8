import { cosine, euclidean, fromFunction, halfSquaredEuclidean, lp, mahalanobis, power, squaredEuclidean, weightedEuclidean } from '@monge/costs'
import type { Cost } from '@monge/costs'
import { energy, exponential, gaussian, inverseMultiquadric, laplacian, product, smoothedEnergy, smoothedLaplacian, sum } from '@monge/kernels'
import type { Kernel } from '@monge/kernels'
import { add, expandDims, mean, mul, squaredDifference, sub, sum as total } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs } from '../../../tooling/testing/src/index.ts'
import { brokenLaws, checkLaws, costLaws, kernelLaws } from './index.js'
import type { Law } from './index.js'

const parameters = { numRuns: runs(100) }

const expectBroken = (laws: readonly Law[], name: string) => {
  expect(brokenLaws(laws.filter((one) => one.name === name), { numRuns: runs(100), endOnFailure: true })).toEqual([name])
}

eachBackend('the laws of costs', () => {
  describe.each<readonly [string, Cost]>([
    ['half squared Euclidean', halfSquaredEuclidean],
    ['squared Euclidean', squaredEuclidean],
    ['Euclidean', euclidean],
    ['a root', power(0.5)],
    ['a power', power(1.5)],
    ['the norm of order 1', lp(1)],
    ['the norm of order 3', lp(3)],
    ['cosine', cosine],
  ])('hold for %s', (_, cost) => {
    checkLaws(costLaws(cost), { test, parameters })
  })

  describe('hold for costs of the plane', () => {
    const plane = { clouds: { dimension: 2 } }
    checkLaws(costLaws(mahalanobis([[2, 1], [1, 3]]), plane), { test, parameters })
    checkLaws(costLaws(weightedEuclidean([1, 0.25]), plane), { test, parameters })
  })

  const difference = (x: Tensor2D, y: Tensor2D) => sub(expandDims(x, 1), expandDims(y, 0))
  const squared = (x: Tensor2D, y: Tensor2D) => total(squaredDifference(expandDims(x, 1), expandDims(y, 0)), 2)
  test.each<readonly [string, string, Cost]>([
    ['a difference that is not even', 'is symmetric', fromFunction('odd', (x, y) => total(difference(x, y), 2) as Tensor2D, { symmetric: true })],
    [
      'a position in a cost of differences',
      'is invariant under translations',
      fromFunction('placed', (x, y) => add(squared(x, y), mean(mul(x, x))) as Tensor2D, { translationInvariant: true }),
    ],
    ['a square that says it is a metric', 'obeys the triangle inequality', fromFunction('square', (x, y) => squared(x, y) as Tensor2D, { metric: true })],
    ['a metric with an offset', 'is zero from a point to itself', fromFunction('offset', (x, y) => add(squared(x, y), 1) as Tensor2D, { metric: true })],
    ['a square that says it is of degree 1', 'is homogeneous of degree 1', fromFunction('degree', (x, y) => squared(x, y) as Tensor2D, { degree: 1 })],
    ['NaN', 'is finite', fromFunction('broken', (x, y) => mul(squared(x, y), NaN) as Tensor2D)],
  ])('catch %s', (_, name, cost) => {
    expectBroken(costLaws(cost), name)
  })
})

eachBackend('the laws of kernels', () => {
  describe.each<readonly [string, Kernel]>([
    ['Gaussian', gaussian(0.5)],
    ['Laplacian', laplacian(0.5)],
    ['energy', energy()],
    ['energy of power 1.5', energy(1.5)],
    ['powered exponential', exponential(0.7, 1.3)],
    ['inverse multiquadric', inverseMultiquadric(0.5)],
    ['smoothed energy', smoothedEnergy(0.1)],
    ['smoothed Laplacian', smoothedLaplacian(0.1)],
    ['a sum and product', sum([gaussian(1), product([laplacian(1), gaussian(2)])])],
  ])('hold for %s', (_, kernel) => {
    checkLaws(kernelLaws(kernel, { translationInvariant: true }), { test, parameters })
  })

  const halfSquare: Kernel = { ...energy(), pairwise: { tag: 'radial', profile: { tag: 'power', scale: 0.5, shift: 0, exponent: 1 } } }
  const lopsided: Kernel = { ...gaussian(1), pairwise: { tag: 'function', value: (x, y) => total(sub(expandDims(x, 1), expandDims(y, 0)), 2) as Tensor2D } }
  const placed: Kernel = { ...gaussian(1), pairwise: { tag: 'function', value: (x, y) => total(mul(expandDims(x, 1), expandDims(y, 0)), 2) as Tensor2D } }
  test.each<readonly [string, string, Kernel]>([
    ['the energy kernel that says it is positive', 'is positive', { ...energy(), definiteness: 'positive' }],
    ['half the squared distance of the wrong sign', 'is positive on measures of mass zero', halfSquare],
    ['a difference that is not even', 'is symmetric', lopsided],
    ['an inner product that says it is invariant', 'is invariant under translations', placed],
    ['NaN', 'is finite', { ...gaussian(1), pairwise: { tag: 'radial', profile: { tag: 'power', scale: NaN, shift: 0, exponent: 1 } } }],
  ])('catch %s', (_, name, kernel) => {
    expectBroken(kernelLaws(kernel, { translationInvariant: true }), name)
  })
})
