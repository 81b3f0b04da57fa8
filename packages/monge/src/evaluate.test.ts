import type { Backend } from '@monge/backend'
import { energy, gaussian, kernelNorm, mmd } from '@monge/kernels'
import { add, scale, valueAndGradient } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { sinkhornDivergence } from '@monge/sinkhorn'
import { dispose, mul, square, sub, sum } from '@tensorflow/tfjs-core'
import type { Scalar } from '@tensorflow/tfjs-core'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import { eachBackend, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { evaluate, samplesLoss, transport } from './index.js'
import type { Clouds } from './index.js'

const x = [[0, 0], [1, 0], [0.5, -1]]
const y = [[0, 1], [2, 1]]
const a = [0.5, 0.25, 0.25]
const b = [0.125, 0.875]

const losses: readonly (readonly [string, (backend: Backend) => Loss])[] = [
  ['sinkhorn', samplesLoss({ blur: 0.5 })],
  ['sinkhorn with reach', samplesLoss({ blur: 0.5, reach: 1 })],
  ['sinkhorn, biased', samplesLoss({ p: 1, blur: 0.5, debias: false })],
  ['sinkhorn, converged', samplesLoss({ blur: 0.5, tolerance: 1e-5 })],
  ['hausdorff', samplesLoss({ loss: 'hausdorff', blur: 0.5 })],
  ['energy', samplesLoss({ loss: 'energy' })],
  ['gaussian', samplesLoss({ loss: 'gaussian', blur: 0.5 })],
  ['laplacian', samplesLoss({ loss: 'laplacian', blur: 0.5 })],
  ['a root', mmd(gaussian(1))],
  ['a sum', (backend) => pipe(sinkhornDivergence({ blur: 0.5 })(backend), add(scale(0.1)(kernelNorm(energy())(backend))))],
  ['a plain function', () => (mu, nu) => sum(mul(mu.weights, sum(square(sub(mu.points, sum(nu.points, 0))), 1))) as Scalar],
]

eachBackend('evaluate', (backend) => {
  const type = (): unknown => (backend().precision === 'float64' ? Float64Array : Float32Array)

  test.each(losses)('gives the value and the gradients of %s, as they are on tensors', (_, loss) => {
    withoutLeaks(() => {
      const [mu, nu] = [fromArrays(x, a, backend()), fromArrays(y, b, backend())].map(measureOrThrow)
      const expected = valueAndGradient(loss(backend()))(mu, nu)
      const found = evaluate(loss(backend()))({ x, y, a, b })
      expect([found.value]).toEqual([...expected.value.dataSync()])
      expect(Array.from(found.gradX)).toEqual([...expected.mu.points.dataSync()])
      expect(Array.from(found.gradY)).toEqual([...expected.nu.points.dataSync()])
      expect(Array.from(found.gradA)).toEqual([...expected.mu.weights.dataSync()])
      expect(Array.from(found.gradB)).toEqual([...expected.nu.weights.dataSync()])
      expect([found.gradX, found.gradY, found.gradA, found.gradB].every((array) => array instanceof (type() as never))).toBe(true)
      expect([found.gradX, found.gradY, found.gradA, found.gradB].map((array) => array.length)).toEqual([6, 4, 3, 2])
      expect(evaluate(loss(backend()))({ x, y, a, b })).toEqual(found)
      dispose([expected.value, expected.mu.points, expected.mu.weights, expected.nu.points, expected.nu.weights])
      disposeMeasure(mu)
      disposeMeasure(nu)
    })
  })

  test('knows points as rows, as row-major data and, on a line, as numbers; and equal weights', () => {
    const loss = evaluate(samplesLoss({ loss: 'energy' })(backend()))
    const flat = loss({ x: { data: x.flat(), shape: [3, 2] }, y: { data: Float32Array.from(y.flat()), shape: [2, 2] } })
    expect(flat).toEqual(loss({ x, y, a: [1 / 3, 1 / 3, 1 / 3], b: [0.5, 0.5] }))
    expect(loss({ x: x.map((row) => Float32Array.from(row)), y })).toEqual(flat)
    expect(loss({ x: [0, 1], y: Float64Array.of(2) })).toEqual(loss({ x: [[0], [1]], y: [[2]], b: [1] }))
  })

  test('changes nothing that it is given', () => {
    const given = { x: { data: Float64Array.from(x.flat()), shape: [3, 2] as const }, y, a: Float32Array.from(a), b }
    const before = structuredClone(given)
    const { gradX, gradA } = evaluate(samplesLoss({ blur: 0.5 })(backend()))(given)
    gradX.fill(7)
    gradA.fill(7)
    expect(given).toEqual(before)
  })

  describe('refuses', () => {
    test.each<readonly [string, unknown, string, RegExp]>([
      ['no number in x', { x: [[0, 1], [NaN, 0]], y }, 'evaluate: x', /points\[1\]\[0\] is NaN/],
      ['infinity in y', { x, y: [[0, 0], [0, -Infinity]] }, 'evaluate: y', /points\[1\]\[1\] is -Infinity/],
      ['no number in a', { x, y, a: [1, NaN, 0] }, 'evaluate: a', /weights\[1\] is NaN/],
      ['infinity in b', { x, y, b: [Infinity, 0] }, 'evaluate: b', /weights\[0\] is Infinity/],
      ['a negative weight', { x, y, b: [1, -0.5] }, 'evaluate: b', /weights\[1\] is -0.5, below zero/],
      ['no mass', { x, y, a: [0, 0, 0] }, 'evaluate: a', /sum to zero/],
      ['ragged rows', { x, y: [[0, 0], [1]] }, 'evaluate: y', /points\[1\] has 1 coordinates/],
      ['no points', { x: [], y }, 'evaluate: x', /at least one point/],
      ['points without coordinates', { x: [[], []], y }, 'evaluate: x', /at least one coordinate/],
      ['points of points', { x: [[[0]]], y }, 'evaluate: x', /rank 3/],
      ['a shape that does not fit', { x: { data: [1, 2, 3], shape: [2, 2] }, y }, 'evaluate: x', /length 3, expected 4/],
      ['a shape of three', { x: { data: [1, 2], shape: [1, 1, 2] }, y }, 'evaluate: x', /rank 3/],
      ['data without a shape', { x, y: { data: [1, 2] } }, 'evaluate: y', /expected rows of coordinates/],
      ['weights of another length', { x, y, a: [0.5, 0.5] }, 'evaluate: a', /2 weights for 3 points/],
      ['a missing cloud', { x }, 'evaluate: y', /expected rows of coordinates/],
      ['words', { x: 'x', y }, 'evaluate: x', /expected rows of coordinates/],
    ])('%s, and says where', (_, clouds, where, message) => {
      withoutLeaks(() => {
        const call = () => evaluate(samplesLoss()(backend()))(clouds as Clouds)
        expect(call).toThrow(expect.objectContaining({ name: 'MongeError', tag: 'InvalidMeasure', where }))
        expect(call).toThrow(message)
      })
    })

    test.each<readonly [string, unknown, string]>([
      ['an unknown key', { x, y, weights: a }, 'InvalidOption'],
      ['clouds of different dimensions', { x, y: [[0]] }, 'DimensionMismatch'],
      ['clouds of different masses', { x, y, b: [1, 1] }, 'MassMismatch'],
    ])('%s', (_, clouds, tag) => {
      withoutLeaks(() => {
        expect(() => evaluate(samplesLoss()(backend()))(clouds as Clouds)).toThrow(expect.objectContaining({ tag }))
      })
    })
  })
})

eachBackend('a promise of a backend', (backend) => {
  test('is refused by what is to compute with it', () => {
    const promised = Promise.resolve(backend()) as unknown as Backend
    const refused = expect.objectContaining({ tag: 'InvalidArgument', message: expect.stringContaining('await') as string }) as Error
    expect(() => evaluate(samplesLoss()(promised))({ x, y })).toThrow(refused)
    expect(() => transport()(promised)({ x, y })).toThrow(refused)
  })
})
