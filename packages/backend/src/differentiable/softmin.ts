import { onesLike } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { requirePositive } from '@monge/errors'
import type { Backend } from '../backend.js'
import type { Pairwise } from '../pairwise.js'
import { reduction, requireLength } from './reduction.js'
import { withGradients } from './with-gradients.js'

/** `-epsilon log sum_j exp(q_j - c(x_i, y_j) / epsilon)`, `[n]`, for `x [n, d]`, `y [m, d]`, `q [m]`. */
export type Softmin = (x: Tensor2D, y: Tensor2D, q: Tensor1D) => Tensor1D

/**
 * The soft minimum of a function of two points over one cloud, as tfjs-differentiable tensors, to first order.
 *
 * `f_i = -epsilon log sum_j exp(q_j - c_ij / epsilon)`. With the shares `S_ij = exp(f_i / epsilon + q_j - c_ij /
 * epsilon)`, whose rows sum to one, and for an upstream gradient `G [n]`:
 * - in x: `G_i sum_j S_ij dc/dx(x_i, y_j)`
 * - in y: `sum_i G_i S_ij dc/dy(x_i, y_j)`
 * - in q: `-epsilon sum_i G_i S_ij`
 *
 * `epsilon` is in units of `c`; entries of `q` may be `emptyLogarithm`. No n-by-m matrix is on the tape.
 *
 * @throws InvalidOption if epsilon is not above zero; DimensionMismatch
 */
export const softmin = (pairwise: Pairwise, epsilon: number): (<V>(backend: Backend<V>) => Softmin) => {
  requirePositive('softmin: epsilon', epsilon)
  return (backend) => {
    const on = reduction(backend, pairwise)
    const { vectors } = backend
    type Inputs = readonly [Tensor2D, Tensor2D, Tensor1D]
    // The log-scaling that makes shares of the rows.
    const scaling = (f: Tensor1D) => vectors.linear([[1 / epsilon, vectors.fromTensor(f)]])
    const evaluate = withGradients<Inputs, Tensor1D>(
      backend,
      ([x, y, q]) => on(x, y)([x.shape[0]], (geometry) => geometry.softmin(epsilon, vectors.fromTensor(q))),
      [
        (upstream, [x, y, q], f) =>
          on(x, y)(x.shape, (geometry) =>
            geometry.planGradient(
              epsilon,
              scaling(f),
              vectors.fromTensor(q),
              vectors.fromTensor(upstream),
              vectors.fromTensor(onesLike(q)),
              1,
            ),
          ),
        (upstream, [x, y, q], f) =>
          on(x, y)(y.shape, (geometry) =>
            geometry
              .transpose()
              .planGradient(
                epsilon,
                vectors.fromTensor(q),
                scaling(f),
                vectors.fromTensor(onesLike(q)),
                vectors.fromTensor(upstream),
                1,
              ),
          ),
        (upstream, [x, y, q], f) =>
          on(x, y)(q.shape, (geometry) =>
            vectors.linear([
              [
                -epsilon,
                geometry
                  .transpose()
                  .planSum(epsilon, vectors.fromTensor(q), scaling(f), vectors.fromTensor(upstream), 1),
              ],
            ]),
          ),
      ],
    )
    return (x, y, q) => {
      requireLength('softmin: q', y.shape[0], q)
      return evaluate([x, y, q])
    }
  }
}
