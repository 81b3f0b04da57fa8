import { energy, gaussian, kernelNorm, laplacian } from '@monge/kernels'
import { lossAt } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { add, clone, customGrad, mul, slice, sub, sum, tidy } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import { mean } from '@monge/measures'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs } from '../../../tooling/testing/src/index.ts'
import { brokenLaws, checkLaws, divergenceLaws, gradientLaws, lossLaws } from './index.js'
import type { Law } from './index.js'

eachBackend('the laws of a loss', (backend) => {
  const lately =
    (make: () => Loss): Loss =>
    (mu, nu) =>
      make()(mu, nu)

  const parameters = { numRuns: runs(100) }
  const small = { maxPoints: 5, dimension: { max: 2 } } as const
  const energyNorm = lately(() => kernelNorm(energy())(backend()))
  const gaussianNorm = lately(() => kernelNorm(gaussian(0.5))(backend()))
  const laplacianNorm = lately(() => kernelNorm(laplacian(0.5))(backend()))

  describe.each<readonly [string, readonly Law[]]>([
    [
      'the energy norm',
      divergenceLaws(energyNorm, {
        homogeneous: 1,
        translationInvariant: true,
        rigidInvariant: true,
        convexInFirst: true,
        clouds: small,
      }),
    ],
    [
      'the Gaussian norm',
      divergenceLaws(gaussianNorm, { rigidInvariant: true, clouds: { ...small, settings: ['near', 'huge'], mass: 'any' } }),
    ],
    ['the gradient of the energy norm', gradientLaws(energyNorm, { translationInvariant: true, homogeneous: 1, clouds: small })],
    ['the gradient of the Laplacian norm', gradientLaws(laplacianNorm, { translationInvariant: true, clouds: small })],
  ])('hold for %s', (_, laws) => {
    checkLaws(laws, { test, parameters })
  })

  describe('catch', () => {
    const brokenAmong = (laws: readonly Law[]) => brokenLaws(laws, { numRuns: runs(100), endOnFailure: true })
    const expectBroken = (laws: readonly Law[], name: string) => {
      expect(brokenAmong(laws.filter((one) => one.name === name))).toEqual([name])
    }
    const variant = (evaluate: Loss): Loss => lossAt(backend(), (mu, nu) => tidy(() => evaluate(mu, nu)))
    /** The same tensor, through which only half of a gradient passes, or another multiple of it. */
    const damped = <T extends Tensor>(tensor: T, factor = 0.5): T =>
      customGrad((x) => ({ value: clone(x as Tensor), gradFunc: (upstream) => mul(upstream, factor) }))(tensor) as T

    test.each<readonly [string, () => Loss, string]>([
      ['a wrong sign', () => variant((mu, nu) => mul(energyNorm(mu, nu), -1)), 'is not negative'],
      [
        'a missing weight',
        () => variant((mu, nu) => energyNorm({ ...mu, weights: sub(add(mu.weights, 1), mu.weights) }, nu)),
        'does not see points of weight zero',
      ],
      [
        'a measure that is only looked at from one side',
        () => variant((mu, nu) => add(energyNorm(mu, nu), sum(mul(mean(mu), mean(mu))))),
        'is symmetric',
      ],
      [
        'a first point that counts for all',
        () => variant((mu, nu) => add(energyNorm(mu, nu), sum(mul(slice(mu.points, [0, 0], [1, 1]), 2 ** -8)))),
        'does not depend on the order of points',
      ],
      [
        'an absolute position',
        () => variant((mu, nu) => mul(energyNorm(mu, nu), add(1, sum(mul(mean(nu), mean(nu)))) as Scalar)),
        'is invariant under translations',
      ],
      ['a constant', () => variant((mu, nu) => add(energyNorm(mu, nu), 1)), 'is zero between a measure and itself'],
      [
        'the number of points',
        () => variant((mu, nu) => mul(energyNorm(mu, nu), mu.weights.shape[0])),
        'does not depend on how the weight of a place is split',
      ],
      ['the wrong degree', () => variant((mu, nu) => mul(energyNorm(mu, nu), energyNorm(mu, nu))), 'is homogeneous of degree 1'],
      ['nothing at all', () => variant((mu) => mul(sum(mu.weights), 0)), 'is positive between measures far apart'],
      ['NaN', () => variant((mu, nu) => mul(energyNorm(mu, nu), NaN)), 'is finite'],
      [
        'one axis for all',
        () => variant((mu, nu) => add(energyNorm(mu, nu), firstAxis(mu, nu))),
        'is invariant under rigid maps',
      ],
      ['a leaked tensor', () => (mu, nu) => add(energyNorm(mu, nu), sum(mu.weights)), 'leaves its arguments as they are, and no tensor behind'],
      [
        'a hidden state',
        () => {
          let calls = 0
          return variant((mu, nu) => mul(energyNorm(mu, nu), 1 + (calls++ % 2)))
        },
        'gives the same twice',
      ],
      [
        'a concave root',
        () => variant((mu, nu) => sub(2, energyNorm(mu, nu))),
        'is convex in its first argument',
      ],
    ])('%s', (_, make, expected) => {
      const laws = divergenceLaws(make(), {
        homogeneous: 1,
        translationInvariant: true,
        rigidInvariant: true,
        convexInFirst: true,
        clouds: { settings: ['near'], dimension: 2 },
      })
      expectBroken(laws, expected)
    })

    test('nothing wrong in a loss that is right', () => {
      // Fewer runs: the same laws are tried as often as all above; here, only how they are asked for
      expect(brokenLaws(lossLaws(energyNorm, { clouds: { settings: ['near'] } }), { numRuns: 10 })).toEqual([])
    })

    test.each<readonly [string, Loss, string]>([
      [
        'half a gradient in the points of mu',
        (mu, nu) => energyNorm({ ...mu, points: damped(mu.points) }, nu),
        'is the derivative in the points of mu',
      ],
      [
        'half a gradient in the weights of mu',
        (mu, nu) => energyNorm({ ...mu, weights: damped(mu.weights) }, nu),
        'is the derivative in the weights of mu',
      ],
      [
        'half a gradient in the points of nu',
        (mu, nu) => energyNorm(mu, { ...nu, points: damped(nu.points) }),
        'is the derivative in the points of nu',
      ],
      [
        'half a gradient in the weights of nu',
        (mu, nu) => energyNorm(mu, { ...nu, weights: damped(nu.weights) }),
        'is the derivative in the weights of nu',
      ],
      [
        'a gradient that is not finite',
        (mu, nu) => energyNorm({ ...mu, points: damped(mu.points, NaN) }, nu),
        'is finite between any measure and another, and itself',
      ],
    ])('%s', (_, evaluate, expected) => {
      const laws = gradientLaws(variant(evaluate), { homogeneous: 1, exact: energyNorm })
      expectBroken(laws, expected)
    })

    test('forces that do not balance', () => {
      const pulled = variant((mu, nu) => add(energyNorm(mu, nu), sum(mean(mu))))
      expectBroken(gradientLaws(pulled, { translationInvariant: true }), 'sums to zero over the points of both')
    })
  })

  const firstAxis: Loss = (mu, nu) => {
    const along = sub(slice(mean(mu), [0], [1]), slice(mean(nu), [0], [1]))
    return sum(mul(along, along))
  }
})
