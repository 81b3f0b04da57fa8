import type { Tensor } from '@tensorflow/tfjs-core'

/**
 * A radial function of two points, as a function of `s = |x - y|²`. The two closed families cover every built-in cost
 * and kernel, so that an engine which knows them is fast on all of those; sums, products and a user's own function
 * cover the rest.
 *
 * - `power`: `scale (s + shift)^exponent`
 * - `exponential`: `scale exp(-rate (s + shift)^exponent)`
 * - `sum`, `product` of profiles
 * - `custom`: a tfjs-differentiable function, elementwise
 */
export type Profile =
  | { readonly tag: 'power'; readonly scale: number; readonly shift: number; readonly exponent: number }
  | {
      readonly tag: 'exponential'
      readonly scale: number
      readonly rate: number
      readonly shift: number
      readonly exponent: number
    }
  | { readonly tag: 'sum'; readonly terms: readonly Profile[] }
  | { readonly tag: 'product'; readonly factors: readonly Profile[] }
  | { readonly tag: 'custom'; readonly value: (squaredDistance: Tensor) => Tensor }

/** A profile on numbers: its value and its derivative in `s`, zero where that is infinite (coinciding points). */
export interface ScalarProfile {
  readonly value: (s: number) => number
  readonly derivative: (s: number) => number
}

/** The profile on numbers, or undefined where it holds a user's tensor function. */
export const scalarProfile = (profile: Profile): ScalarProfile | undefined => {
  switch (profile.tag) {
    case 'power': {
      const { scale, shift, exponent } = profile
      const power = powerOf(exponent)
      return {
        value: (s) => scale * power(s + shift),
        derivative: (s) => finiteOrZero(scale * powerSlope(exponent, s + shift)),
      }
    }
    case 'exponential': {
      const { scale, rate, shift, exponent } = profile
      const power = powerOf(exponent)
      return {
        value: (s) => scale * Math.exp(-rate * power(s + shift)),
        derivative: (s) =>
          finiteOrZero(-scale * rate * powerSlope(exponent, s + shift)) * Math.exp(-rate * power(s + shift)),
      }
    }
    case 'sum': {
      const terms = allScalar(profile.terms)
      return (
        terms && {
          value: (s) => terms.reduce((sum, term) => sum + term.value(s), 0),
          derivative: (s) => terms.reduce((sum, term) => sum + term.derivative(s), 0),
        }
      )
    }
    case 'product': {
      const factors = allScalar(profile.factors)
      return (
        factors && {
          value: (s) => factors.reduce((product, factor) => product * factor.value(s), 1),
          derivative: (s) =>
            factors.reduce(
              (sum, factor) =>
                sum +
                factors.reduce((product, other) => product * (other === factor ? other.derivative(s) : other.value(s)), 1),
              0,
            ),
        }
      )
    }
    case 'custom':
      return undefined
  }
}

const allScalar = (profiles: readonly Profile[]): readonly ScalarProfile[] | undefined => {
  const scalars = profiles.flatMap((profile) => scalarProfile(profile) ?? [])
  return scalars.length === profiles.length ? scalars : undefined
}

const powerOf = (exponent: number): ((base: number) => number) =>
  exponent === 1 ? (base) => base : exponent === 0.5 ? Math.sqrt : (base) => base ** exponent

const powerSlope = (exponent: number, base: number): number => (exponent === 1 ? 1 : exponent * base ** (exponent - 1))

const finiteOrZero = (value: number): number => (Number.isFinite(value) ? value : 0)
