import { div, expandDims, mul, sum, tidy } from '@tensorflow/tfjs-core'
import { constant } from '@monge/backend'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { LegendreDual } from './cost.js'
import { absolute, power, signedPower } from './powers.js'

/**
 * The Legendre dual of `h(z) = scale |z|_r^p`, `r > 1`, `p > 1`, where `|z|_r = (sum_k |z_k|^r)^(1/r)`:
 * `h*(w) = t |w / t|_s^q / q` with `t = p scale`, `1/p + 1/q = 1`, `1/r + 1/s = 1`
 * (Rockafellar, Convex Analysis, 1970, theorem 15.3).
 */
export const powerDual = (scale: number, order: number, exponent: number): LegendreDual => {
  const factor = exponent * scale
  const dualOrder = order / (order - 1)
  const dualExponent = exponent / (exponent - 1)
  const unit = (w: Tensor2D): Tensor2D => div(w, constant(factor))
  const norm = (v: Tensor, outer: number): Tensor => power(sum(power(absolute(v), dualOrder), -1), outer / dualOrder)
  return tidied({
    value: (w) => mul(constant(factor / dualExponent), norm(unit(w), dualExponent)) as Tensor1D,
    gradient: (w) => {
      const v = unit(w)
      const length = expandDims(norm(v, dualExponent - dualOrder), -1)
      return mul(length, signedPower(v, dualOrder - 1)) as Tensor2D
    },
  })
}

/** The dual of `factor h`: `factor h*(w / factor)`. */
export const scaledDual = (factor: number, dual: LegendreDual): LegendreDual =>
  tidied({
    value: (w) => mul(constant(factor), dual.value(div(w, constant(factor)))),
    gradient: (w) => dual.gradient(div(w, constant(factor))),
  })

/** The dual of `z -> h(A z)` for an invertible linear map: `h*(A^-T w)`, given `A^-T w` and `A^-1 z`. */
export const linearDual = (
  dual: LegendreDual,
  inverseTransposed: (w: Tensor2D) => Tensor2D,
  inverse: (z: Tensor2D) => Tensor2D,
): LegendreDual =>
  tidied({
    value: (w) => dual.value(inverseTransposed(w)),
    gradient: (w) => inverse(dual.gradient(inverseTransposed(w))),
  })

const tidied = ({ value, gradient }: LegendreDual): LegendreDual => ({
  value: (w) => tidy(() => value(w)),
  gradient: (w) => tidy(() => gradient(w)),
})
