import {
  add,
  exp,
  fill,
  isFinite,
  mul,
  pow,
  reciprocal,
  rsqrt,
  sqrt,
  square,
  step,
  sub,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Profile } from '../profile.js'
import { constant } from '../tensors.js'
import { differentiate } from '../untaped.js'

/** A profile on tensors of squared distances: `scalarProfile`, elementwise. */
export interface TensorProfile {
  readonly value: (s: Tensor2D) => Tensor2D
  /** The derivative in `s`, zero where that is infinite (coinciding points). */
  readonly derivative: (s: Tensor2D) => Tensor2D
  /** The derivative where it is the same for every `s`. */
  readonly slope?: number
}

/** The profile on tensors; a user's own function is differentiated by tfjs. */
export const tensorProfile = (profile: Profile): TensorProfile => {
  switch (profile.tag) {
    case 'power': {
      const { scale, shift, exponent } = profile
      return {
        value: (s) => scaled(scale, power(exponent, shifted(s, shift))),
        derivative: (s) => scaled(scale * exponent, powerOrZero(exponent - 1, shifted(s, shift))),
        ...(exponent === 1 ? { slope: scale } : {}),
      }
    }
    case 'exponential': {
      const { scale, rate, shift, exponent } = profile
      const decay = (base: Tensor2D): Tensor2D => exp(scaled(-rate, power(exponent, base)))
      return {
        value: (s) => scaled(scale, decay(shifted(s, shift))),
        derivative: (s) => {
          const base = shifted(s, shift)
          return scaled(-scale * rate * exponent, mul(powerOrZero(exponent - 1, base), decay(base)))
        },
      }
    }
    case 'sum': {
      const terms = profile.terms.map(tensorProfile)
      return {
        value: (s) =>
          total(
            s,
            terms.map((term) => term.value(s)),
          ),
        derivative: (s) =>
          total(
            s,
            terms.map((term) => term.derivative(s)),
          ),
      }
    }
    case 'product': {
      const factors = profile.factors.map(tensorProfile)
      return {
        value: (s) =>
          product(
            s,
            factors.map((factor) => factor.value(s)),
          ),
        derivative: (s) => {
          const values = factors.map((factor) => factor.value(s))
          const summands = factors.map((factor, index) => product(s, values.with(index, factor.derivative(s))))
          return total(s, summands)
        },
      }
    }
    case 'custom': {
      const value = profile.value as (s: Tensor2D) => Tensor2D
      return { value, derivative: (s) => finiteOrZero(differentiate(value, s, fill(s.shape, 1))) }
    }
  }
}

/** `base^exponent`, for `base >= 0`. */
export const power = (exponent: number, base: Tensor2D): Tensor2D => {
  switch (exponent) {
    case 1:
      return base
    case 2:
      return square(base)
    case 0.5:
      return sqrt(base)
    case -0.5:
      return rsqrt(base)
    case -1:
      return reciprocal(base)
    case 0:
      return fill(base.shape, 1)
    default:
      return pow(base, constant(exponent))
  }
}

/** `base^exponent`, zero where that is infinite. */
export const powerOrZero = (exponent: number, base: Tensor2D): Tensor2D => {
  if (exponent >= 0) return power(exponent, base)
  const positive = step<Tensor2D>(base)
  const safe = add<Tensor2D>(base, sub(1, positive))
  // Two passes instead of a `where`, which is the slowest of tfjs's operations on wasm.
  const values = mul<Tensor2D>(positive, power(exponent, safe))
  // Down to the exponent -1 no number above zero has an infinite power.
  return exponent >= -1 ? values : finiteOrZero(values)
}

/** The values, zero for those that are infinite or not numbers. */
export const finiteOrZero = (values: Tensor2D): Tensor2D => where(isFinite(values), values, zerosLike(values))

export const scaled = (factor: number, values: Tensor2D): Tensor2D =>
  factor === 1 ? values : mul(values, constant(factor))

const shifted = (s: Tensor2D, shift: number): Tensor2D => (shift === 0 ? s : add(s, constant(shift)))

const total = (like: Tensor2D, terms: readonly Tensor2D[]): Tensor2D =>
  terms.length === 0 ? zerosLike(like) : terms.reduce((sum, term) => add(sum, term))

const product = (like: Tensor2D, factors: readonly Tensor2D[]): Tensor2D =>
  factors.length === 0 ? fill(like.shape, 1) : factors.reduce((partial, factor) => mul(partial, factor))
