import { clone, transpose } from '@tensorflow/tfjs-core'
import { mongeError } from '@monge/errors'
import { differentiate, tensorFrom, untaped } from '@monge/backend'
import type { Place } from '@monge/backend'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { rowsOf } from './cloud.js'
import type { Cloud } from './cloud.js'
import type { Entries } from './entries.js'

type TensorFunction = (x: Tensor2D, y: Tensor2D) => Tensor2D

/** Entries by a user's function of tensors, and their derivatives by tfjs's tape, all in float64. */
export const functionEntries = (value: TensorFunction, place: Place): ((x: Cloud, y: Cloud) => Entries) => {
  const between = (x: Cloud, y: Cloud, apply: TensorFunction): Entries => ({
    rows: x.count,
    columns: y.count,
    dimension: x.dimension,
    block: (start, count) => read(place, () => apply(tensorOf(rowsOf(x, start, count)), tensorOf(y))),
    slopes: (start, count, weights) => {
      const rows = rowsOf(x, start, count)
      const result = tapedSlopes(apply, place, rows, y, weights)
      for (let i = 0; i < count; i++) {
        const own = result.subarray(i * x.dimension, (i + 1) * x.dimension)
        if (own.every(Number.isFinite)) continue
        const row = weights.subarray(i * y.count, (i + 1) * y.count)
        own.set(finiteSlopes(apply, place, rowsOf(rows, i, 1), y, row))
      }
      return result
    },
    transpose: () => between(y, x, (q, p) => transpose(apply(p, q))),
  })
  return (x, y) => between(x, y, requiringShape(value))
}

const requiringShape =
  (value: TensorFunction): TensorFunction =>
  (x, y) => {
    const result = value(x, y)
    const expected = [x.shape[0], y.shape[0]].join()
    if (result.shape.join() !== expected)
      throw mongeError(
        'DimensionMismatch',
        'geometry: function',
        `expected it to return [${expected}], got [${result.shape.join()}]`,
      )
    return result
  }

/** `sum_j w_ij dc/dx(x_i, y_j)`, `[n, d]` */
const tapedSlopes = (apply: TensorFunction, place: Place, x: Cloud, y: Cloud, weights: Float64Array): Float64Array =>
  read(place, () => {
    const matrix = tensorFrom<Tensor2D>(weights, [x.count, y.count])
    const others = tensorOf(y)
    return differentiate((points: Tensor2D) => apply(points, others), tensorOf(x), matrix)
  })

/**
 * The same for one point, leaving out every `y_j` at which the derivative is not finite. The tape adds such a term to
 * the others, so it is found by halving.
 */
const finiteSlopes = (apply: TensorFunction, place: Place, x: Cloud, y: Cloud, weights: Float64Array): Float64Array => {
  const together = tapedSlopes(apply, place, x, y, weights)
  if (together.every(Number.isFinite)) return together
  if (y.count === 1) return new Float64Array(x.dimension)
  const middle = y.count >> 1
  const left = finiteSlopes(apply, place, x, rowsOf(y, 0, middle), weights.subarray(0, middle))
  const right = finiteSlopes(apply, place, x, rowsOf(y, middle, y.count - middle), weights.subarray(middle))
  return left.map((slope, k) => slope + right[k])
}

const tensorOf = (cloud: Cloud): Tensor2D => tensorFrom(cloud.values, [cloud.count, cloud.dimension])

/** Runs a computation at the place and reads its result, leaving no tensor behind. */
const read = (place: Place, compute: () => Tensor): Float64Array =>
  place.within(() => {
    // A clone, because the user's function may return a tensor that it keeps.
    const result = untaped(() => clone(compute()))
    const values = new Float64Array(result.dataSync())
    result.dispose()
    return values
  })
