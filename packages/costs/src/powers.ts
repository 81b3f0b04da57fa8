import {
  abs,
  add,
  cast,
  customGrad,
  equal,
  greater,
  mul,
  neg,
  onesLike,
  pow,
  sqrt,
  sub,
  zerosLike,
} from '@tensorflow/tfjs-core'
import { constant } from '@monge/backend'
import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core'
import { detached } from './detached.js'

/*
 * Powers whose derivatives, of any order, are zero where they would be infinite: tfjs's own make NaN of them.
 */

/** `base^exponent` for `base >= 0`, elementwise. Zero at zero, unless the exponent is zero. */
export const power = (base: Tensor, exponent: number): Tensor =>
  exponent === 0
    ? onesLike(base)
    : exponent === 1
      ? base
      : withSlope(
          (x) => rawPower(x, exponent),
          (x) => mul(constant(exponent), power(x, exponent - 1)),
        )(base)

/** `|x|`, elementwise, with slope zero at zero. */
export const absolute: (x: Tensor) => Tensor = (x) => withSlope(abs, sign)(x)

/** `|x|^exponent sign(x)`, elementwise, for `exponent > 0`. */
export const signedPower = (x: Tensor, exponent: number): Tensor =>
  exponent === 1 ? x : mul(power(absolute(x), exponent), sign(x))

const sign: (x: Tensor) => Tensor = detached((x) => sub(positive(x), positive(neg(x))))

const positive = (x: Tensor): Tensor => cast(greater(x, zerosLike(x)), 'float32')

const rawPower = (base: Tensor, exponent: number): Tensor => {
  if (exponent === 0.5) return sqrt(base)
  if (exponent === 2) return mul(base, base)
  if (exponent > 0) return pow(base, constant(exponent))
  const isZero = cast(equal(base, zerosLike(base)), 'float32')
  return mul(pow(add(base, isZero), constant(exponent)), positive(base))
}

const withSlope =
  (value: (x: Tensor) => Tensor, slope: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    customGrad((...inputs) => {
      const input = inputs[0] as Tensor
      const save = inputs[1] as unknown as GradSaveFunc
      save([input])
      return { value: value(input), gradFunc: (upstream, saved) => mul(upstream, slope(saved[0] as Tensor)) }
    })(x)
