import { energy, gaussian, kernelNorm, mmd } from '@monge/kernels'
import { lossAt } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { add, mul, sqrt, square, sub, sum, tidy } from '@tensorflow/tfjs-core'
import { mean } from '@monge/measures'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs } from '../../../tooling/testing/src/index.ts'
import { brokenLaws, checkLaws, metricLaws } from './index.js'

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

  const triangle = 'obeys the triangle inequality'
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
