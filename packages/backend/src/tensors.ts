import { backend, engine, fill } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import type { Precision } from './place.js'

/*
 * Tensors at the full precision of the current backend. tfjs itself rounds every JavaScript number to float32 on its
 * way in; these two do not, and are what library code uses for data and for constants.
 */

/** The number format of tfjs's current backend. */
export const currentPrecision = (): Precision => {
  const bits: number = backend().floatPrecision()
  return bits > 32 ? 'float64' : 'float32'
}

/** A tensor of the given shape that holds a copy of row-major `values`. */
export const tensorFrom = <T extends Tensor>(values: ArrayLike<number>, shape: readonly number[]): T => {
  const copy = currentPrecision() === 'float64' ? new Float64Array(values) : new Float32Array(values)
  // tfjs types its backends' storage as Float32Array; a backend of ours stores Float64Array under the same dtype.
  return engine().makeTensor(copy as Float32Array, [...shape], 'float32') as T
}

/** A number as a scalar tensor. */
export const constant = (value: number): Scalar => fill([], value, 'float32') as Scalar
