import { requireNonNegative } from '@monge/errors'
import type { Measure } from './measure.js'
import { toTyped } from './reading.js'

/**
 * Whether two measures have the same points with the same weights, in the same order. Coordinates may differ by
 * `tolerance` times the largest of them all, weights by `tolerance` times the largest weight.
 *
 * @param tolerance relative, 0 (exact) by default
 * @throws InvalidOption if the tolerance is negative or not finite
 */
export const equals = (nu: Measure, tolerance: number = 0): ((mu: Measure) => boolean) => {
  requireNonNegative('equals: tolerance', tolerance)
  return (mu) => {
    const [left, right] = [toTyped(mu), toTyped(nu)]
    return (
      left.n === right.n &&
      left.d === right.d &&
      close(tolerance, left.points, right.points) &&
      close(tolerance, left.weights, right.weights)
    )
  }
}

const close = (tolerance: number, left: ArrayLike<number>, right: ArrayLike<number>): boolean => {
  let largest = 0
  let farthest = 0
  for (let index = 0; index < left.length; index++) {
    const [a, b] = [left[index] ?? NaN, right[index] ?? NaN]
    largest = Math.max(largest, Math.abs(a), Math.abs(b))
    farthest = Math.max(farthest, Math.abs(a - b))
  }
  return farthest <= tolerance * largest
}
