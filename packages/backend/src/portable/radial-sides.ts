import { add, clone, keep, mean, mul, sub, tidy } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Precision } from '../place.js'
import type { Profile } from '../profile.js'
import type { Dialect } from './dialect.js'
import { rowsOf, squaredByDifferences, squaredByProduct, weighByProduct, weighDifferences } from './points.js'
import type { Rows, Sides } from './rows.js'
import { scaled, tensorProfile } from './tensor-profile.js'
import type { TensorProfile } from './tensor-profile.js'

/**
 * Up to this dimension squared distances are sums of squared differences, above it a matrix product: an error of
 * rounding relative to the distance, against one relative to the spread of the clouds.
 */
const mostDifferences = 16

/** A profile of `|x - y|²`. */
export const radialSides = (
  dialect: Dialect,
  precision: Precision,
  profile: Profile,
  x: Tensor2D,
  y: Tensor2D,
): Sides => {
  const functions = tensorProfile(profile)
  const same = x === y
  if (x.shape[1] <= mostDifferences) {
    const [from, to] = [keep(clone(x)), keep(clone(y))]
    return {
      fromX: byDifferences(dialect, functions, from, to),
      fromY: byDifferences(dialect, functions, to, from),
      same,
      width: 4,
      holds: [from, to],
    }
  }
  const centre = tidy(() => mul(add(mean(x, 0), mean(y, 0)), 0.5))
  const [from, to] = [keep(sub<Tensor2D>(x, centre)), keep(sub<Tensor2D>(y, centre))]
  centre.dispose()
  return {
    fromX: byProduct(dialect, precision, functions, from, to),
    fromY: byProduct(dialect, precision, functions, to, from),
    same,
    width: 4,
    holds: [from, to],
  }
}

type Distances = (x: Tensor2D, y: Tensor2D) => Tensor2D
type Weigh = (x: Tensor2D, y: Tensor2D, weights: Tensor2D) => Tensor2D

const rows = (squared: Distances, weigh: Weigh, profile: TensorProfile, x: Tensor2D, y: Tensor2D): Rows => ({
  entries: (block) => tidy(() => profile.value(squared(rowsOf(block, x), y))),
  slopes: (block, weights) =>
    tidy(() => {
      const points = rowsOf(block, x)
      // d phi(|x - y|²) / dx = 2 phi' (x - y)
      const { slope } = profile
      if (slope !== undefined) return scaled(2 * slope, weigh(points, y, weights))
      const inner = tidy(() => mul<Tensor2D>(weights, profile.derivative(squared(points, y))))
      return mul(weigh(points, y, inner), 2)
    }),
})

const byDifferences = (dialect: Dialect, profile: TensorProfile, x: Tensor2D, y: Tensor2D): Rows =>
  rows(
    (from, to) => squaredByDifferences(dialect, from, to),
    (from, to, weights) => weighDifferences(dialect, from, to, weights),
    profile,
    x,
    y,
  )

const byProduct = (dialect: Dialect, precision: Precision, profile: TensorProfile, x: Tensor2D, y: Tensor2D): Rows =>
  rows(
    (from, to) => squaredByProduct(dialect, precision, from, to),
    (from, to, weights) => weighByProduct(dialect, from, to, weights),
    profile,
    x,
    y,
  )
