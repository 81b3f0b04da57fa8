import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Backend } from '../backend.js'
import type { Pairwise } from '../pairwise.js'
import { reduction, valuesEach } from './reduction.js'
import { withGradients } from './with-gradients.js'

/** `sum_j c(x_i, y_j) v_jk`, for `x [n, d]`, `y [m, d]` and `v [m]` or `[m, k]`: `[n]` or `[n, k]`. */
export type KernelSum = <T extends Tensor1D | Tensor2D>(x: Tensor2D, y: Tensor2D, v: T) => T

/**
 * The sum of a function of two points over one cloud, as tfjs-differentiable tensors, to first order.
 *
 * `r_ik = sum_j c(x_i, y_j) v_jk`, and for an upstream gradient `G [n, k]`:
 * - in x: `sum_j (G_i · v_j) dc/dx(x_i, y_j)`
 * - in y: `sum_i (v_j · G_i) dc/dy(x_i, y_j)`
 * - in v: `sum_i c(x_i, y_j) G_ik`
 *
 * No n-by-m matrix is on the tape. Derivatives that are infinite at coinciding points count as zero.
 *
 * @throws DimensionMismatch
 */
export const kernelSum =
  (pairwise: Pairwise) =>
  <V>(backend: Backend<V>): KernelSum =>
  (x, y, v) => {
    const k = valuesEach('kernelSum: v', y.shape[0], v)
    const on = reduction(backend, pairwise)
    const { vectors } = backend
    type Inputs = readonly [Tensor2D, Tensor2D, typeof v]
    return withGradients<Inputs, typeof v>(
      backend,
      ([a, b, w]) => on(a, b)([a.shape[0], ...w.shape.slice(1)], (geometry) => geometry.sum(vectors.fromTensor(w), k)),
      [
        (upstream, [a, b, w]) =>
          on(a, b)(a.shape, (geometry) => geometry.sumGradient(vectors.fromTensor(upstream), vectors.fromTensor(w), k)),
        (upstream, [a, b, w]) =>
          on(a, b)(b.shape, (geometry) =>
            geometry.transpose().sumGradient(vectors.fromTensor(w), vectors.fromTensor(upstream), k),
          ),
        (upstream, [a, b, w]) =>
          on(a, b)(w.shape, (geometry) => geometry.transpose().sum(vectors.fromTensor(upstream), k)),
      ],
    )([x, y, v])
  }
