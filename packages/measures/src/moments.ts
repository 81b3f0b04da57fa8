import { requirePositive } from '@monge/errors'
import { add, div, expandDims, matMul, mul, sub, sum, tidy, transpose } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { atHomeOf } from './home.js'
import type { Measure } from './measure.js'
import { normPower } from './norm-power.js'

/*
 * Averages over a measure, `sum_i weights_i h(x_i) / sum_i weights_i`, as tensors that are differentiable in weights
 * and points.
 */

/** The mean point, `[d]`. */
export const mean = (mu: Measure): Tensor1D =>
  average(mu, (shares) => {
    const first = sum<Tensor2D>(mul(shares, mu.points), 0, true)
    // Far from the origin the first sum has lost digits; what is left of the mean after it is small and exact.
    const rest = sum<Tensor1D>(mul(shares, sub(mu.points, first)), 0)
    return add(sum<Tensor1D>(first, 0), rest)
  })

/** The covariance matrix `sum_i weights_i (x_i - m)(x_i - m)^T / sum_i weights_i` about the mean `m`, `[d, d]`. */
export const covariance = (mu: Measure): Tensor2D =>
  average(mu, (shares) => {
    const centred = sub<Tensor2D>(mu.points, mean(mu))
    // Transposed by itself: tfjs's webgl matMul adds up what its packed textures hold beyond an odd number of rows, which
    // a transpose leaves zero and a difference of broadcast tensors does not.
    return matMul(transpose(mul<Tensor2D>(shares, centred)), centred)
  })

/**
 * The moment about the origin `sum_i weights_i |x_i|^order / sum_i weights_i`; of `centre(mu)`, the central moment.
 * Its gradient at a point in the origin is taken as zero.
 *
 * @throws InvalidOption if the order is not above 0
 */
export const moment = (order: number): ((mu: Measure) => Scalar) => {
  requirePositive('moment: order', order)
  return (mu) => average(mu, (shares) => sum<Scalar>(mul(shares, normPower(order)(mu.points))))
}

const average = <T extends Tensor>(mu: Measure, body: (shares: Tensor2D) => T): T =>
  atHomeOf(mu.points, () => tidy(() => body(expandDims<Tensor2D>(div(mu.weights, sum(mu.weights)), 1))))
