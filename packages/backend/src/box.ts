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

const read = (dimension: number, values: Float32Array): Corners => {
  const low = new Float64Array(dimension).fill(Infinity)
  const high = new Float64Array(dimension).fill(-Infinity)
  const { length } = values
  // What is not a number makes this not one either, and so may infinities.
  let sum = 0
  for (let from = 0; from < length; from += dimension)
    for (let axis = 0; axis < dimension; axis++) {
      const value = values[from + axis]
      sum += value
      if (value < low[axis]) low[axis] = value
      if (value > high[axis]) high[axis] = value
    }
  if (Number.isNaN(sum)) markNaN({ low, high }, values)
  return { low, high }
}

const markNaN = ({ low, high }: Corners, values: Float32Array): void => {
  values.forEach((value, k) => {
    if (Number.isNaN(value)) low[k % low.length] = high[k % low.length] = NaN
  })
}
