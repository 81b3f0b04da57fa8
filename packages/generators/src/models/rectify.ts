import { customGrad, mul, relu, step } from '@tensorflow/tfjs-core'
import type { GradSaveFunc, Tensor2D } from '@tensorflow/tfjs-core'
import { machineHere } from '../engine/machine.js'
import { gate, rectify } from '../engine/elementwise.js'

/** `max(x, 0)`, number by number: on tfjs's plain backend by WebAssembly, which takes a fraction of its own time. */
export const rectified = (x: Tensor2D): Tensor2D => (machineHere() === undefined ? relu(x) : fast(x))

const fast = (x: Tensor2D): Tensor2D =>
  customGrad((...inputs) => {
    // tfjs types the arguments of a custom operation as tensors or `save` alike; `save` comes last.
    const [at, save] = inputs as unknown as [Tensor2D, GradSaveFunc]
    const machine = machineHere()
    save([at])
    return {
      value: (machine && rectify(machine, at)) ?? relu(at),
      gradFunc: (upstream, saved) => whereAbove(saved[0] as Tensor2D, upstream as Tensor2D),
    }
  })(x) as Tensor2D

/** What is upstream where x is above zero, and zero elsewhere; NaN where x is NaN. Linear, and its own gradient. */
export const whereAbove = (x: Tensor2D, upstream: Tensor2D): Tensor2D =>
  customGrad((...inputs) => {
    const [slope, save] = inputs as unknown as [Tensor2D, GradSaveFunc]
    const machine = machineHere()
    save([x])
    return {
      value: (machine && gate(machine, x, slope)) ?? mul(slope, step(x)),
      gradFunc: (further, saved) => whereAbove(saved[0] as Tensor2D, further as Tensor2D),
    }
  })(upstream) as Tensor2D
