import { abs, clone, keep, mul, neg, square, step, sub, tidy } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Pairwise } from '../pairwise.js'
import type { Dialect } from './dialect.js'
import { rowsOf, sumOverCoordinates, weighDifferences } from './points.js'
import type { Rows, Sides } from './rows.js'
import { power, powerOrZero, scaled } from './tensor-profile.js'

type Lp = Extract<Pairwise, { readonly tag: 'lp' }>

/** `scale (sum_k |x_k - y_k|^order)^exponent`, by differences. */
export const lpSides = (dialect: Dialect, lp: Lp, x: Tensor2D, y: Tensor2D): Sides => {
  const [from, to] = [keep(clone(x)), keep(clone(y))]
  return {
    fromX: lpRows(dialect, lp, from, to),
    fromY: lpRows(dialect, lp, to, from),
    same: x === y,
    width: 4,
    holds: [from, to],
  }
}

// tfjs's own sign takes numbers below 1e-7 for zero on wasm.
const sign = (values: Tensor2D): Tensor2D => tidy(() => sub(step(values), step(neg(values))))

const lpRows = (dialect: Dialect, { order, exponent, scale }: Lp, x: Tensor2D, y: Tensor2D): Rows => {
  const magnitude = (difference: Tensor2D): Tensor2D =>
    order === 2 ? square(difference) : power(order, abs(difference))
  // The derivative of |t|^order / order.
  const slope = (difference: Tensor2D): Tensor2D =>
    order === 2
      ? difference
      : order === 1
        ? sign(difference)
        : mul(sign(difference), powerOrZero(order - 1, abs(difference)))
  const sums = (points: Tensor2D): Tensor2D => sumOverCoordinates(dialect, points, y, magnitude)
  return {
    entries: (block) => tidy(() => scaled(scale, power(exponent, sums(rowsOf(block, x))))),
    slopes: (block, weights) =>
      tidy(() => {
        const points = rowsOf(block, x)
        const outer = tidy(() =>
          exponent === 1 ? weights : mul<Tensor2D>(weights, powerOrZero(exponent - 1, sums(points))),
        )
        return scaled(scale * exponent * order, weighDifferences(dialect, points, y, outer, slope))
      }),
  }
}
