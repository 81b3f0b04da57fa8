import type { Tensor } from '@tensorflow/tfjs-core'
import { extremesHere, widen } from './extremes.js'
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

/** Points enough to start WebAssembly for. */
const many = 4096

const read = (dimension: number, values: Float32Array): Corners => {
  const box = { low: new Float64Array(dimension), high: new Float64Array(dimension) }
  const extremes = values.length >= many && values instanceof Float32Array ? extremesHere() : undefined
  if (extremes?.(values, box.low, box.high) === true) return box
  box.low.fill(Infinity)
  box.high.fill(-Infinity)
  if (!widen(values, 0, box.low, box.high)) markNaN(box, values)
  return box
}

const markNaN = ({ low, high }: Corners, values: Float32Array): void => {
  values.forEach((value, k) => {
    if (Number.isNaN(value)) low[k % low.length] = high[k % low.length] = NaN
  })
}
