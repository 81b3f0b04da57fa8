import { tidy } from '@tensorflow/tfjs-core'
import type { Measure } from '@monge/measures'
import type { Scalar } from '@tensorflow/tfjs-core'
import { lossAt } from './loss.js'
import type { Loss } from './loss.js'

/**
 * A loss made of others: computed where the first of them that has a place is, and leaving nothing behind but its
 * value.
 */
export const combine = (parts: readonly Loss[], evaluate: (mu: Measure, nu: Measure) => Scalar): Loss => {
  const place = parts.find((part) => part.place !== undefined)?.place
  const tidied: Loss = (mu, nu) => tidy(() => evaluate(mu, nu))
  return place === undefined ? tidied : lossAt(place, tidied)
}
