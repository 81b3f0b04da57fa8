import { constant } from '@monge/backend'
import { add, mul, sub, tidy } from '@tensorflow/tfjs-core'
import type { TensorContainer } from '@tensorflow/tfjs-core'
import { between } from './engine/elementwise.js'
import { machineHere } from './engine/machine.js'
import { sumOf } from './models/sum.js'
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
  /** The update and its application in one go, to the same bits: for those that are faster so, and where they are. */
  move?<P extends Params>(gradients: P, state: State, params: P): Moved<P, State> | undefined
}

/** The next parameters, and what an optimiser remembers. */
export interface Moved<P extends Params, State> {
  readonly params: P
  readonly state: State
}

/** The parameters that an optimiser goes on to: `applyUpdates` of its update. No other tensor is left. */
export const moveBy =
  <State>(optimiser: Optimiser<State>) =>
  <P extends Params>(gradients: P, before: State, params: P): Moved<P, State> => {
    const moved = optimiser.move?.(gradients, before, params)
    if (moved !== undefined) return moved
    const body = (): Moved<P, State> => {
      const { updates, state } = optimiser.update(gradients, before, params)
      return { params: applyUpdates(updates)(params), state }
    }
    // A record of tensors is what tidy is for, though its type does not take it for a container.
    return tidy(body as unknown as () => TensorContainer) as unknown as Moved<P, State>
  }

/** `params + updates`, leaf by leaf: new tensors, the old ones left alone. */
export const applyUpdates =
  (updates: Params) =>
  <P extends Params>(params: P): P =>
    zipParams((leaf, change) => tidy(() => sumOf(leaf, change)))(params, updates)

/** `params + share (target - params)`, leaf by leaf: new tensors, the old ones left alone. A moving average's step. */
export const stepTowards =
  (share: number) =>
  <P extends Params>(params: P, target: P): P =>
    zipParams((from, to) => {
      const machine = machineHere()
      return (
        (machine && between(machine, from, to, share)) ?? tidy(() => add(from, mul(sub(to, from), constant(share))))
      )
    })(params, target)
