import { tensorFrom } from '@monge/backend'
import { div, matMul, reshape } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'

/*
 * A mixture cannot draw which component a point belongs to: that would have no gradient. Instead each component gets its
 * share of the points, as even as can be, and its weight is shared by them.
 */

/** The component of each of `n` points: the first ones of the first component, and so on. */
export const componentsOf = (n: number, components: number): Int32Array =>
  Int32Array.from({ length: n }, (_, i) => Math.floor((i * components) / n))

/** Which point belongs to which component, as ones and zeros: `[n, components]`. */
export const membership = (n: number, components: number): Tensor2D => {
  const values = new Float32Array(n * components)
  componentsOf(n, components).forEach((component, i) => {
    values[i * components + component] = 1
  })
  return tensorFrom(values, [n, components])
}

/** The weights of points `[n]` from those of components `[components]`, each shared evenly by its points. */
export const sharedWeights = (belongs: Tensor2D, weights: Tensor): Tensor1D => {
  const [n, components] = belongs.shape
  const counts = new Float64Array(components)
  componentsOf(n, components).forEach((component) => {
    counts[component] = (counts[component] ?? 0) + 1
  })
  const each = div(weights, tensorFrom<Tensor1D>(counts, [components]))
  return reshape(matMul(belongs, reshape(each, [components, 1])), [n])
}
