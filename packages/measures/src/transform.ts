import { mongeError, requireFinite } from '@monge/errors'
import { constant, tensorFrom } from '@monge/backend'
import { add, clone, matMul, mul, sub, tidy, transpose } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { atHomeOf } from './home.js'
import type { Measure } from './measure.js'
import { mean } from './moments.js'
import { share } from './with.js'

/**
 * The image measure `T#mu = sum_i weights_i δ(T(x_i))`, differentiable in weights and points.
 *
 * @param map from points `[n, d]` to points `[n, k]`, in tfjs operations; it runs where the measure lives
 * @throws DimensionMismatch if the map gives anything but n points
 */
export const pushforward =
  (map: (points: Tensor2D) => Tensor2D) =>
  (mu: Measure): Measure => {
    const points = atHomeOf(mu.points, () => tidy(() => checkedImage(map, mu.points)))
    return { weights: share(mu.weights), points }
  }

const checkedImage = (map: (points: Tensor2D) => Tensor2D, points: Tensor2D): Tensor2D => {
  const image = map(points)
  if (image.rank !== 2 || image.shape[0] !== points.shape[0])
    throw mongeError(
      'DimensionMismatch',
      'pushforward: map',
      `expected ${points.shape[0]} points [n, k], got a tensor of shape [${image.shape.join(', ')}]`,
    )
  // The map may give back a tensor that is not its own to give away, such as its argument.
  return clone(image)
}

/**
 * Every point moved by the vector: `x_i + t`.
 *
 * @param vector `[d]`
 * @throws DimensionMismatch if the vector has not d entries; InvalidOption if one is not finite
 */
export const translate = (vector: ArrayLike<number>): ((mu: Measure) => Measure) => {
  const shift = Float64Array.from(vector, (entry) => requireFinite('translate: vector', entry))
  return (mu) => {
    requireDimension('translate: vector', shift.length, mu)
    return pushforward((points) => add(points, tensorFrom(shift, [1, shift.length])))(mu)
  }
}

/**
 * Every point multiplied by the factor, about the origin: `factor x_i`. (For the weights, see `mixture`.)
 *
 * @throws InvalidOption if the factor is not finite
 */
export const scale = (factor: number): ((mu: Measure) => Measure) => {
  requireFinite('scale: factor', factor)
  return pushforward((points) => mul(points, constant(factor)))
}

/** A map `x -> matrix x + offset`. */
export interface Affine {
  /** `k` rows of `d` entries */
  readonly matrix: readonly ArrayLike<number>[]
  /** `[k]`; zero by default */
  readonly offset?: ArrayLike<number>
}

/**
 * The image under an affine map: points `A x_i + b`, `[n, k]`.
 *
 * @throws DimensionMismatch if the matrix has not d columns, or the offset not k entries; InvalidOption if an entry is
 *   not finite
 */
export const affine = ({ matrix, offset }: Affine): ((mu: Measure) => Measure) => {
  const rows = matrix.map((row) => Float64Array.from(row, (entry) => requireFinite('affine: matrix', entry)))
  const k = rows.length
  const shift = Float64Array.from(offset ?? new Float64Array(k), (entry) => requireFinite('affine: offset', entry))
  if (k === 0 || shift.length !== k)
    throw mongeError('DimensionMismatch', 'affine: offset', `expected ${k} entries (and some), got ${shift.length}`)
  return (mu) => {
    for (const row of rows) requireDimension('affine: matrix', row.length, mu)
    const entries = rows.flatMap((row) => Array.from(row))
    return pushforward((points) =>
      // Of the two ways to write A X^T, the one that is safe on webgl: see `covariance`.
      add(transpose(matMul(tensorFrom<Tensor2D>(entries, [k, points.shape[1]]), transpose(points))), tensorFrom(shift, [1, k])),
    )(mu)
  }
}

/** The measure moved so that its mean is zero. */
export const centre = (mu: Measure): Measure => {
  const points = atHomeOf(mu.points, () => tidy(() => sub<Tensor2D>(mu.points, mean(mu))))
  return { weights: share(mu.weights), points }
}

const requireDimension = (where: string, found: number, mu: Measure): void => {
  const d = mu.points.shape[1]
  if (found !== d) throw mongeError('DimensionMismatch', where, `expected ${d} entries for points of dimension ${d}, got ${found}`)
}
