import type { Backend } from '@monge/backend'
import { euclidean, fromFunction, squaredEuclidean } from '@monge/costs'
import { energy, gaussian, kernelNorm, laplacian } from '@monge/kernels'
import type { Loss } from '@monge/losses'
import { hausdorffDivergence, sinkhornCost, sinkhornDivergence } from '@monge/sinkhorn'
import { add, sum } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import { evaluate, samplesLoss } from './index.js'
import type { SamplesLossOptions } from './index.js'

const clouds = { x: [[0, 0], [1, 0.5]], y: [[0, 1], [2, 1], [1, 1]], a: [0.25, 0.75] }

describe('samplesLoss', () => {
  test.each<readonly [string, object]>([
    ['samplesLoss: loss', { loss: 'wasserstein' }],
    ['samplesLoss: p', { p: 0 }],
    ['samplesLoss: p', { p: '2' }],
    ['samplesLoss: blur', { blur: -1 }],
    ['samplesLoss: blur', { loss: 'energy', blur: NaN }],
    ['samplesLoss: reach', { reach: 0 }],
    ['samplesLoss: reach', { reach: Infinity }],
    ['samplesLoss: reach', { loss: 'hausdorff', reach: 1 }],
    ['samplesLoss: diameter', { diameter: -2 }],
    ['samplesLoss: scaling', { scaling: 0 }],
    ['samplesLoss: scaling', { loss: 'gaussian', scaling: 1 }],
    ['samplesLoss: tolerance', { tolerance: 0 }],
    ['samplesLoss: debias', { debias: 'no' }],
    ['samplesLoss: cost', { cost: 'euclidean' }],
    ['samplesLoss: kernel', { loss: 'gaussian', kernel: null }],
    ['samplesLoss', { epsilon: 0.1 }],
  ])('names %s, refusing %o, before there is a backend', (where, options) => {
    expect(() => samplesLoss(options as SamplesLossOptions)).toThrow(
      expect.objectContaining({ name: 'MongeError', tag: 'InvalidOption', where }),
    )
  })

  test('takes no bias off a cost that is not symmetric', () => {
    const cost = fromFunction('skew', (x, y) => add(sum(x, 1, true), sum(y)), { symmetric: false })
    expect(() => samplesLoss({ cost })).toThrow(expect.objectContaining({ tag: 'InvalidOption' }))
    expect(() => samplesLoss({ cost, debias: false })).not.toThrow()
  })
})

eachBackend('samplesLoss', (backend) => {
  test.each<readonly [string, SamplesLossOptions, (backend: Backend) => Loss]>([
    ['nothing', {}, sinkhornDivergence({ p: 2, blur: 0.05, scaling: 0.5 })],
    ['a bias', { debias: false, blur: 0.5 }, sinkhornCost({ blur: 0.5 })],
    ['a degree', { p: 1, blur: 0.5 }, sinkhornDivergence({ cost: euclidean, p: 1, blur: 0.5 })],
    ['a reach', { blur: 0.5, reach: 1 }, sinkhornDivergence({ blur: 0.5, reach: 1 })],
    ['a schedule', { blur: 0.5, scaling: 0.8, diameter: 3 }, sinkhornDivergence({ blur: 0.5, scaling: 0.8, diameter: 3 })],
    ['a tolerance', { blur: 0.5, tolerance: 1e-4 }, sinkhornDivergence({ blur: 0.5, tolerance: 1e-4 })],
    ['a cost', { blur: 0.5, cost: squaredEuclidean }, sinkhornDivergence({ blur: 0.5, cost: squaredEuclidean })],
    ['hausdorff', { loss: 'hausdorff', blur: 0.5 }, hausdorffDivergence({ blur: 0.5 })],
    ['energy', { loss: 'energy' }, kernelNorm(energy())],
    ['gaussian', { loss: 'gaussian' }, kernelNorm(gaussian(0.05))],
    ['laplacian', { loss: 'laplacian', blur: 0.3 }, kernelNorm(laplacian(0.3))],
    ['a kernel', { loss: 'energy', kernel: gaussian(2) }, kernelNorm(gaussian(2))],
    ['options of another loss', { loss: 'energy', p: 1, reach: 1, debias: false }, kernelNorm(energy())],
  ])('with %s is the loss of the packages', (_, options, loss) => {
    const { value } = evaluate(samplesLoss(options)(backend()))(clouds)
    expect(value).toBe(evaluate(loss(backend()))(clouds).value)
    expect(value).toBeGreaterThan(0)
  })
})
