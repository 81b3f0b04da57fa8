import { tidy } from '@tensorflow/tfjs-core'
import { pairwiseMatrix } from '@monge/costs'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Kernel } from './kernel.js'

/** The points that the kernel itself sees. */
export const embed = (kernel: Kernel, points: Tensor2D): Tensor2D => kernel.features?.(points) ?? points

/**
 * The kernel as a matrix: `k(x_i, y_j)`, `[n, d], [m, d] -> [n, m]`, for small problems and for show. Differentiable.
 *
 * @throws DimensionMismatch
 */
export const matrix =
  (kernel: Kernel) =>
  (x: Tensor2D, y: Tensor2D): Tensor2D =>
    tidy(() => pairwiseMatrix(kernel.pairwise)(embed(kernel, x), embed(kernel, y)))
