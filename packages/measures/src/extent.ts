import { mongeError } from '@monge/errors'
import type { Tensor } from '@tensorflow/tfjs-core'
import { requireSameDimension } from './combine.js'
import type { Measure } from './measure.js'
import { readOnce } from './reading.js'
import type { Readings } from './reading.js'

/** The smallest box with sides along the axes that holds every point, also those of weight zero. */
export interface Box {
  /** `[d]` */
  readonly low: readonly number[]
  /** `[d]` */
  readonly high: readonly number[]
}

/**
 * The joint bounding box of measures.
 *
 * @throws InvalidArgument if there are none; DimensionMismatch if they live in different dimensions
 */
export const boundingBox = (...measures: readonly Measure[]): Box => {
  const [first] = measures
  if (first === undefined) throw mongeError('InvalidArgument', 'boundingBox', 'expected at least one measure')
  requireSameDimension('boundingBox', first, measures)
  return measures
    .map((mu) => readOnce(boxesIn(mu.points.shape[1]), mu.points, boxOf))
    .reduce((joint, box) => ({
      low: joint.low.map((value, axis) => Math.min(value, box.low[axis] ?? value)),
      high: joint.high.map((value, axis) => Math.max(value, box.high[axis] ?? value)),
    }))
}

/**
 * The diagonal of the joint bounding box: GeomLoss's `diameter`, an upper bound of all distances between points.
 *
 * @throws InvalidArgument if there are no measures; DimensionMismatch if they live in different dimensions
 */
export const diameter = (...measures: readonly Measure[]): number => {
  const { low, high } = boundingBox(...measures)
  return Math.hypot(...low.map((value, axis) => (high[axis] ?? value) - value))
}

// The same numbers in rows of another length have another box.
const boxes = new Map<number, Readings<Box>>()

const boxesIn = (dimension: number): Readings<Box> => {
  const known = boxes.get(dimension) ?? new WeakMap()
  boxes.set(dimension, known)
  return known
}

const boxOf = (points: Tensor): Box => {
  const d = points.shape[1] ?? 0
  const low = Array.from({ length: d }, () => Infinity)
  const high = Array.from({ length: d }, () => -Infinity)
  const values = points.dataSync<'float32'>()
  // Plain loops: in many dimensions an iterator takes longer than what is done with the box.
  for (let position = 0; position < values.length; )
    for (let axis = 0; axis < d; axis++, position++) {
      const value = values[position] ?? NaN
      low[axis] = Math.min(low[axis] ?? value, value)
      high[axis] = Math.max(high[axis] ?? value, value)
    }
  return { low, high }
}
