import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Profile } from './profile.js'

/**
 * A function of two points as a backend needs to know it: what costs and kernels have in common.
 *
 * - `radial`: a profile of `|x - y|²`
 * - `lp`: `scale (sum_k |x_k - y_k|^order)^exponent`
 * - `function`: a user's tfjs-differentiable function of blocks of points, `[n, d], [m, d] -> [n, m]`
 * - `matrix`: given entries `[n, m]`, whatever the points
 */
export type Pairwise =
  | { readonly tag: 'radial'; readonly profile: Profile }
  | { readonly tag: 'lp'; readonly order: number; readonly exponent: number; readonly scale: number }
  | { readonly tag: 'function'; readonly value: (x: Tensor2D, y: Tensor2D) => Tensor2D }
  | { readonly tag: 'matrix'; readonly entries: Tensor2D }
