import type { Tensor } from '@tensorflow/tfjs-core'
import { dataOf } from './same-data.js'

/** The smallest box with sides along the axes that holds some points. */
export interface Corners {
  /** `[d]` */
  readonly low: Float64Array
  /** `[d]` */
  readonly high: Float64Array
}

/** The box around points `[n, d]`, read once for each tensor's data. NaN along an axis where a coordinate is. */
export const cornersOf = (points: Tensor): Corners => {
  const [, dimension = 0] = points.shape
  // The same numbers in rows of another length have another box.
  const boxes = known.get(dimension) ?? new WeakMap<Tensor['dataId'], Corners>()
  known.set(dimension, boxes)
  const found = boxes.get(dataOf(points))
  if (found !== undefined) return found
  const corners = read(dimension, points.dataSync<'float32'>())
  boxes.set(dataOf(points), corners)
  return corners
}

const known = new Map<number, WeakMap<Tensor['dataId'], Corners>>()

/** Points that are gone through together: their rows stay in the cache from axis to axis. */
const together = 64

const read = (dimension: number, values: Float32Array): Corners => {
  const low = new Float64Array(dimension).fill(Infinity)
  const high = new Float64Array(dimension).fill(-Infinity)
  const { length } = values
  for (let from = 0; from < length; from += together * dimension) {
    const to = Math.min(from + together * dimension, length)
    for (let axis = 0; axis < dimension; axis++) {
      let least = low[axis]
      let most = high[axis]
      for (let position = from + axis; position < to; position += dimension) {
        const value = values[position]
        least = Math.min(least, value)
        most = Math.max(most, value)
      }
      low[axis] = least
      high[axis] = most
    }
  }
  return { low, high }
}
