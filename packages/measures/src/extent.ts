import { cornersOf } from '@monge/backend'
import type { Corners } from '@monge/backend'
import { mongeError } from '@monge/errors'
import { requireSameDimension } from './combine.js'
import type { Measure } from './measure.js'

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
  const { low, high } = jointCorners(measures)
  return { low: Array.from(low), high: Array.from(high) }
}

const jointCorners = (measures: readonly Measure[]): Corners => {
  const [first] = measures
  if (first === undefined) throw mongeError('InvalidArgument', 'boundingBox', 'expected at least one measure')
  requireSameDimension('boundingBox', first, measures)
  const low = new Float64Array(first.points.shape[1]).fill(Infinity)
  const high = new Float64Array(low.length).fill(-Infinity)
  for (const { points } of measures) {
    const box = cornersOf(points)
    for (let axis = 0; axis < low.length; axis++) {
      low[axis] = Math.min(low[axis] ?? NaN, box.low[axis] ?? NaN)
      high[axis] = Math.max(high[axis] ?? NaN, box.high[axis] ?? NaN)
    }
  }
  return { low, high }
}

/**
 * The diagonal of the joint bounding box: GeomLoss's `diameter`, an upper bound of all distances between points.
 *
 * @throws InvalidArgument if there are no measures; DimensionMismatch if they live in different dimensions
 */
export const diameter = (...measures: readonly Measure[]): number => {
  const { low, high } = jointCorners(measures)
  const sides = low.slice()
  for (let axis = 0; axis < sides.length; axis++) sides[axis] = (high[axis] ?? NaN) - (low[axis] ?? NaN)
  return sides.length > manyDimensions ? lengthOf(sides) : Math.hypot(...sides)
}

/** Above so many arguments Math.hypot takes long. */
const manyDimensions = 8

const lengthOf = (sides: Float64Array): number => {
  let [most, sum] = [0, 0]
  for (const side of sides) most = Math.max(most, side)
  // Squares of the largest numbers are none.
  if (!(most > 0 && most < Infinity)) return most
  for (const side of sides) sum += (side / most) ** 2
  return most * Math.sqrt(sum)
}
