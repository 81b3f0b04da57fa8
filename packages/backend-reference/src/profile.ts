import { clone, onesLike } from '@tensorflow/tfjs-core'
import { differentiate, tensorFrom, untaped } from '@monge/backend'
import type { Place, Profile } from '@monge/backend'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'

/** A radial profile on many squared distances at once. */
export interface ArrayProfile {
  readonly value: (s: Float64Array) => Float64Array
  /** The derivative in `s`, zero where that is not finite (coinciding points). */
  readonly derivative: (s: Float64Array) => Float64Array
}

/** The profile on arrays; a user's own function of tensors is run at the given place. */
export const arrayProfile = (profile: Profile, place: Place): ArrayProfile => {
  switch (profile.tag) {
    case 'power': {
      const { scale, shift, exponent } = profile
      return {
        value: (s) => multiplied(power(s, shift, exponent), scale),
        derivative: (s) => finite(multiplied(power(s, shift, exponent - 1), scale * exponent)),
      }
    }
    case 'exponential': {
      const { scale, rate, shift, exponent } = profile
      const value = (s: Float64Array): Float64Array =>
        power(s, shift, exponent).map((t) => scale * Math.exp(-rate * t))
      return {
        value,
        derivative: (s) => {
          const slope = finite(multiplied(power(s, shift, exponent - 1), -rate * exponent))
          return times(value(s), slope)
        },
      }
    }
    case 'sum': {
      const terms = profile.terms.map((term) => arrayProfile(term, place))
      return {
        value: (s) => terms.map((term) => term.value(s)).reduce(plus, new Float64Array(s.length)),
        derivative: (s) => terms.map((term) => term.derivative(s)).reduce(plus, new Float64Array(s.length)),
      }
    }
    case 'product': {
      const factors = profile.factors.map((factor) => arrayProfile(factor, place))
      const ones = (s: Float64Array): Float64Array => new Float64Array(s.length).fill(1)
      return {
        value: (s) => factors.map((factor) => factor.value(s)).reduce(times, ones(s)),
        derivative: (s) =>
          factors
            .map((factor) =>
              factors
                .map((other) => (other === factor ? other.derivative(s) : other.value(s)))
                .reduce(times, ones(s)),
            )
            .reduce(plus, new Float64Array(s.length)),
      }
    }
    case 'custom': {
      const slope = (s: Tensor): Tensor => differentiate(profile.value, s, onesLike(s))
      return {
        value: (s) => onTensor(place, s, profile.value),
        derivative: (s) => finite(onTensor(place, s, slope)),
      }
    }
  }
}

/** `(s + shift)^exponent` */
const power = (s: Float64Array, shift: number, exponent: number): Float64Array => {
  const result = new Float64Array(s.length)
  if (exponent === 1) for (let i = 0; i < s.length; i++) result[i] = s[i] + shift
  else if (exponent === 0.5) for (let i = 0; i < s.length; i++) result[i] = Math.sqrt(s[i] + shift)
  else if (exponent === 0) result.fill(1)
  else for (let i = 0; i < s.length; i++) result[i] = (s[i] + shift) ** exponent
  return result
}

// The next three work in place, on arrays that were made for them.
const multiplied = (values: Float64Array, factor: number): Float64Array => {
  if (factor !== 1) for (let i = 0; i < values.length; i++) values[i] *= factor
  return values
}

const finite = (values: Float64Array): Float64Array => {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) values[i] = 0
  return values
}

const plus = (total: Float64Array, values: Float64Array): Float64Array => {
  for (let i = 0; i < total.length; i++) total[i] += values[i]
  return total
}

const times = (total: Float64Array, values: Float64Array): Float64Array => {
  for (let i = 0; i < total.length; i++) total[i] *= values[i]
  return total
}

const onTensor = (place: Place, s: Float64Array, apply: (tensor: Tensor) => Tensor): Float64Array =>
  place.within(() => {
    // A clone, because the user's function may return a tensor that it keeps.
    const result = untaped(() => clone(apply(tensorFrom<Tensor1D>(s, [s.length]))))
    const values = new Float64Array(result.dataSync())
    result.dispose()
    return values
  })
