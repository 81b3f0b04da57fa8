import { mongeError, requireNonNegative } from '@monge/errors'
import { constant } from '@monge/backend'
import { clone, concat, div, expandDims, mul, reshape, sum as total, tidy, tile } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { atHomeOf } from './home.js'
import type { Measure } from './measure.js'

/**
 * `sum_k coefficients_k mu_k`: all points one after the other, weights multiplied by the coefficient of their measure;
 * differentiable in all of them. With one measure it multiplies its mass.
 *
 * @param coefficients non-negative, not all zero; where they sum to 1 and every measure has mass 1, so has the mixture
 * @throws InvalidOption if a coefficient is negative, not finite, or all are zero; InvalidArgument if there are not as
 *   many measures as coefficients; DimensionMismatch if the measures live in different dimensions
 */
export const mixture = (coefficients: readonly number[]): ((measures: readonly Measure[]) => Measure) => {
  for (const coefficient of coefficients) requireNonNegative('mixture: coefficients', coefficient)
  if (!coefficients.some((coefficient) => coefficient > 0))
    throw mongeError('InvalidOption', 'mixture: coefficients', 'expected one above 0')
  return (measures) => {
    const [first] = measures
    if (first === undefined || measures.length !== coefficients.length)
      throw mongeError(
        'InvalidArgument',
        'mixture',
        `expected ${coefficients.length} measures, one for each coefficient, got ${measures.length}`,
      )
    requireSameDimension('mixture', first, measures)
    return atHomeOf(first.points, () =>
      tidy(() => ({
        weights: concat(measures.map((mu, k) => mul<Tensor1D>(mu.weights, constant(coefficients[k] ?? 0)))),
        points: concat(measures.map((mu) => mu.points)),
      })),
    )
  }
}

/**
 * The sum of measures; their masses add.
 *
 * @throws InvalidArgument if there are none; DimensionMismatch if they live in different dimensions
 */
export const sum = (measures: readonly Measure[]): Measure => {
  if (measures.length === 0) throw mongeError('InvalidArgument', 'sum', 'expected at least one measure')
  return mixture(measures.map(() => 1))(measures)
}

/**
 * The product measure `mu ⊗ nu` on all pairs: points `(x_i, y_j)` in row `i m + j`, `[n m, d + k]`, of weight
 * `a_i b_j`; differentiable in both.
 *
 * @param nu the second factor, `m` points of dimension `k`
 */
export const product =
  (nu: Measure) =>
  (mu: Measure): Measure =>
    atHomeOf(mu.points, () =>
      tidy(() => {
        const [n, d] = mu.points.shape
        const [m, k] = nu.points.shape
        const weights = mul(expandDims<Tensor2D>(mu.weights, 1), expandDims<Tensor2D>(nu.weights, 0))
        const first = tile(reshape(mu.points, [n, 1, d]), [1, m, 1])
        const second = tile(reshape(nu.points, [1, m, k]), [n, 1, 1])
        return {
          weights: reshape(weights, [n * m]) as Tensor1D,
          points: reshape(concat([first, second], 2), [n * m, d + k]) as Tensor2D,
        }
      }),
    )

/** The measure over its mass: its weights sum to 1. Differentiable. */
export const normalise = (mu: Measure): Measure =>
  atHomeOf(mu.points, () =>
    tidy(() => ({ weights: div<Tensor1D>(mu.weights, total(mu.weights)), points: clone(mu.points) })),
  )

/** Refuses measures of different dimensions. */
export const requireSameDimension = (where: string, first: Measure, measures: readonly Measure[]): void => {
  const d = first.points.shape[1]
  const other = measures.find((mu) => mu.points.shape[1] !== d)
  if (other !== undefined)
    throw mongeError('DimensionMismatch', where, `points of dimension ${d} and of dimension ${other.points.shape[1]}`)
}
