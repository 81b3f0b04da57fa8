import { mul, reshape, sum } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { requirePositive } from '@monge/errors'
import type { Backend } from '../backend.js'
import type { Pairwise } from '../pairwise.js'
import { reduction, requireLength, valuesEach } from './reduction.js'
import { withGradients } from './with-gradients.js'

/**
 * `sum_j P_ij v_jk`, `[n]` or `[n, k]`, with `P_ij = exp(p_i + q_j - c(x_i, y_j) / epsilon)`, for `x [n, d]`,
 * `y [m, d]`, `p [n]`, `q [m]` and `v [m]` or `[m, k]`.
 */
export type PlanSum = <T extends Tensor1D | Tensor2D>(x: Tensor2D, y: Tensor2D, p: Tensor1D, q: Tensor1D, v: T) => T

/**
 * The action of a transport plan in log-scalings, as tfjs-differentiable tensors, to first order.
 *
 * `r_ik = sum_j P_ij v_jk`, `P_ij = exp(p_i + q_j - c_ij / epsilon)`, and for an upstream gradient `G [n, k]`:
 * - in x: `-1/epsilon sum_j P_ij (G_i · v_j) dc/dx(x_i, y_j)`
 * - in y: `-1/epsilon sum_i P_ij (v_j · G_i) dc/dy(x_i, y_j)`
 * - in p: `G_i · r_i`
 * - in q: `v_j · sum_i P_ij G_i`
 * - in v: `sum_i P_ij G_ik`
 *
 * The derivative in the points is that at fixed scalings. Entries of `p` and `q` may be `emptyLogarithm`. No n-by-m
 * matrix is on the tape.
 *
 * @throws InvalidOption if epsilon is not above zero; DimensionMismatch
 */
export const planSum = (pairwise: Pairwise, epsilon: number): (<V>(backend: Backend<V>) => PlanSum) => {
  requirePositive('planSum: epsilon', epsilon)
  return <V>(backend: Backend<V>): PlanSum => {
    const on = reduction(backend, pairwise)
    const { vectors } = backend
    const slope = (gradient: V): V => vectors.linear([[-1 / epsilon, gradient]])
    return (x, y, p, q, v) => {
      requireLength('planSum: p', x.shape[0], p)
      requireLength('planSum: q', y.shape[0], q)
      const k = valuesEach('planSum: v', y.shape[0], v)
      type Inputs = readonly [Tensor2D, Tensor2D, Tensor1D, Tensor1D, typeof v]
      const pulledBack = (upstream: Tensor, [a, b, s, t, w]: Inputs): typeof v =>
        on(a, b)(w.shape, (geometry) =>
          geometry
            .transpose()
            .planSum(epsilon, vectors.fromTensor(t), vectors.fromTensor(s), vectors.fromTensor(upstream), k),
        )
      return withGradients<Inputs, typeof v>(
        backend,
        ([a, b, s, t, w]) =>
          on(a, b)([a.shape[0], ...w.shape.slice(1)], (geometry) =>
            geometry.planSum(epsilon, vectors.fromTensor(s), vectors.fromTensor(t), vectors.fromTensor(w), k),
          ),
        [
          (upstream, [a, b, s, t, w]) =>
            on(a, b)(a.shape, (geometry) =>
              slope(
                geometry.planGradient(
                  epsilon,
                  vectors.fromTensor(s),
                  vectors.fromTensor(t),
                  vectors.fromTensor(upstream),
                  vectors.fromTensor(w),
                  k,
                ),
              ),
            ),
          (upstream, [a, b, s, t, w]) =>
            on(a, b)(b.shape, (geometry) =>
              slope(
                geometry
                  .transpose()
                  .planGradient(
                    epsilon,
                    vectors.fromTensor(t),
                    vectors.fromTensor(s),
                    vectors.fromTensor(w),
                    vectors.fromTensor(upstream),
                    k,
                  ),
              ),
            ),
          (upstream, _inputs, value) => sumEach(mul(upstream, value)),
          (upstream, inputs) => sumEach(mul(inputs[4], pulledBack(upstream, inputs))),
          pulledBack,
        ],
      )([x, y, p, q, v])
    }
  }
}

// The values of each point summed: [n] or [n, k] to [n].
const sumEach = (values: Tensor): Tensor =>
  values.rank === 1 ? values : reshape(sum(values, 1), [values.shape[0] ?? 0])
