import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Machine } from './machine.js'

/** Which of two factors stands transposed. */
export interface Turned {
  readonly left: boolean
  readonly right: boolean
}

/** Two matrices, `[m, depth]` and `[depth, n]`, or their transposes. */
export interface Factors {
  readonly left: Tensor2D
  readonly right: Tensor2D
  readonly turned: Turned
  /** Added to every row, `[n]`. */
  readonly bias?: Tensor1D | undefined
  /** Whether only what is above zero is left. */
  readonly rectified?: boolean
}

/** The product of two matrices, `[m, n]`, or undefined where memory is short. */
export const multiply = ({ exports, residence }: Machine, factors: Factors): Tensor2D | undefined =>
  residence.within(({ addressOf, room, tensorAt }) => {
    const { left, right, turned, bias, rectified = false } = factors
    const [m, depth] = turned.left ? [left.shape[1], left.shape[0]] : left.shape
    const n = right.shape[turned.right ? 0 : 1]
    const [given, b, start] = [addressOf(left), addressOf(right), bias === undefined ? 0 : addressOf(bias)]
    const c = room(m * n)
    if (turned.right) {
      const a = turned.left ? room(m * depth) : given
      if (turned.left) exports.transpose(given, a, depth, m)
      exports.inner(a, b, c, m, n, depth)
    } else {
      exports.spread(start, c, m, n)
      const [rowStep, depthStep] = turned.left ? [4, 4 * m] : [4 * depth, 4]
      exports.product(given, b, c, m, n, depth, rowStep, depthStep)
    }
    if (rectified) exports.rectify(c, padded(m * n))
    return tensorAt<Tensor2D>(c, [m, n])
  })

/** The sum of all rows, `[m, n] -> [n]`. */
export const sumOfRows = ({ exports, residence }: Machine, rows: Tensor2D): Tensor1D | undefined =>
  residence.within(({ addressOf, room, tensorAt }) => {
    const [m, n] = rows.shape
    const at = addressOf(rows)
    const out = room(n)
    exports.columnSums(at, out, m, n)
    return tensorAt<Tensor1D>(out, [n])
  })

/** Rounded up to whole vectors: rooms are longer than what they are for. */
export const padded = (count: number): number => Math.ceil(count / 4) * 4
