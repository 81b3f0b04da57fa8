import type { Place } from '@monge/backend'
import { mongeError, requireFinite, requireKnownKeys } from '@monge/errors'
import { gaussianMover, withMover } from '../engine/moves.js'
import type { HostField, Potential } from '../potential.js'
import { factorise } from '../symmetric.js'
import type { Factor, Symmetric } from '../symmetric.js'
import { fromLoops } from './from-loops.js'

/** A Gaussian distribution. */
export interface GaussianOptions {
  /** `[d]` */
  readonly mean: readonly number[]
  /** The variance, the variances `[d]`, or the covariance `[d, d]`; 1 by default. */
  readonly covariance?: Symmetric
}

/**
 * The potential of a Gaussian: `V(x) = ½ (x - m)ᵀ C⁻¹ (x - m) + ½ log det(2π C)`, so that `exp(-V)` has mass 1.
 *
 * @throws InvalidOption, unless the covariance is symmetric and positive definite
 */
export const gaussian = (options: GaussianOptions): ((place: Place) => Potential) => {
  requireKnownKeys(['mean', 'covariance'])('gaussian', options)
  const mean = requireVector('gaussian: mean', options.mean)
  const factor = factorise('gaussian: covariance', options.covariance ?? 1, mean.length)
  const constant = 0.5 * (factor.logDeterminant + mean.length * Math.log(2 * Math.PI))
  const onHost = factor.lower === undefined ? diagonalField(mean, factor, constant) : fullField(mean, factor, constant)
  return fromLoops({ name: 'gaussian', dimension: mean.length, onHost })
}

/** Checks and copies a vector. */
export const requireVector = (where: string, vector: readonly number[]): Float64Array => {
  if (!Array.isArray(vector) || vector.length === 0) throw mongeError('InvalidOption', where, 'expected numbers')
  return Float64Array.from(vector, (value: number) => requireFinite(where, value))
}

const diagonalField = (mean: Float64Array, { inverse }: Factor, constant: number): HostField =>
  withMover(gaussianMover(mean, inverse), (points: Float64Array, d, gradient, value) => {
    for (let axis = 0; axis < d; axis++) {
      const [m, precision] = [mean[axis] as number, inverse[axis] as number]
      for (let i = axis; i < points.length; i += d) gradient[i] = ((points[i] as number) - m) * precision
    }
    if (value === undefined) return
    for (let row = 0, i = 0; row < value.length; row++) {
      let sum = 0
      for (let axis = 0; axis < d; axis++, i++) sum += (gradient[i] as number) * ((points[i] as number) - (mean[axis] as number))
      value[row] = 0.5 * sum + constant
    }
  })

const fullField =
  (mean: Float64Array, { inverse }: Factor, constant: number): HostField =>
  (points, d, gradient, value) => {
    const offset = new Float64Array(d)
    for (let start = 0, row = 0; start < points.length; start += d, row++) {
      for (let axis = 0; axis < d; axis++) offset[axis] = (points[start + axis] as number) - (mean[axis] as number)
      let square = 0
      for (let axis = 0; axis < d; axis++) {
        let sum = 0
        for (let k = 0; k < d; k++) sum += (inverse[axis * d + k] as number) * (offset[k] as number)
        gradient[start + axis] = sum
        square += sum * (offset[axis] as number)
      }
      if (value !== undefined) value[row] = 0.5 * square + constant
    }
  }
