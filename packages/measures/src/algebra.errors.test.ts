import { isMongeError } from '@monge/errors'
import { key } from '@monge/random'
import { memory, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import {
  affine,
  boundingBox,
  diameter,
  disposeMeasure,
  equals,
  fromArrays,
  measureOrThrow,
  mixture,
  moment,
  pushforward,
  reweight,
  sample,
  scale,
  subsample,
  sum,
  translate,
  withPoints,
} from './index.js'
import type { Measure } from './index.js'

eachBackend('bad arguments of the algebra', () => {
  test.each<readonly [string, (plane: Measure, line: Measure) => unknown]>([
    ['InvalidOption at translate: vector', () => translate([NaN])],
    ['DimensionMismatch at translate: vector', (plane) => translate([1])(plane)],
    ['InvalidOption at scale: factor', () => scale(Infinity)],
    ['InvalidOption at affine: matrix', () => affine({ matrix: [[NaN]] })],
    ['DimensionMismatch at affine: matrix', (plane) => affine({ matrix: [[1, 2, 3]] })(plane)],
    ['DimensionMismatch at affine: offset', () => affine({ matrix: [[1, 2]], offset: [1, 2] })],
    ['DimensionMismatch at affine: offset', () => affine({ matrix: [] })],
    ['DimensionMismatch at pushforward: map', (plane) => pushforward(() => tidy(() => tensor2d([[1]])))(plane)],
    ['DimensionMismatch at pushforward: map', (plane) => pushforward(() => tensor1d([1, 2]) as unknown as Tensor2D)(plane)],
    ['InvalidOption at mixture: coefficients', () => mixture([0.5, -0.5])],
    ['InvalidOption at mixture: coefficients', () => mixture([0, 0])],
    ['InvalidArgument at mixture', (plane) => mixture([0.5, 0.5])([plane])],
    ['DimensionMismatch at mixture', (plane, line) => mixture([0.5, 0.5])([plane, line])],
    ['InvalidArgument at sum', () => sum([])],
    ['InvalidOption at moment: order', () => moment(0)],
    ['InvalidOption at sample: count', () => sample(0, key(1))],
    ['InvalidOption at subsample: count', () => subsample(0, key(1))],
    ['InvalidOption at subsample: count', (plane) => subsample(2, key(1))(plane)],
    ['InvalidArgument at boundingBox', () => boundingBox()],
    ['DimensionMismatch at boundingBox', (plane, line) => diameter(plane, line)],
    ['InvalidOption at equals: tolerance', (plane) => equals(plane, -1)],
    ['DimensionMismatch at withPoints', (plane) => tidy(() => withPoints(tensor2d([[1, 2]]))(plane).points)],
    ['DimensionMismatch at reweight', (plane) => tidy(() => reweight(tensor1d([1, 2, 3]))(plane).points)],
  ])('%s', (expected, body) => {
    const plane = measureOrThrow(fromArrays([[1, 2], [3, 4]], [1, 0]))
    const line = measureOrThrow(fromArrays([1, 2]))
    const before = memory().numTensors
    const refusal = tidy(() => {
      try {
        body(plane, line)
      } catch (error) {
        if (isMongeError(error)) return `${error.tag} at ${error.where}` as never
        throw error
      }
      return undefined as never
    })
    expect(refusal).toBe(expected)
    expect(memory().numTensors).toBe(before)
    disposeMeasure(plane)
    disposeMeasure(line)
  })
})
