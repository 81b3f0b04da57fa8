import type { Place } from '@monge/backend'
import { mongeError, requireInteger, requireKnownKeys } from '@monge/errors'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { gradientAt } from '../field.js'
import type { StochasticPotential } from '../stochastic.js'
import { fromFunction } from './from-function.js'

/** A sum over data in a user's words. */
export interface TermsOptions {
  /** How many terms there are. */
  readonly terms: number
  /**
   * At points `[n, d]`, `V_0 + (terms / batch.length) sum_(i in batch) V_i`, of tfjs operations: `[n]`. Of all indices
   * in ascending order it is V itself.
   */
  readonly value: (points: Tensor2D, batch: Int32Array) => Tensor
  readonly dimension?: number
  readonly name?: string
}

/**
 * The potential of a sum over data that can be estimated from some of its terms; tfjs differentiates it.
 *
 * @throws InvalidOption
 */
export const fromTerms = (options: TermsOptions): ((place: Place) => StochasticPotential) => {
  requireKnownKeys(['terms', 'value', 'dimension', 'name'])('fromTerms', options)
  const { terms, value, ...rest } = options
  requireInteger(1)('fromTerms: terms', terms)
  if (typeof value !== 'function') throw mongeError('InvalidOption', 'fromTerms: value', 'expected a function')
  const every = Int32Array.from({ length: terms }, (_, index) => index)
  return (place) => ({
    ...fromFunction({ ...rest, value: (points) => value(points, every) })(place),
    terms,
    batchGradient: (points, d, batch) => {
      const estimate = fromFunction({ ...rest, value: (x) => value(x, batch) })(place)
      return gradientAt(estimate, points, d)
    },
  })
}
