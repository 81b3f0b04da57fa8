import { constant, dataOf, tensorFrom } from '@monge/backend'
import { atHomeOf, sample } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { choice } from '@monge/random'
import type { Key } from '@monge/random'
import { engine, fill, gather, mul, tensor1d } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'

/** Where a fit's data come from: `count` points drawn by a key. What it makes is freed after the step. */
export type Sampler = (key: Key, count: number) => Measure

/** How data are drawn for a step from what the state holds of them. */
export type Drawing = (data: Measure | undefined) => Sampler

/** Data that a function draws, whatever the state holds. */
export const drawnBy = (sampler: Sampler): Drawing => () => sampler

/**
 * Minibatches of a measure like this one: without replacement where its points weigh the same, in proportion to their
 * weights otherwise, and all of it if it is no larger than that.
 */
export const minibatches = (like: Measure): Drawing => {
  const weights = like.weights.dataSync<'float32'>()
  const first = weights[0] ?? 0
  const even = first > 0 && weights.every((weight) => weight === first)
  return (data = like) =>
    (key, count) =>
      weights.length <= count ? data : even ? evenly(key, count, data, first * weights.length) : sample(count, key)(data)
}

/** The same as `subsample` of points that weigh the same, which looks at all of them. */
const evenly = (key: Key, count: number, { points, weights }: Measure, mass: number): Measure =>
  atHomeOf(points, () => ({
    weights: mul<Tensor1D>(fill([count], 1), constant(mass / count)),
    points: rowsOf(points, choice(weights.shape[0], count)(key)),
  }))

/**
 * Some rows of a matrix. tfjs's backends on the CPU take longer to gather few than to write them; where its wasm backend
 * has the matrix, a host's copy is kept.
 */
const rowsOf = (points: Tensor2D, places: Int32Array): Tensor2D => {
  const { backendName } = engine()
  if (backendName !== 'wasm' && backendName !== 'cpu') return gather(points, tensor1d(places, 'int32'))
  const [, d] = points.shape
  const values = copies.get(dataOf(points)) ?? points.dataSync<'float32'>()
  if (backendName === 'wasm') copies.set(dataOf(points), values)
  const rows = new Float32Array(places.length * d)
  places.forEach((place, i) => rows.set(values.subarray(place * d, (place + 1) * d), i * d))
  return tensorFrom(rows, [places.length, d])
}

const copies = new WeakMap<Tensor2D['dataId'], Float32Array>()
