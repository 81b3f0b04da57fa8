import type { Float, Place } from '@monge/backend'

/** Zeros of a place's precision. */
export const zerosAt = (place: Place, length: number): Float =>
  place.precision === 'float64' ? new Float64Array(length) : new Float32Array(length)

/** Numbers rounded to a place's precision. */
export const roundedAt = (place: Place, values: ArrayLike<number>): Float =>
  place.precision === 'float64' ? new Float64Array(values) : new Float32Array(values)
