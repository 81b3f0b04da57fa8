import { backend_util } from '@tensorflow/tfjs-core'
import type { DataType } from '@tensorflow/tfjs-core'
import { emptyValues } from './dense.js'
import type { Kernel, Kernels } from './dense.js'
import { erf } from './erf.js'

/** The kernel that applies a function to each element; the result has the dtype of the input unless one is given. */
const unary =
  (apply: (x: number) => number, dtype?: DataType): Kernel<unknown> =>
  ({ x }) => {
    const result = emptyValues(dtype ?? x.dtype, x.values.length)
    for (let i = 0; i < result.length; i++) result[i] = apply(x.values[i])
    return { shape: x.shape, dtype: dtype ?? x.dtype, values: result }
  }

/** The same for a function with a parameter. */
const withParameter =
  <A>(choose: (attributes: A) => (x: number) => number): Kernel<A> =>
  (inputs, attributes) =>
    unary(choose(attributes))(inputs, attributes)

/** To the nearest whole number, and from halfway to the even one. */
const round = (x: number): number => {
  const below = Math.floor(x)
  const excess = x - below
  return excess < 0.5 || (excess === 0.5 && below % 2 === 0) ? below : below + 1
}

export const elu = (x: number): number => (x >= 0 ? x : Math.expm1(x))
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
export const relu = (x: number): number => Math.max(0, x)
export const relu6 = (x: number): number => Math.min(Math.max(0, x), 6)
export const leakyRelu =
  (alpha: number) =>
  (x: number): number =>
    x < 0 ? alpha * x : x

export const unaryKernels: Kernels = {
  Abs: unary(Math.abs),
  Acos: unary(Math.acos),
  Acosh: unary(Math.acosh),
  Asin: unary(Math.asin),
  Asinh: unary(Math.asinh),
  Atan: unary(Math.atan),
  Atanh: unary(Math.atanh),
  Ceil: unary(Math.ceil),
  ClipByValue: withParameter(
    ({ clipValueMin: low, clipValueMax: high }: { readonly clipValueMin: number; readonly clipValueMax: number }) =>
      (x) =>
        x > high ? high : x < low ? low : x,
  ),
  Cos: unary(Math.cos),
  Cosh: unary(Math.cosh),
  Elu: unary(elu),
  Erf: unary(erf),
  Exp: unary(Math.exp),
  Expm1: unary(Math.expm1),
  Floor: unary(Math.floor),
  IsFinite: unary((x) => Number(Number.isFinite(x)), 'bool'),
  IsInf: unary((x) => Number(Math.abs(x) === Infinity), 'bool'),
  IsNan: unary((x) => Number(Number.isNaN(x)), 'bool'),
  LeakyRelu: withParameter(({ alpha }: { readonly alpha: number }) => leakyRelu(alpha)),
  Log: unary(Math.log),
  Log1p: unary(Math.log1p),
  LogicalNot: unary((x) => (x ? 0 : 1), 'bool'),
  Neg: unary((x) => -x),
  Reciprocal: unary((x) => 1 / x),
  Relu: unary(relu),
  Relu6: unary(relu6),
  Round: unary(round),
  Rsqrt: unary((x) => 1 / Math.sqrt(x)),
  Selu: unary((x) => (x >= 0 ? backend_util.SELU_SCALE * x : backend_util.SELU_SCALEALPHA * Math.expm1(x))),
  Sigmoid: unary(sigmoid),
  Sign: unary((x) => (x > 0 ? 1 : x < 0 ? -1 : 0)),
  Sin: unary(Math.sin),
  Sinh: unary(Math.sinh),
  Softplus: unary((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Sqrt: unary(Math.sqrt),
  Square: unary((x) => x * x),
  Step: withParameter(({ alpha }: { readonly alpha: number }) => (x) => (Number.isNaN(x) ? x : x > 0 ? 1 : alpha)),
  Tan: unary(Math.tan),
  Tanh: unary(Math.tanh),
}
