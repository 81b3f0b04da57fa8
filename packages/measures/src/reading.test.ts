import { tensorFrom } from '@monge/backend'
import { dispose, reshape, variable } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { expect, test, vi } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import { diameter, mass } from './index.js'
import type { Measure } from './index.js'

eachBackend('what is read of a measure', () => {
  const make = (): Measure => ({
    weights: tensorFrom<Tensor1D>([1, 2, 3, 4], [4]),
    points: tensorFrom<Tensor2D>([0, 3, 4, 0], [4, 1]),
  })

  test('is read once for all clones that share its data', () => {
    const mu = make()
    expect([mass(mu), diameter(mu)]).toEqual([10, 4])
    const clone = { weights: mu.weights.clone(), points: mu.points.clone() }
    const reads = [vi.spyOn(clone.weights, 'dataSync'), vi.spyOn(clone.points, 'dataSync')]
    expect([mass(clone), diameter(clone)]).toEqual([10, 4])
    // On wasm, a clone is a copy.
    const times = clone.weights.dataId === mu.weights.dataId ? 0 : 1
    for (const read of reads) expect(read).toHaveBeenCalledTimes(times)
    dispose([mu.weights, mu.points, clone.weights, clone.points])
  })

  test('is not confused with the same numbers in rows of another length', () => {
    const mu = make()
    expect(diameter(mu)).toBe(4)
    const wide = { weights: mu.weights, points: reshape(mu.points, [2, 2]) as Tensor2D }
    expect(diameter(wide)).toBe(5)
    dispose([mu.weights, mu.points, wide.points])
  })

  test('is read anew where a variable has been assigned to', () => {
    const mu = make()
    const weights = variable(mu.weights)
    expect(mass({ ...mu, weights })).toBe(10)
    const others = tensorFrom<Tensor1D>([1, 1, 1, 1], [4])
    weights.assign(others)
    expect(mass({ ...mu, weights })).toBe(4)
    dispose([weights, others, mu.weights, mu.points])
  })
})
