import type { Optimiser } from '../optimiser.js'
import type { Params } from '../params.js'
import { tidied } from './transform.js'

/**
 * Each of the transformations in turn, on what the one before made of the gradients. A chain of chains is the chain of
 * all; that of none is the identity.
 */
export const chain = (...parts: readonly Optimiser[]): Optimiser<readonly unknown[]> => ({
  init: (params) => parts.map((part) => part.init(params)),
  update: <P extends Params>(gradients: P, states: readonly unknown[], params: P) =>
    tidied(() => {
      const next: unknown[] = []
      const updates = parts.reduce((incoming, part, i) => {
        const update = part.update(incoming, states[i], params)
        next.push(update.state)
        return update.updates
      }, gradients)
      return { updates, state: next as readonly unknown[] }
    }),
})
