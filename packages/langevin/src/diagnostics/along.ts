import { requireInteger, requireKnownKeys } from '@monge/errors'
import { toNumber } from '@monge/losses'
import type { Loss } from '@monge/losses'
import type { Measure } from '@monge/measures'
import type { ChainState } from '../sampler.js'

/** How far a run was from its reference, and when. */
export interface LossAlong {
  readonly iteration: number
  readonly value: number
}

/**
 * A loss between the chains and reference samples of the target at every so many states of a run, lazily: with
 * `sinkhornDivergence` it says when a run arrives, in units of transport, whatever the potential.
 *
 * @param options `every`: which states, 1 by default
 * @example
 * for (const { iteration, value } of lossAlong(sinkhornDivergence({ p: 2, blur: 0.1 })(backend))(reference)(states)) …
 */
export const lossAlong = (
  loss: Loss,
  options: { readonly every?: number } = {},
): ((reference: Measure) => (states: Iterable<Pick<ChainState, 'iteration' | 'measure'>>) => Iterable<LossAlong>) => {
  requireKnownKeys(['every'])('lossAlong', options)
  const every = requireInteger(1)('lossAlong: every', options.every ?? 1)
  return (reference) => (states) => ({
    *[Symbol.iterator]() {
      let index = 0
      for (const { iteration, measure } of states)
        if (index++ % every === 0) yield { iteration, value: toNumber(loss)(measure, reference) }
    },
  })
}
