import {
  add,
  concat,
  mul,
  neg,
  onesLike,
  reshape,
  slice,
  square,
  step,
  sub,
  sum,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Precision } from '../place.js'
import { constant } from '../tensors.js'
import type { Dialect } from './dialect.js'
import type { Block } from './rows.js'

/** The points of some rows, `[count, d]`. */
export const rowsOf = ({ start, count }: Block, x: Tensor2D): Tensor2D => slice(x, [start, 0], [count, x.shape[1]])

const coordinate = (x: Tensor2D, k: number): Tensor1D => reshape(slice(x, [0, k], [x.shape[0], 1]), [x.shape[0]])

/** `x_ik - y_jk`, `[n, m]`, for the coordinate `k`. */
export const difference = (dialect: Dialect, x: Tensor2D, y: Tensor2D, k: number): Tensor2D =>
  dialect.outerSum(coordinate(x, k), neg(coordinate(y, k)))

/** `sum_k body(x_ik - y_jk)`, `[n, m]`, with three matrices in use at a time whatever the dimension. */
export const sumOverCoordinates = (
  dialect: Dialect,
  x: Tensor2D,
  y: Tensor2D,
  body: (differences: Tensor2D) => Tensor2D,
): Tensor2D => {
  const term = (k: number): Tensor2D => tidy(() => body(difference(dialect, x, y, k)))
  const rest = Array.from({ length: x.shape[1] - 1 }, (_, index) => index + 1)
  return rest.reduce((partial, k) => {
    const next = tidy(() => add<Tensor2D>(partial, term(k)))
    partial.dispose()
    return next
  }, term(0))
}

/** `|x_i - y_j|²` by differences: exact to rounding wherever the clouds lie. */
export const squaredByDifferences = (dialect: Dialect, x: Tensor2D, y: Tensor2D): Tensor2D =>
  sumOverCoordinates(dialect, x, y, square)

/**
 * `|x_i - y_j|²` as `|x|² + |y|² - 2 x·y` in one product. Its error is that of rounding `|x|² + |y|²`; what is no larger
 * than that error counts as zero, so that coinciding points are at no distance.
 */
export const squaredByProduct = (dialect: Dialect, precision: Precision, x: Tensor2D, y: Tensor2D): Tensor2D =>
  tidy(() => {
    const xSquared = sum<Tensor2D>(square(x), 1, true)
    const ySquared = sum<Tensor2D>(square(y), 1, true)
    const left = concat<Tensor2D>([xSquared, onesLike(xSquared), mul(x, -2)], 1)
    const right = transpose(concat<Tensor2D>([onesLike(ySquared), ySquared, y], 1))
    const noise = tidy(() => {
      const sums = dialect.product(slice(left, [0, 0], [x.shape[0], 2]), slice(right, [0, 0], [2, y.shape[0]]))
      return mul<Tensor2D>(sums, constant(4 * Math.sqrt(x.shape[1]) * roundoff[precision]))
    })
    const squared = dialect.product(left, right)
    return mul(squared, step(sub(squared, noise)))
  })

const roundoff: Readonly<Record<Precision, number>> = { float32: 2 ** -24, float64: 2 ** -53 }

/** `sum_j w_ij (x_ik - y_jk)`, `[n, d]`, by differences transformed by `body`. */
export const weighDifferences = (
  dialect: Dialect,
  x: Tensor2D,
  y: Tensor2D,
  weights: Tensor2D,
  body: (differences: Tensor2D) => Tensor2D = (differences) => differences,
): Tensor2D => {
  const columns = Array.from({ length: x.shape[1] }, (_, k) =>
    tidy(() => sum<Tensor2D>(mul(weights, body(difference(dialect, x, y, k))), 1, true)),
  )
  return concat(columns, 1)
}

/** `sum_j w_ij (x_i - y_j)`, `[n, d]`, as `x_i sum_j w_ij - sum_j w_ij y_j`. */
export const weighByProduct = (dialect: Dialect, x: Tensor2D, y: Tensor2D, weights: Tensor2D): Tensor2D =>
  tidy(() => sub(mul(x, sum(weights, 1, true)), dialect.product(weights, y)))
