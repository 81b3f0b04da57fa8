import { mul } from '@tensorflow/tfjs-core'
import { constant, tensorFrom } from '@monge/backend'
import { requirePositive } from '@monge/errors'
import type { Pairwise, Profile } from '@monge/backend'
import type { Cost } from './cost.js'
import { scaledDual } from './power-dual.js'

/**
 * `factor c(x, y)`, `factor > 0`. The entries of a scaled matrix are new ones, at tfjs's current backend.
 *
 * @throws InvalidOption if the factor is not a number above 0
 */
export const scaled =
  (factor: number) =>
  (cost: Cost): Cost => {
    requirePositive('scaled: factor', factor)
    const { legendreDual, ...rest } = cost
    return {
      ...rest,
      name: `${factor} ${cost.name}`,
      pairwise: scaledPairwise(factor, cost.pairwise),
      ...(legendreDual && { legendreDual: scaledDual(factor, legendreDual) }),
    }
  }

/** `factor c(x, y)` */
export const scaledPairwise = (factor: number, pairwise: Pairwise): Pairwise => {
  switch (pairwise.tag) {
    case 'radial':
      return { tag: 'radial', profile: scaledProfile(factor, pairwise.profile) }
    case 'lp':
      return { ...pairwise, scale: factor * pairwise.scale }
    case 'function':
      return { tag: 'function', value: (x, y) => mul(constant(factor), pairwise.value(x, y)) }
    case 'matrix': {
      // Read rather than multiplied: an operation would move the caller's entries to the current backend.
      const entries = pairwise.entries.dataSync().map((entry) => factor * entry)
      return { tag: 'matrix', entries: tensorFrom(entries, pairwise.entries.shape) }
    }
  }
}

const scaledProfile = (factor: number, profile: Profile): Profile => {
  switch (profile.tag) {
    case 'power':
    case 'exponential':
      return { ...profile, scale: factor * profile.scale }
    case 'sum':
      return { tag: 'sum', terms: profile.terms.map((term) => scaledProfile(factor, term)) }
    case 'product':
      return { tag: 'product', factors: [{ tag: 'power', scale: factor, shift: 1, exponent: 0 }, ...profile.factors] }
    case 'custom':
      return { tag: 'custom', value: (s) => mul(constant(factor), profile.value(s)) }
  }
}
