import { add, tidy } from '@tensorflow/tfjs-core'
import type { Params } from './params.js'
import { zipParams } from './tree.js'

/** What an optimiser proposes to add to the parameters, and what it remembers. */
export interface Update<P extends Params, State> {
  readonly updates: P
  readonly state: State
}

/**
 * A pure transformation of gradients into updates, in the sense of optax: `params + updates` are the next parameters.
 * States are plain records of numbers and tensors; nothing given is changed or freed.
 */
export interface Optimiser<State = unknown> {
  init(params: Params): State
  update<P extends Params>(gradients: P, state: State, params: P): Update<P, State>
}

/** `params + updates`, leaf by leaf: new tensors, the old ones left alone. */
export const applyUpdates =
  (updates: Params) =>
  <P extends Params>(params: P): P =>
    zipParams((leaf, change) => tidy(() => add(leaf, change)))(params, updates)
