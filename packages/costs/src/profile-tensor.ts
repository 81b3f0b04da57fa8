import { add, customGrad, exp, greater, mul, where, zerosLike } from '@tensorflow/tfjs-core'
import { constant } from '@monge/backend'
import type { Profile } from '@monge/backend'
import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core'
import { power } from './powers.js'

/**
 * A radial profile of a tensor of squared distances, elementwise and differentiable. Its derivative is zero where
 * `s = 0`, if the true one is infinite there or is a user's.
 */
export const profileTensor =
  (profile: Profile) =>
  (s: Tensor): Tensor => {
    switch (profile.tag) {
      case 'power':
        return mul(constant(profile.scale), power(shifted(s, profile.shift), profile.exponent))
      case 'exponential': {
        const { scale, rate, shift, exponent } = profile
        return mul(constant(scale), exp(mul(constant(-rate), power(shifted(s, shift), exponent))))
      }
      case 'sum':
        return profile.terms.map((term) => profileTensor(term)(s)).reduce((left, right) => add(left, right))
      case 'product':
        return profile.factors.map((factor) => profileTensor(factor)(s)).reduce((left, right) => mul(left, right))
      case 'custom':
        return profile.value(withoutSlopeAtZero(s))
    }
  }

const shifted = (s: Tensor, shift: number): Tensor => (shift === 0 ? s : add(s, constant(shift)))

// A user's profile may well have an infinite slope at zero; chained with d|x - y|²/dx = 0 that would be NaN.
const withoutSlopeAtZero = (s: Tensor): Tensor =>
  customGrad((...inputs) => {
    const input = inputs[0] as Tensor
    const save = inputs[1] as unknown as GradSaveFunc
    save([input])
    return {
      value: input.clone(),
      gradFunc: (upstream, saved) => {
        const kept = saved[0] as Tensor
        return where(greater(kept, zerosLike(kept)), upstream, zerosLike(upstream))
      },
    }
  })(s)
