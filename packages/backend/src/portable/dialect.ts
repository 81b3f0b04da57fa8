import {
  add,
  concat,
  div,
  exp,
  log,
  matMul,
  max,
  mul,
  neg,
  ones,
  onesLike,
  reshape,
  softmax,
  sub,
  sum,
  tile,
} from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { constant } from '../tensors.js'

/**
 * The few compositions whose fastest form differs between tfjs's backends.
 *
 * Measured on a 1000-by-1000 matrix, ns an entry: on cpu, broadcasting a column takes 77 to 107 and a product of inner
 * dimension 2 takes 9; on wasm, `exp` is a scalar call of 7 while the fused `softmax` takes 1.
 */
export interface Dialect {
  /** `p_i + q_j`, `[n, m]` */
  readonly outerSum: (p: Tensor1D, q: Tensor1D) => Tensor2D
  /**
   * `log mean_j exp(h_ij)`, `[n]`, shifted by the row's maximum. A mean, not a sum: weights of a measure add up to one, so
   * with them in h the mean is near one and its logarithm small, and loses nothing to rounding.
   */
  readonly logMeanExp: (h: Tensor2D) => Tensor1D
  /** The matrix product, `[n, m]` by `[m, k]`. */
  readonly product: (a: Tensor2D, b: Tensor2D) => Tensor2D
  /** `exp(p_i + h_ij)` as `scale_i entries_ij`. */
  readonly exponential: (p: Tensor1D, h: Tensor2D) => { readonly entries: Tensor2D; readonly scale?: Tensor1D }
}

/** The dialect of the tfjs backend of that name. */
export const dialectOf = (name: string): Dialect => (name === 'cpu' ? cpu : name === 'wasm' ? wasm : common)

const column = (p: Tensor1D): Tensor2D => reshape(p, [p.size, 1])

const shifted = (addColumn: (h: Tensor2D, p: Tensor1D) => Tensor2D): Pick<Dialect, 'logMeanExp' | 'exponential'> => ({
  logMeanExp: (h) => {
    const highest = max<Tensor1D>(h, 1)
    const total = sum<Tensor1D>(exp(addColumn(h, neg(highest))), 1)
    // tfjs's own mean divides every entry on cpu.
    return add(highest, log(div<Tensor1D>(total, constant(h.shape[1]))))
  },
  exponential: (p, h) => ({ entries: exp(addColumn(h, p)) }),
})

/*
 * WebGL packs two by two entries in a texel and computes on the empty places too: beside an odd number of columns there
 * may be anything, and tfjs's product multiplies that by zero. The copy that tile makes has zeros there.
 */
const paddedProduct = (a: Tensor2D, b: Tensor2D): Tensor2D => {
  const columns = a.shape[1]
  return columns === 1 ? mul(a, b) : matMul(columns % 2 === 0 ? a : tile(a, [1, 1]), b)
}

const common: Dialect = {
  outerSum: (p, q) => add(column(p), q),
  product: paddedProduct,
  ...shifted((h, p) => add(h, column(p))),
}

const cpu: Dialect = {
  outerSum: (p, q) => {
    const left = concat<Tensor2D>([column(p), column(onesLike(p))], 1)
    const right = concat<Tensor2D>([reshape(onesLike(q), [1, q.size]), reshape(q, [1, q.size])], 0)
    return matMul(left, right)
  },
  product: (a, b) => matMul(a, b),
  ...shifted((h, p) => add(h, matMul(column(p), ones([1, h.shape[1]])))),
}

const wasm: Dialect = {
  outerSum: common.outerSum,
  product: (a, b) => matMul(a, b),
  logMeanExp: (h) => logMeanExpOf(h, softmax(h)),
  exponential: (p, h) => {
    const entries = softmax(h)
    const size = constant(h.shape[1])
    return { entries, scale: mul(exp(add(p, logMeanExpOf(h, entries))), size) }
  },
}

// The row's largest share is exp(highest - logSumExp), so that its multiple is exp(highest - logMeanExp).
const logMeanExpOf = (h: Tensor2D, shares: Tensor2D): Tensor1D =>
  sub(max<Tensor1D>(h, 1), log(mul(max<Tensor1D>(shares, 1), constant(h.shape[1]))))
