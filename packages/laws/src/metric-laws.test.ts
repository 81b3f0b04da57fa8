import { energy, gaussian, kernelNorm, mmd } from '@monge/kernels'
import { lossAt } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { add, mul, sqrt, square, sub, sum, tidy } from '@tensorflow/tfjs-core'
import { mean } from '@monge/measures'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs } from '../../../tooling/testing/src/index.ts'
import { brokenLaws, checkLaws, divergenceLaws, metricLaws } from './index.js'

const triangle = 'obeys the triangle inequality'

eachBackend('the laws of a metric', (backend) => {
  const lately =
    (make: () => Loss): Loss =>
    (mu, nu) =>
      make()(mu, nu)
  // A root magnifies what rounding leaves under it.
  const rooted = { accuracy: 2e-3, clouds: { settings: ['near'] } } as const

  describe('hold for the root of a kernel norm', () => {
    checkLaws(metricLaws(lately(() => mmd(gaussian(0.5))(backend())), rooted), { test, parameters: { numRuns: runs(100) } })
  })

  const variant = (evaluate: Loss): Loss => lossAt(backend(), (mu, nu) => tidy(() => evaluate(mu, nu)))
  test.each<readonly [string, () => Loss]>([
    ['a squared metric', () => kernelNorm(energy())(backend())],
    [
      'the squared distance of means',
      () => variant((mu, nu) => sum(square(sub(mean(mu), mean(nu))))),
    ],
    [
      'a metric to a power above 1',
      () => variant((mu, nu) => mul(sqrt(sum(square(sub(mean(mu), mean(nu))))), add(1, sum(square(sub(mean(mu), mean(nu))))))),
    ],
  ])('catch %s', (_, make) => {
    const laws = metricLaws(make(), rooted).filter(({ name }) => name === triangle)
    expect(brokenLaws(laws, { numRuns: runs(100), endOnFailure: true })).toEqual([triangle])
  })
})

test('whatever is claimed of a divergence, its laws are these: neither the triangle inequality nor joint convexity is among them', () => {
  // Nothing is computed: laws are made before there is a backend.
  const loss: Loss = () => {
    throw new Error('not to be called')
  }
  const claims = { translationInvariant: true, rigidInvariant: true, homogeneous: 2, convexInFirst: true } as const
  const laws = [
    'is finite',
    'gives the same twice',
    'does not depend on the order of points',
    'does not see points of weight zero',
    'does not depend on how the weight of a place is split',
    'leaves its arguments as they are, and no tensor behind',
    'is symmetric',
    'is not negative',
    'is zero between a measure and itself',
    'is positive between measures far apart',
    'is invariant under translations',
    'is invariant under rigid maps',
    'is homogeneous of degree 2',
    'is convex in its first argument',
  ]
  expect(divergenceLaws(loss, claims).map(({ name }) => name)).toEqual(laws)
  expect(metricLaws(loss, claims).map(({ name }) => name)).toEqual([...laws, triangle])
})
