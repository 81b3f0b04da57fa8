import { broadcastTo, concat, expandDims, mul, reshape, slice, sub, sum } from '@tensorflow/tfjs-core'
import { constant } from '@monge/backend'
import { mongeError } from '@monge/errors'
import type { Pairwise } from '@monge/backend'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { absolute, power } from './powers.js'
import { profileTensor } from './profile-tensor.js'

/*
 * A pairwise function as plain differentiable tensor operations, for what is small enough to be written down whole.
 * Reductions over large clouds are the business of a backend's geometry.
 */

/** `c(x_i, y_j)`, `[n, d], [m, d] -> [n, m]`. It takes memory for `n m d` numbers. */
export const pairwiseMatrix =
  (pairwise: Pairwise) =>
  (x: Tensor2D, y: Tensor2D): Tensor2D => {
    switch (pairwise.tag) {
      case 'matrix':
        requireSize(pairwise.entries, x, y)
        return mul(pairwise.entries, constant(1))
      case 'function':
        return pairwise.value(x, y)
      default:
        requireSameDimension(x, y)
        return ofDifference(pairwise)(sub(expandDims(x, 1), expandDims(y, 0))) as Tensor2D
    }
  }

/** `c(x_i, y_i)`, `[n, d], [n, d] -> [n]`. A `function` is called once for each row. */
export const pairwiseRows =
  (pairwise: Pairwise) =>
  (x: Tensor2D, y: Tensor2D): Tensor1D => {
    if (x.shape[0] !== y.shape[0])
      throw mongeError('DimensionMismatch', 'evaluate', `${x.shape[0]} points against ${y.shape[0]}: row by row`)
    const rows = x.shape[0]
    switch (pairwise.tag) {
      case 'matrix': {
        requireSize(pairwise.entries, x, y)
        // Entry (i, i) of an n-by-n matrix is every (n + 1)th in row-major order.
        const padded = concat([reshape(pairwise.entries, [rows * rows]), broadcastTo(constant(0), [rows])])
        return reshape(slice(reshape(padded, [rows, rows + 1]), [0, 0], [rows, 1]), [rows])
      }
      case 'function': {
        const row = (points: Tensor2D, i: number): Tensor2D => slice(points, [i, 0], [1, -1])
        return concat(Array.from({ length: rows }, (_, i) => reshape(pairwise.value(row(x, i), row(y, i)), [1])))
      }
      default:
        requireSameDimension(x, y)
        return ofDifference(pairwise)(sub(x, y)) as Tensor1D
    }
  }

/** `h(z)`, `[..., d] -> [...]`, for a function `c(x, y) = h(x - y)` of the difference. */
const ofDifference =
  (pairwise: Extract<Pairwise, { tag: 'radial' | 'lp' }>) =>
  (z: Tensor): Tensor =>
    pairwise.tag === 'radial'
      ? profileTensor(pairwise.profile)(sum(mul(z, z), -1))
      : mul(constant(pairwise.scale), power(sum(power(absolute(z), pairwise.order), -1), pairwise.exponent))

const requireSameDimension = (x: Tensor2D, y: Tensor2D): void => {
  if (x.shape[1] !== y.shape[1])
    throw mongeError('DimensionMismatch', 'cost', `points of dimension ${x.shape[1]} and ${y.shape[1]}`)
}

const requireSize = (entries: Tensor2D, x: Tensor2D, y: Tensor2D): void => {
  if (entries.shape[0] !== x.shape[0] || entries.shape[1] !== y.shape[0])
    throw mongeError(
      'DimensionMismatch',
      'fromMatrix',
      `a matrix of shape [${entries.shape.join(', ')}] for ${x.shape[0]} and ${y.shape[0]} points`,
    )
}
