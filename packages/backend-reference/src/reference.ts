import { registerGradients, tfjsPlace } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { float64Geometry } from './geometry.js'
import { float64Name, registerFloat64 } from './tfjs/register.js'
import { float64Vectors } from './vectors.js'

const place = tfjsPlace(float64Name, 'float64')

/** What a matrix of entries may take, and its transpose again. */
const budget = 64 * 1024 * 1024

const backend: Backend<Float64Array> = {
  ...place,
  vectors: float64Vectors(place),
  geometry: float64Geometry(place, budget),
}

/**
 * The reference backend: everything in float64, by loops that can be read. It is what every other backend is tested
 * against, and what to use where the last digits matter more than speed.
 *
 * The first call registers a tfjs backend `monge-float64`, on which tensors of dtype `float32` hold doubles; every
 * call returns the same backend.
 */
export const referenceBackend = (): Promise<Backend<Float64Array>> => {
  registerFloat64()
  registerGradients()
  return Promise.resolve(backend)
}
