import { requireInteger } from '@monge/errors'
import type { Key } from './key.js'
import { normalDraw } from './normal.js'
import { streamOf } from './stream.js'

/**
 * Unit vectors, spread evenly over the sphere: normal vectors over their norms.
 *
 * @returns `[count, dimension]`, row-major
 * @throws InvalidOption if the count is not a whole number or the dimension is not one of at least 1
 */
export const directions =
  (count: number, dimension: number) =>
  (key: Key): Float64Array => {
    requireInteger(0)('directions: count', count)
    requireInteger(1)('directions: dimension', dimension)
    const next = normalDraw(streamOf('directions', key))
    const vectors = new Float64Array(count * dimension)
    for (let row = 0; row < count; row++) {
      const vector = vectors.subarray(row * dimension, (row + 1) * dimension)
      let squares = 0
      for (let axis = 0; axis < dimension; axis++) {
        const value = next()
        vector[axis] = value
        squares += value * value
      }
      const norm = Math.sqrt(squares)
      for (let axis = 0; axis < dimension; axis++) vector[axis] = (vector[axis] ?? 0) / norm
    }
    return vectors
  }
