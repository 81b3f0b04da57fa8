import type { Key } from '@monge/random'
import type { Params } from './params.js'

/** All that a fit needs to go on from somewhere: the same checkpoint, the same continuation, bit for bit. */
export interface Checkpoint<P extends Params = Params, State = unknown> {
  /** The number of steps taken. */
  readonly iteration: number
  /** What all randomness comes from; step k draws from its fold by k. */
  readonly key: Key
  readonly params: P
  /** What the optimiser remembers. */
  readonly optimiser: State
  /** The moving average of the parameters, where one was asked for. */
  readonly average?: P
}

/** What a fit needs to go on from a state, without what it can work out again. The tensors are the state's. */
export const checkpointOf = <P extends Params, State>(state: Checkpoint<P, State>): Checkpoint<P, State> => {
  const { iteration, key, params, optimiser, average } = state
  return { iteration, key, params, optimiser, ...(average === undefined ? {} : { average }) }
}
