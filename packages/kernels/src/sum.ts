import { tidy } from '@tensorflow/tfjs-core'
import { kernelSum as pairwiseSum } from '@monge/backend'
import { requireSameDimension } from '@monge/losses'
import type { Backend } from '@monge/backend'
import type { Measure } from '@monge/measures'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Kernel } from './kernel.js'
import { embed } from './matrix.js'

/**
 * The smooth field that a measure casts through a kernel: `sum_j b_j k(x_i, y_j)` for `mu = sum_j b_j δ(y_j)`, `[n]` at
 * the points `x [n, d]`. Differentiable in the points and in the measure's weights and points, each at the cost of one
 * more reduction and only if it is asked for.
 *
 * @throws DimensionMismatch
 */
export const kernelSum =
  (kernel: Kernel) =>
  <V>(backend: Backend<V>) =>
  (mu: Measure, x: Tensor2D): Tensor1D => {
    requireSameDimension('kernelSum', mu, { weights: mu.weights, points: x })
    return backend.within(() =>
      tidy(() => pairwiseSum(kernel.pairwise)(backend)(embed(kernel, x), embed(kernel, mu.points), mu.weights)),
    )
  }
