import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Kernel } from './kernel.js'

/**
 * `k(features(x), features(y))` for a tfjs-differentiable map of points `[n, d] -> [n, k]`. As definite as `k`.
 */
export const pullback =
  (features: (points: Tensor2D) => Tensor2D) =>
  (kernel: Kernel): Kernel => {
    const inner = kernel.features
    return {
      ...kernel,
      name: `pullback of ${kernel.name}`,
      features: inner === undefined ? features : (points) => inner(features(points)),
    }
  }
