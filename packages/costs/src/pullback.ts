import type { Cost } from './cost.js'
import type { Tensor2D } from '@tensorflow/tfjs-core'

/**
 * `c(features(x), features(y))` for a tfjs-differentiable map of points `[n, d] -> [n, k]`. A pullback along `g` of a
 * pullback along `f` is the pullback along `f ∘ g`. Of what a cost knows of itself only its symmetry survives.
 */
export const pullback =
  (features: (points: Tensor2D) => Tensor2D) =>
  (cost: Cost): Cost => {
    const inner = cost.features
    return {
      name: `pullback of ${cost.name}`,
      pairwise: cost.pairwise,
      features: inner === undefined ? features : (points) => inner(features(points)),
      symmetric: cost.symmetric,
      translationInvariant: false,
      metric: false,
    }
  }
