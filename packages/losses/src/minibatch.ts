import { customGrad, gather, mul, reshape, tensor1d } from '@tensorflow/tfjs-core'
import { tensorFrom } from '@monge/backend'
import { requireInteger } from '@monge/errors'
import { permutation, split, uniform } from '@monge/random'
import type { Measure } from '@monge/measures'
import type { Key } from '@monge/random'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { combine } from './combine.js'
import type { Loss } from './loss.js'

/**
 * The loss between random subsamples of at most `n` points of each measure, drawn with the key: the same key draws the
 * same points for as long as the weights stay the same, so take a new key for every step.
 *
 * Points are drawn in proportion to their weights, by systematic sampling in random order, each with the weight `mass /
 * n`: the mass is preserved exactly, the subsample is the measure in expectation, and equal weights are sampled without
 * replacement. A measure of no more than `n` points is taken whole. Differentiable in points and weights of both, the
 * gradients being those of the measure in expectation for a loss that is linear in it.
 *
 * @throws InvalidOption if n is not a whole number of at least 1
 */
export const minibatch = (key: Key, n: number): ((loss: Loss) => Loss) => {
  requireInteger(1)('minibatch: n', n)
  const [ofMu = key, ofNu = key] = split(2)(key)
  return (loss) => combine([loss], (mu, nu) => loss(subsample(ofMu, n, mu), subsample(ofNu, n, nu)))
}

const subsample = (key: Key, n: number, measure: Measure): Measure => {
  const { weights, points } = measure
  const size = weights.shape[0]
  if (size <= n) return measure
  const values = weights.dataSync()
  const { indices, share } = systematic(key, n, values)
  // Each weight is w / w times its share, so that the slope in w is that of an unbiased estimate.
  const slopes = tensorFrom<Tensor1D>(
    Array.from(indices, (i) => share / (values[i] ?? 1)),
    [n],
  )
  return {
    weights: mul(reshape(rows(reshape(weights, [size, 1]), indices), [n]), slopes),
    points: rows(points, indices),
  }
}

const systematic = (
  key: Key,
  n: number,
  weights: ArrayLike<number>,
): { readonly indices: Int32Array; readonly share: number } => {
  const [ofOrder = key, ofOffset = key] = split(2)(key)
  const order = permutation(weights.length)(ofOrder)
  const [offset = 0] = uniform({}, 1)(ofOffset)
  const mass = order.reduce((sum, i) => sum + (weights[i] ?? 0), 0)
  const share = mass / n
  const indices = new Int32Array(n)
  let position = 0
  let last = 0
  let passed = 0
  order.forEach((i) => {
    const weight = weights[i] ?? 0
    if (weight <= 0) return
    passed += weight
    last = i
    while (position < n && (position + offset) * share < passed) {
      indices[position] = i
      position += 1
    }
  })
  // Rounding may leave the last place beyond the last point.
  return { indices: indices.fill(last, position), share }
}

// tfjs's gather has a gradient that its wasm backend cannot compute; this one adds up on the host.
const rows = (points: Tensor2D, indices: Int32Array): Tensor2D =>
  customGrad((...inputs) => {
    const input = inputs[0] as Tensor2D
    return {
      value: gather(input, tensor1d(indices, 'int32')),
      gradFunc: (upstream) => scatter(upstream, indices, input.shape),
    }
  })(points) as Tensor2D

const scatter = (upstream: Tensor, indices: Int32Array, shape: readonly [number, number]): Tensor2D => {
  const columns = shape[1]
  const values = upstream.dataSync()
  const total = new Float64Array(shape[0] * columns)
  indices.forEach((index, i) => {
    for (let k = 0; k < columns; k += 1)
      total[index * columns + k] = (total[index * columns + k] ?? 0) + (values[i * columns + k] ?? 0)
  })
  return tensorFrom(total, shape)
}
