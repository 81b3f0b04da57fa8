import { constant } from '@monge/backend'
import { add, customGrad, elu, erf, exp, mul, neg, sigmoid, softplus, square, step, sub, tanh, tidy } from '@tensorflow/tfjs-core'
import type { GradSaveFunc, Tensor2D } from '@tensorflow/tfjs-core'
import { activated, slopes } from '../engine/elementwise.js'
import type { Kind } from '../engine/elementwise.js'
import { machineHere } from '../engine/machine.js'

/*
 * Smooth functions of each number. On tfjs's plain backend they and their derivatives come from WebAssembly, which takes a
 * fraction of its own time; elsewhere they are tfjs's.
 */

type Elementwise = (x: Tensor2D) => Tensor2D

/** A smooth function by its name. */
export const smooth = (kind: Kind): Elementwise => scaledSmooth(kind, 1)

/** Such a function times a gain. */
const scaledSmooth =
  (kind: Kind, gain: number): Elementwise =>
  (x) =>
    machineHere() === undefined ? tidy(() => plainly(kind, gain, x)) : fast(kind, gain, x)

/** The sigmoid linear unit `x / (1 + exp(-x))` times a gain, number by number. */
export const swish = (gain = 1): ((x: Tensor2D) => Tensor2D) => scaledSmooth('swish', gain)

const fast = (kind: Kind, gain: number, x: Tensor2D): Tensor2D =>
  customGrad((...inputs) => {
    // tfjs types the arguments of a custom operation as tensors or `save` alike; `save` comes last.
    const [at, save] = inputs as unknown as [Tensor2D, GradSaveFunc]
    const machine = machineHere()
    save([at])
    return {
      value: (machine && activated(machine, kind, gain, at)) ?? plainly(kind, gain, at),
      gradFunc: (upstream, saved) => slopesAt(kind, gain, saved[0] as Tensor2D, upstream as Tensor2D),
    }
  })(x) as Tensor2D

/** What is upstream times the derivative: differentiable in both, for gradients of gradients. */
const slopesAt = (kind: Kind, gain: number, x: Tensor2D, upstream: Tensor2D): Tensor2D =>
  customGrad((...inputs) => {
    const [at, slope, save] = inputs as unknown as [Tensor2D, Tensor2D, GradSaveFunc]
    const machine = machineHere()
    save([at, slope])
    return {
      value: (machine && slopes(machine, kind, gain, at, slope)) ?? mul<Tensor2D>(slope, times(gain, plain[kind].slope(at))),
      gradFunc: (further, saved) => {
        const [point, given] = saved as [Tensor2D, Tensor2D]
        const bent = times(gain, plain[kind].curvature(point))
        return [mul(mul(further as Tensor2D, given), bent), slopesAt(kind, gain, point, further as Tensor2D)]
      },
    }
  })(x, upstream) as Tensor2D

const times = (gain: number, x: Tensor2D): Tensor2D => (gain === 1 ? x : mul(x, constant(gain)))
const plainly = (kind: Kind, gain: number, x: Tensor2D): Tensor2D => times(gain, plain[kind].value(x))

const less = (x: Tensor2D): Tensor2D => sub(constant(1), x)
const distribution: Elementwise = (x) => mul(add(erf(mul(x, constant(Math.SQRT1_2))), 1), 0.5)
/** The sigmoid's own derivative. */
const bell: Elementwise = (x) => mul(sigmoid(x), sigmoid(neg(x)))
const density: Elementwise = (x) => mul(exp(mul(square(x), -0.5)), constant(1 / Math.sqrt(2 * Math.PI)))

/** The functions of tfjs, and what of them only gradients of gradients need, or a machine without memory. */
const plain: Readonly<Record<Kind, Readonly<Record<'value' | 'slope' | 'curvature', Elementwise>>>> = {
  sigmoid: {
    value: sigmoid,
    slope: bell,
    curvature: (x) => mul(bell(x), sub(sigmoid(neg(x)), sigmoid(x))),
  },
  tanh: {
    value: tanh,
    slope: (x) => less(square(tanh(x))),
    curvature: (x) => mul(mul(tanh(x), -2), less(square(tanh(x)))),
  },
  softplus: {
    value: softplus,
    slope: sigmoid,
    curvature: bell,
  },
  swish: {
    value: (x) => mul(x, sigmoid(x)),
    slope: (x) => mul(sigmoid(x), add(mul(x, sigmoid(neg(x))), 1)),
    curvature: (x) => mul(bell(x), add(mul(x, sub(sigmoid(neg(x)), sigmoid(x))), 2)),
  },
  elu: {
    value: elu,
    slope: (x) => add(elu(mul(x, step(neg(x)))), 1),
    curvature: (x) => mul(exp(mul(x, step(neg(x)))), step(neg(x))),
  },
  gelu: {
    value: (x) => mul(x, distribution(x)),
    slope: (x) => add(distribution(x), mul(x, density(x))),
    curvature: (x) => mul(density(x), sub(constant(2), square(x))),
  },
}
