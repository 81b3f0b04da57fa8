import { add, mul, tidy } from '@tensorflow/tfjs-core'
import { constant } from '@monge/backend'
import { envelopeTerm, lossAt, requireSameDimension, scale, squareRoot } from '@monge/losses'
import type { Backend, Pairwise } from '@monge/backend'
import type { Loss } from '@monge/losses'
import type { Measure } from '@monge/measures'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Kernel } from './kernel.js'
import { embed } from './matrix.js'
import { withGeometry } from './with-geometry.js'

/**
 * The kernel norm `½ <α - β, k ⋆ (α - β)>`, GeomLoss's kernel loss: half the squared maximum mean discrepancy (Gretton
 * et al., A kernel two-sample test, 2012). With `energy()` it is half the energy distance. Not below zero for a
 * positive kernel, nor for a conditional one between measures of equal mass.
 *
 * It is worked out from the fields `F = k ⋆ (α - β)` on both clouds, `½ <α, F> - ½ <β, F>`, so that large sums cancel
 * point by point; of measures that agree in the same order it is exactly zero.
 *
 * @throws DimensionMismatch
 */
export const kernelNorm =
  (kernel: Kernel) =>
  <V>(backend: Backend<V>): Loss =>
    lossAt(backend, (mu, nu) => {
      requireSameDimension('kernelNorm', mu, nu)
      return tidy(() => {
        const [alpha, beta] = [image(kernel, mu), image(kernel, nu)]
        return add(halfNorm(backend, kernel.pairwise, alpha, beta), halfNorm(backend, kernel.pairwise, beta, alpha))
      })
    })

/**
 * `<α - β, k ⋆ (α - β)>`: the squared maximum mean discrepancy, twice the kernel norm.
 *
 * @throws DimensionMismatch
 */
export const squaredMmd =
  (kernel: Kernel) =>
  <V>(backend: Backend<V>): Loss =>
    scale(2)(kernelNorm(kernel)(backend))

/**
 * The maximum mean discrepancy `sqrt(<α - β, k ⋆ (α - β)>)`, a distance if the kernel is characteristic. Where the
 * measures agree it has no gradient, and zero is returned. The root magnifies rounding: in float32, of measures that
 * agree but for the order of their points it is about 1e-4 rather than zero.
 *
 * @throws DimensionMismatch
 */
export const mmd =
  (kernel: Kernel) =>
  <V>(backend: Backend<V>): Loss =>
    squareRoot(squaredMmd(kernel)(backend))

const image = (kernel: Kernel, { weights, points }: Measure): Measure => ({ weights, points: embed(kernel, points) })

/** `½ <α, F>` in value, with the gradient in α of the whole norm: `F` in the weights, `α_i ∇F(x_i)` in the points. */
const halfNorm = <V>(backend: Backend<V>, pairwise: Pairwise, alpha: Measure, beta: Measure): Scalar => {
  const { vectors } = backend
  const field = vectors.toTensor<Tensor1D>(
    vectors.scope(() => difference(backend, pairwise, alpha, beta)),
    alpha.weights.shape,
  )
  return envelopeTerm({
    place: backend,
    measure: alpha,
    value: () => {
      const product = vectors.dotTensor(vectors.fromTensor(alpha.weights), vectors.fromTensor(field))
      return mul(product, constant(0.5))
    },
    saved: [field, beta.weights, beta.points],
    gradient: (measure, saved) => {
      const [slope, weights, points] = saved as [Tensor1D, Tensor1D, Tensor2D]
      const slopes = vectors.scope(() => differenceGradient(backend, pairwise, measure, { weights, points }))
      return { weights: slope, points: vectors.toTensor(slopes, measure.points.shape) }
    },
  })
}

/** `F_i = sum_j a_j k(x_i, x_j) - sum_j b_j k(x_i, y_j)`, `[n]` */
const difference = <V>(backend: Backend<V>, pairwise: Pairwise, alpha: Measure, beta: Measure): V => {
  const { vectors } = backend
  const field = ({ weights, points }: Measure): V =>
    withGeometry(backend, pairwise, alpha.points, points, (geometry) => geometry.sum(vectors.fromTensor(weights), 1))
  return vectors.linear([
    [1, field(alpha)],
    [-1, field(beta)],
  ])
}

/** `a_i (sum_j a_j ∇k(x_i, x_j) - sum_j b_j ∇k(x_i, y_j))`, `[n, d]` */
const differenceGradient = <V>(backend: Backend<V>, pairwise: Pairwise, alpha: Measure, beta: Measure): V => {
  const { vectors } = backend
  const flat = (tensor: Tensor): V => vectors.fromTensor(tensor)
  const slopes = ({ weights, points }: Measure): V =>
    withGeometry(backend, pairwise, alpha.points, points, (geometry) =>
      geometry.sumGradient(flat(alpha.weights), flat(weights), 1),
    )
  return vectors.linear([
    [1, slopes(alpha)],
    [-1, slopes(beta)],
  ])
}
