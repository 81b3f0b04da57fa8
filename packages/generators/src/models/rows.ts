import { constant } from '@monge/backend'
import { customGrad, div, expandDims, mean, mul, neg, square, sub, sum, tidy } from '@tensorflow/tfjs-core'
import type { GradSaveFunc, Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { rowProducts, timesRows } from '../engine/elementwise.js'
import { machineHere } from '../engine/machine.js'
import { differenceOf } from './sum.js'

/** Each row of `x` `[n, d]` over a number of its own, `[n]`; differentiable in both. */
export const rowsOver = (x: Tensor2D, divisors: Tensor1D): Tensor2D =>
  tidy(() => (machineHere() === undefined ? div<Tensor2D>(x, expandDims(divisors, 1)) : scaled(x, divisors, true)))

/**
 * The weighted mean of square errors, `sum_ij w_i (x_ij - y_ij)² / (n d)`, of rows `[n, d]` with weights `[n]`; differentiable in
 * both rows and in the weights.
 */
export const meanSquareError = (x: Tensor2D, y: Tensor2D, weights: Tensor1D): Scalar =>
  tidy(() =>
    machineHere() === undefined
      ? mean<Scalar>(mul(square(sub(x, y)), expandDims(weights, 1)))
      : mul<Scalar>(sum(mul(squares(differenceOf(x, y)), weights)), constant(1 / x.size)),
  )

/** Each row times its factor, or over it. */
const scaled = (x: Tensor2D, factors: Tensor1D, over: boolean): Tensor2D =>
  customGrad((...inputs) => {
    // tfjs types the arguments of a custom operation as tensors or `save` alike; `save` comes last.
    const [rows, by, save] = inputs as unknown as [Tensor2D, Tensor1D, GradSaveFunc]
    const machine = machineHere()
    save([rows, by])
    return {
      value: (machine && timesRows(machine, rows, by, over)) ?? (over ? div(rows, expandDims(by, 1)) : mul(rows, expandDims(by, 1))),
      gradFunc: (upstream, saved) => {
        const [own, f] = saved as [Tensor2D, Tensor1D]
        const slope = upstream as Tensor2D
        const along = products(slope, own)
        return [scaled(slope, f, over), over ? neg(div(along, square(f))) : along]
      },
    }
  })(x, factors) as Tensor2D

/** The square length of each row, `[n]`. */
const squares = (x: Tensor2D): Tensor1D =>
  customGrad((...inputs) => {
    const [rows, save] = inputs as unknown as [Tensor2D, GradSaveFunc]
    const machine = machineHere()
    save([rows])
    return {
      value: (machine && rowProducts(machine, rows, rows)) ?? sum<Tensor1D>(square(rows), 1),
      gradFunc: (upstream, saved) => scaled(saved[0] as Tensor2D, mul(upstream as Tensor1D, 2), false),
    }
  })(x) as Tensor1D

/** The inner product of each row with that of another, `[n]`. */
const products = (a: Tensor2D, b: Tensor2D): Tensor1D =>
  customGrad((...inputs) => {
    const [one, other, save] = inputs as unknown as [Tensor2D, Tensor2D, GradSaveFunc]
    const machine = machineHere()
    save([one, other])
    return {
      value: (machine && rowProducts(machine, one, other)) ?? sum<Tensor1D>(mul(one, other), 1),
      gradFunc: (upstream, saved) => {
        const [u, v] = saved as [Tensor2D, Tensor2D]
        return [scaled(v, upstream as Tensor1D, false), scaled(u, upstream as Tensor1D, false)]
      },
    }
  })(a, b) as Tensor1D
