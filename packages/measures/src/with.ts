import { mongeError } from '@monge/errors'
import { clone, dispose } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { atHomeOf } from './home.js'
import type { Measure } from './measure.js'

/** The same weights on other points, `[n, d]` of any d; differentiable in both. The values are not checked. */
export const withPoints =
  (points: Tensor2D) =>
  (mu: Measure): Measure => {
    requireShape('withPoints', points, 2, mu)
    return { weights: share(mu.weights), points: share(points) }
  }

/** The same points with other weights, `[n]`; differentiable in both. The values are not checked. */
export const reweight =
  (weights: Tensor1D) =>
  (mu: Measure): Measure => {
    requireShape('reweight', weights, 1, mu)
    return { weights: share(weights), points: share(mu.points) }
  }

/** Frees the tensors of a measure. It must not be used afterwards. */
export const disposeMeasure = (mu: Measure): void => {
  dispose([mu.weights, mu.points])
}

/** Another reference to the tensor, so that two measures can share data and each be disposed of by itself. */
export const share = <T extends Tensor>(tensor: T): T => atHomeOf(tensor, () => clone(tensor))

const requireShape = (where: string, tensor: Tensor, rank: number, mu: Measure): void => {
  const n = mu.weights.shape[0]
  if (tensor.rank !== rank || tensor.shape[0] !== n)
    throw mongeError(
      'DimensionMismatch',
      where,
      `expected ${rank === 1 ? `[${n}]` : `[${n}, d]`}, got a tensor of shape [${tensor.shape.join(', ')}]`,
    )
}
