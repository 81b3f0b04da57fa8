import { dataOf } from '@monge/backend'
import type { Float } from '@monge/backend'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Measure } from './measure.js'

/** A measure as plain arrays. */
export interface MeasureArrays {
  /** `n` rows of `d` coordinates. */
  readonly points: number[][]
  /** `[n]` */
  readonly weights: number[]
}

/** A measure as typed arrays of its backend's precision. */
export interface MeasureData {
  /** `[n * d]`, row-major */
  readonly points: Float
  /** `[n]` */
  readonly weights: Float
  readonly n: number
  readonly d: number
}

/** The measure's points and weights, copied to typed arrays (on a GPU, a read-back). */
export const toTyped = (mu: Measure): MeasureData => {
  const [n, d] = mu.points.shape
  // A backend may hand out its own storage.
  return { points: mu.points.dataSync<'float32'>().slice(), weights: mu.weights.dataSync<'float32'>().slice(), n, d }
}

/** The measure's points as rows and its weights, as plain arrays (on a GPU, a read-back). */
export const toArrays = (mu: Measure): MeasureArrays => {
  const { points, weights, n, d } = toTyped(mu)
  return {
    points: Array.from({ length: n }, (_, row) => Array.from(points.subarray(row * d, (row + 1) * d))),
    weights: Array.from(weights),
  }
}

/** The total mass `sum_i weights_i`, summed in float64 and read once for each tensor of weights and its clones. */
export const mass = (mu: Measure): number => readOnce(masses, mu.weights, sumOf)

const masses: Readings<number> = new WeakMap()

const sumOf = (weights: Tensor): number => {
  let sum = 0
  const values = weights.dataSync<'float32'>()
  for (let i = 0; i < values.length; i++) sum += values[i] ?? NaN
  return sum
}

/**
 * What was read of tensors. It goes by their data, which never changes, so that clones share it and a variable that is
 * assigned to is read anew; tensors of other shapes share it as well.
 */
export type Readings<A> = WeakMap<Tensor['dataId'], A>

/** What a function reads of a tensor's data, remembered for as long as the data is. */
export const readOnce = <A>(known: Readings<A>, tensor: Tensor, read: (tensor: Tensor) => A): A => {
  const data = dataOf(tensor)
  const found = known.get(data)
  if (found !== undefined) return found
  const value = read(tensor)
  known.set(data, value)
  return value
}
