import { abs, add, cast, div, equal, greater, max, mul, sqrt, sum, zerosLike } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import type { Cost } from './cost.js'
import { detached } from './detached.js'
import { halfSquaredEuclidean } from './euclidean.js'
import { pullback } from './pullback.js'

// The largest coordinate is divided out first, lest the squares of tiny or huge ones leave the number format. What is
// on the sphere does not depend on it.
const onSphere = (points: Tensor2D): Tensor2D => {
  const moderate = div(points, largest(points))
  const length = sqrt(detachedOrOne(sum(mul(moderate, moderate), -1, true)))
  return mul(div(moderate, length), isNonZero(points))
}

const orOne = (x: Tensor): Tensor => add(x, cast(equal(x, zerosLike(x)), 'float32'))

const largest = detached((points) => orOne(max(abs(points), -1, true)))

const isNonZero = detached((points) => {
  const sizes = max(abs(points), -1, true)
  return cast(greater(sizes, zerosLike(sizes)), 'float32')
})

const detachedOrOne = (x: Tensor): Tensor =>
  add(x, detached((squares) => cast(equal(squares, zerosLike(squares)), 'float32'))(x))

/**
 * `1 - <x, y> / (|x| |y|)`, which is half the squared distance of the points on the unit sphere. A zero vector has no
 * direction: it stays zero, has cost 1/2 to any other, and a zero gradient. Not a metric, even on the sphere.
 */
export const cosine: Cost = {
  ...pullback(onSphere)(halfSquaredEuclidean),
  name: 'cosine',
  degree: 0,
}
