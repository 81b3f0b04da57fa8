import { key } from '@monge/random'
import { KernelBackend, memory, registerBackend, setBackend, square } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import {
  affine,
  centre,
  covariance,
  disposeMeasure,
  fromArrays,
  fromTensors,
  mean,
  measureOrThrow,
  mergeDuplicates,
  mixture,
  moment,
  normalise,
  product,
  pushforward,
  restrict,
  reweight,
  sample,
  scale,
  subsample,
  sum,
  toArrays,
  translate,
  withPoints,
} from './index.js'
import type { Measure } from './index.js'

/*
 * tfjs would move a measure to whatever backend is current, for good, and round it on the way. Here that is a backend
 * that can do nothing, so that whatever is done there fails.
 */
registerBackend('elsewhere', () => new KernelBackend())

eachBackend('with tfjs elsewhere', (backend) => {
  test.each<readonly [string, (mu: Measure) => unknown]>([
    ['translate', translate([1, 2])],
    ['scale', scale(0.1)],
    ['affine', affine({ matrix: [[0, 1]], offset: [0.1] })],
    ['pushforward', pushforward((points) => square(points))],
    ['centre', centre],
    ['mixture', (mu) => mixture([0.5, 0.5])([mu, mu])],
    ['sum', (mu) => sum([mu, mu])],
    ['product', (mu) => product(mu)(mu)],
    ['normalise', normalise],
    ['restrict', (mu) => measureOrThrow(restrict((_, weight) => weight > 0.5)(mu))],
    ['mergeDuplicates', mergeDuplicates],
    ['sample', sample(3, key(1))],
    ['subsample', subsample(1, key(1))],
    ['withPoints', (mu) => withPoints(mu.points)(mu)],
    ['reweight', (mu) => reweight(mu.weights)(mu)],
    ['mean', mean],
    ['covariance', covariance],
    ['moment', moment(3)],
    ['fromTensors at its place', (mu) => measureOrThrow(fromTensors(mu.points, mu.weights, backend()))],
    ['fromArrays at its place', () => measureOrThrow(fromArrays([[1, 2]], [1], backend()))],
  ])('%s happens where the measure lives, and leaves it there', (_, body) => {
    const tensors = memory().numTensors
    const mu = measureOrThrow(fromArrays([[0.1, 0.2], [0.3, 0.4]], [0.3, 0.7], backend()))
    const before = toArrays(mu)
    void setBackend('elsewhere')
    body(mu)
    expect(toArrays(mu)).toEqual(before)
    void setBackend(backend().name)
    expect(memory().numTensors).toBeGreaterThan(tensors + 2)
    disposeMeasure(mu)
  })
})
