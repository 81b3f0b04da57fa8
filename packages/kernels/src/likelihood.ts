import { add, log, maximum, mul, neg, sum, tidy } from '@tensorflow/tfjs-core'
import { constant } from '@monge/backend'
import { mongeError } from '@monge/errors'
import { envelopeTerm, lossAt, requireSameDimension } from '@monge/losses'
import type { Backend } from '@monge/backend'
import type { Loss } from '@monge/losses'
import type { Measure } from '@monge/measures'
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Kernel, KernelLogarithm } from './kernel.js'
import { embed } from './matrix.js'
import { kernelSum } from './sum.js'
import { withGeometry } from './with-geometry.js'

/**
 * The mean negative log-likelihood of the second measure's points under the first, smoothed by the kernel: `- sum_j b_j
 * log sum_i a_i k(x_i, y_j)`. It is one of a density if the kernel integrates to 1 and the first measure has mass 1.
 * Differentiable in points and weights of both.
 *
 * Kernels that know their logarithm are summed in the log domain, and no point is too far out for them. For others the
 * sum is taken to be no less than 1e-37, the least that float32 has, and is flat below.
 *
 * @throws InvalidArgument for a kernel that is but conditionally positive, as `energy()`; DimensionMismatch
 */
export const kernelLogLikelihood =
  (kernel: Kernel) =>
  <V>(backend: Backend<V>): Loss => {
    if (kernel.definiteness === 'conditional')
      throw mongeError('InvalidArgument', 'kernelLogLikelihood', `the kernel "${kernel.name}" is no density`)
    const { logarithm } = kernel
    return lossAt(backend, (mu, nu) => {
      requireSameDimension('kernelLogLikelihood', mu, nu)
      return tidy(() => {
        if (logarithm === undefined) {
          const density = maximum(kernelSum(kernel)(backend)(mu, nu.points), constant(1e-37))
          return neg(sum(mul(nu.weights, log(density))))
        }
        return inLogDomain(backend, logarithm, image(kernel, mu), image(kernel, nu))
      })
    })
  }

const image = (kernel: Kernel, { weights, points }: Measure): Measure => ({ weights, points: embed(kernel, points) })

/**
 * With `l_j = -log sum_i a_i exp(-c_ij / ε)` the gradients are means of those of the cost under the posterior `P_ij =
 * a_i exp(l_j - c_ij / ε)`: `dx_i = sum_j b_j P_ij ∇c / ε`, and `da_i = - sum_j b_j exp(l_j - c_ij / ε)`, which is
 * right for `a_i = 0` as well.
 */
const inLogDomain = <V>(backend: Backend<V>, logarithm: KernelLogarithm, mu: Measure, nu: Measure): Scalar => {
  const { vectors } = backend
  const { cost, epsilon, offset = 0 } = logarithm
  const logWeights = ({ weights }: Measure): V => vectors.logarithm(vectors.fromTensor(weights))
  const ones = (count: number): V => vectors.fromArray(new Float32Array(count).fill(1))
  const zeros = (count: number): V => vectors.fromArray(new Float32Array(count))
  const surprise = vectors.toTensor<Tensor1D>(
    vectors.scope(() =>
      withGeometry(backend, cost, nu.points, mu.points, (yx) =>
        vectors.linear([[1 / epsilon, yx.softmin(epsilon, logWeights(mu))]]),
      ),
    ),
    nu.weights.shape,
  )
  const total = (): Scalar =>
    vectors.dotTensor(vectors.fromTensor(nu.weights), vectors.linear([[1, vectors.fromTensor(surprise)]], -offset))
  const inMu = envelopeTerm({
    place: backend,
    measure: mu,
    value: total,
    saved: [surprise, nu.weights, nu.points],
    gradient: (measure, saved) => {
      const [kept, weights, points] = saved as [Tensor1D, Tensor1D, Tensor2D]
      const count = measure.weights.shape[0]
      return withGeometry(backend, cost, measure.points, points, (xy) => {
        const l = vectors.fromTensor(kept)
        const b = vectors.fromTensor(weights)
        const slopes = vectors.scope(() => ({
          weights: vectors.linear([[-1, xy.planSum(epsilon, zeros(count), l, b, 1)]]),
          points: vectors.linear([[1 / epsilon, xy.planGradient(epsilon, logWeights(measure), l, ones(count), b, 1)]]),
        }))
        return {
          weights: vectors.toTensor(slopes.weights, measure.weights.shape),
          points: vectors.toTensor(slopes.points, measure.points.shape),
        }
      })
    },
  })
  const inNu = envelopeTerm({
    place: backend,
    measure: nu,
    value: () => constant(0),
    saved: [surprise, mu.weights, mu.points],
    gradient: (measure, saved) => {
      const [kept, weights, points] = saved as [Tensor1D, Tensor1D, Tensor2D]
      return withGeometry(backend, cost, measure.points, points, (yx) => {
        const l = vectors.fromTensor(kept)
        const b = vectors.fromTensor(measure.weights)
        const slopes = vectors.scope(() => ({
          weights: vectors.linear([[1, l]], -offset),
          points: vectors.linear([
            [1 / epsilon, yx.planGradient(epsilon, l, logWeights({ weights, points }), b, ones(weights.shape[0]), 1)],
          ]),
        }))
        return {
          weights: vectors.toTensor(slopes.weights, measure.weights.shape),
          points: vectors.toTensor(slopes.points, measure.points.shape),
        }
      })
    },
  })
  return add(inMu, inNu)
}
