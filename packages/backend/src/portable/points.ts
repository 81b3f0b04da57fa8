import { add, concat, matMul, mul, onesLike, relu, reshape, slice, square, sub, sum, tidy, transpose, zeros } from '@tensorflow/tfjs-core'
import { neg } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
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
  body: (difference: Tensor2D) => Tensor2D,
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

/** `|x_i - y_j|²` as `|x|² + |y|² - 2 x·y` in one product; its error is that of `|x|² + |y|²`. */
export const squaredByProduct = (x: Tensor2D, y: Tensor2D): Tensor2D =>
  tidy(() => {
    const xSquared = sum<Tensor2D>(square(x), 1, true)
    const ySquared = sum<Tensor2D>(square(y), 1, true)
    const left = concat<Tensor2D>([mul(x, -2), xSquared, onesLike(xSquared)], 1)
    const right = concat<Tensor2D>([y, onesLike(ySquared), ySquared], 1)
    return relu(matMul<Tensor2D>(left, transpose(right)))
  })

/** `sum_j w_ij (x_ik - y_jk)`, `[n, d]`, by differences transformed by `body`. */
export const weighDifferences = (
  dialect: Dialect,
  x: Tensor2D,
  y: Tensor2D,
  weights: Tensor2D,
  body: (difference: Tensor2D) => Tensor2D = (difference) => difference,
): Tensor2D => {
  const columns = Array.from({ length: x.shape[1] }, (_, k) =>
    tidy(() => sum<Tensor2D>(mul(weights, body(difference(dialect, x, y, k))), 1, true)),
  )
  return columns.length === 0 ? zeros([x.shape[0], 0]) : concat(columns, 1)
}

/** `sum_j w_ij (x_i - y_j)`, `[n, d]`, as `x_i sum_j w_ij - sum_j w_ij y_j`. */
export const weighByProduct = (x: Tensor2D, y: Tensor2D, weights: Tensor2D): Tensor2D =>
  tidy(() => sub(mul(x, sum(weights, 1, true)), matMul<Tensor2D>(weights, y)))
