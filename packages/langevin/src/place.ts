import type { Float, Place } from '@monge/backend'
import { engine } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'

/**
 * A tensor at a place, of row-major values that nobody else will write to any more. The place need not be tfjs's current
 * backend, nor become it.
 */
export const tensorAt = <T extends Tensor>(place: Place, values: Float64Array, shape: readonly number[]): T => {
  const storage = place.precision === 'float64' ? values : narrowed(values)
  // tfjs types its backends' storage as Float32Array; a backend of ours stores Float64Array under the same dtype.
  return engine().makeTensor(storage as Float32Array, [...shape], 'float32', engine().findBackend(place.name)) as T
}

/** The numbers as a place's tensors hold them. */
export const roundedAt = (place: Place, values: Float64Array): Float64Array =>
  place.precision === 'float64' ? values : widened(narrowed(values))

/** A copy of a tensor's numbers on the host. */
export const readFrom = (tensor: Tensor): Float64Array => {
  const values = tensor.dataSync() as Float
  return values instanceof Float64Array ? values.slice() : widened(values)
}

// By loops, which take a fraction of the time of the constructors that convert.
const widened = (values: Float32Array): Float64Array => {
  const wide = new Float64Array(values.length)
  for (let i = 0; i < wide.length; i++) wide[i] = values[i] as number
  return wide
}

const narrowed = (values: Float64Array): Float32Array => {
  const narrow = new Float32Array(values.length)
  for (let i = 0; i < narrow.length; i++) narrow[i] = values[i] as number
  return narrow
}

/** The largest number that a place's tensors hold. */
export const largestAt = (place: Place): number =>
  place.precision === 'float64' ? Number.MAX_VALUE : 2 ** 127 * (2 - 2 ** -23)
