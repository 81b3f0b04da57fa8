import { add, customGrad, neg, sub } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { plus } from '../engine/elementwise.js'
import { machineHere } from '../engine/machine.js'

/** The sum of two tensors of one shape, differentiable: on tfjs's plain backend by WebAssembly, to the same bits. */
export const sumOf = <T extends Tensor>(a: T, b: T): T => combined(a, b, 1)

/** Their difference. */
export const differenceOf = <T extends Tensor>(a: T, b: T): T => combined(a, b, -1)

const combined = <T extends Tensor>(a: T, b: T, factor: 1 | -1): T =>
  machineHere() === undefined ? plainly(a, b, factor) : (fast(a, b, factor) as T)

const plainly = <T extends Tensor>(a: T, b: T, factor: 1 | -1): T => (factor === 1 ? add<T>(a, b) : sub<T>(a, b))

const fast = (a: Tensor, b: Tensor, factor: 1 | -1): Tensor =>
  customGrad((...inputs) => {
    const [one, other] = inputs as [Tensor, Tensor]
    const machine = machineHere()
    return {
      value: (machine && plus(machine, one, other, factor)) ?? plainly(one, other, factor),
      gradFunc: (upstream) => [upstream as Tensor, factor === 1 ? (upstream as Tensor) : negative(upstream as Tensor)],
    }
  })(a, b)

const negative = (x: Tensor): Tensor =>
  customGrad((...inputs) => {
    const given = inputs[0] as Tensor
    const machine = machineHere()
    return {
      value: (machine && plus(machine, given, given, -2)) ?? neg(given),
      gradFunc: (upstream) => negative(upstream as Tensor),
    }
  })(x)
