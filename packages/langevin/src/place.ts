import type { Place } from '@monge/backend'
import { engine } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'

/** A tensor at a place, of a copy of row-major values. It need not be tfjs's current backend, nor become it. */
export const tensorAt = <T extends Tensor>(place: Place, values: Float64Array, shape: readonly number[]): T => {
  const copy = place.precision === 'float64' ? values.slice() : new Float32Array(values)
  // tfjs types its backends' storage as Float32Array; a backend of ours stores Float64Array under the same dtype.
  return engine().makeTensor(copy as Float32Array, [...shape], 'float32', engine().findBackend(place.name)) as T
}

/** The numbers as a place's tensors hold them. */
export const roundedAt = (place: Place, values: Float64Array): Float64Array =>
  place.precision === 'float64' ? values : new Float64Array(new Float32Array(values))

/** A copy of a tensor's numbers on the host. */
export const readFrom = (tensor: Tensor): Float64Array => new Float64Array(tensor.dataSync())

/** The largest number that a place's tensors hold. */
export const largestAt = (place: Place): number =>
  place.precision === 'float64' ? Number.MAX_VALUE : 2 ** 127 * (2 - 2 ** -23)
