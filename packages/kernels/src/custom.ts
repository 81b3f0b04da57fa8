import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import type { Definiteness, Kernel } from './kernel.js'

/**
 * A user's radial kernel, as an elementwise tfjs-differentiable function of the squared distance `s = |x - y|²`. Its
 * gradient is taken to be zero at coinciding points.
 */
export const radial = (name: string, value: (s: Tensor) => Tensor, definiteness: Definiteness = 'unknown'): Kernel => ({
  name,
  pairwise: { tag: 'radial', profile: { tag: 'custom', value } },
  definiteness,
})

/**
 * A user's kernel: a symmetric tfjs-differentiable function of two blocks of points, `[n, d], [m, d] -> [n, m]`.
 * Backends call it on blocks of both clouds and differentiate it there.
 */
export const fromFunction = (
  name: string,
  value: (x: Tensor2D, y: Tensor2D) => Tensor2D,
  definiteness: Definiteness = 'unknown',
): Kernel => ({ name, pairwise: { tag: 'function', value }, definiteness })
