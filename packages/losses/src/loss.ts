import { tidy } from '@tensorflow/tfjs-core'
import type { Place } from '@monge/backend'
import type { Measure } from '@monge/measures'
import type { Scalar } from '@tensorflow/tfjs-core'

/**
 * A number that says how far two measures are apart, differentiable by tfjs in the points and the weights of both.
 *
 * Any function of this shape is a loss. Those that a backend made remember their place, so that their data can be put
 * there at its full precision.
 */
export interface Loss {
  (mu: Measure, nu: Measure): Scalar
  readonly place?: Place
}

/** The loss `evaluate`, computed at `place`; of the tensors made on the way only its value stays. */
export const lossAt = (place: Place, evaluate: (mu: Measure, nu: Measure) => Scalar): Loss =>
  Object.assign((mu: Measure, nu: Measure): Scalar => place.within(() => tidy(() => evaluate(mu, nu))), { place })
