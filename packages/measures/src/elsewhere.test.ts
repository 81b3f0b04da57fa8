import { dispose, engine, tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, reference } from '../../../tooling/testing/src/index.ts'
import { disposeMeasure, fromTensors, measureOrThrow, toArrays } from './index.js'

eachBackend('tensors of another backend', (backend) => {
  test('are copied to the place of the measure, and stay where they are', async () => {
    const place = await reference()
    const points = tensor2d([[1, 2], [3, 4]])
    const weights = tensor1d([1, 3])
    const home = engine().findBackend(backend().name)
    const mu = measureOrThrow(fromTensors(points, weights, place))
    const holderOf = ({ dataId }: { readonly dataId: object }) => engine().state.tensorInfo.get(dataId)?.backend
    expect(holderOf(mu.points)).toBe(engine().findBackend(place.name))
    expect(holderOf(mu.weights)).toBe(engine().findBackend(place.name))
    expect([holderOf(points), holderOf(weights)]).toEqual([home, home])
    expect(toArrays(mu)).toEqual({ points: [[1, 2], [3, 4]], weights: [1, 3] })
    const equal = measureOrThrow(fromTensors(points, undefined, place))
    expect([holderOf(equal.points), holderOf(points)]).toEqual([engine().findBackend(place.name), home])
    disposeMeasure(mu)
    disposeMeasure(equal)
    dispose([points, weights])
  })
})
