import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { readFrom, tensorAt } from './place.js'
import type { Potential } from './potential.js'

/** A potential and its gradient at points, on the host. */
export interface FieldValues {
  /** `[n]` */
  readonly value: Float64Array
  /** `[n, d]`, row-major */
  readonly gradient: Float64Array
}

/** The gradient at row-major points, `[n, d]`, on the host; where it can be, in an array that is given for it. */
export const gradientAt = (
  potential: Potential,
  points: Float64Array,
  dimension: number,
  gradient: Float64Array = new Float64Array(points.length),
): Float64Array => {
  if (potential.onHost !== undefined) {
    potential.onHost(points, dimension, gradient)
    return gradient
  }
  return potential.place.within(() => {
    const at = tensorAt<Tensor2D>(potential.place, points.slice(), [points.length / dimension, dimension])
    try {
      return readAndDispose(potential.gradient(at))
    } finally {
      at.dispose()
    }
  })
}

/** The potential and its gradient at row-major points, on the host. */
export const fieldAt = (potential: Potential, points: Float64Array, dimension: number): FieldValues => {
  const rows = points.length / dimension
  if (potential.onHost !== undefined) {
    const [value, gradient] = [new Float64Array(rows), new Float64Array(points.length)]
    potential.onHost(points, dimension, gradient, value)
    return { value, gradient }
  }
  return potential.place.within(() => {
    const at = tensorAt<Tensor2D>(potential.place, points.slice(), [rows, dimension])
    try {
      const { value, gradient } = potential.valueAndGradient(at)
      return { value: readAndDispose(value), gradient: readAndDispose(gradient) }
    } finally {
      at.dispose()
    }
  })
}

const readAndDispose = (tensor: Tensor): Float64Array => {
  const values = readFrom(tensor)
  tensor.dispose()
  return values
}
