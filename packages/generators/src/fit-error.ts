import { isMongeError, mongeError } from '@monge/errors'
import type { MongeError } from '@monge/errors'
import { checkpointOf } from './checkpoint.js'
import type { Checkpoint } from './checkpoint.js'
import type { Params } from './params.js'
import { copyState } from './state-tree.js'

/** A fit that diverged, and where it last stood well: `last` is a copy, the catcher's to dispose of. */
export interface FitError<P extends Params = Params, State = unknown> extends MongeError {
  readonly tag: 'Diverged'
  readonly last: Checkpoint<P, State>
}

/** Whether a caught value tells of a fit that diverged. */
export const isFitError = (value: unknown): value is FitError =>
  isMongeError(value) && value.tag === 'Diverged' && 'last' in value

/** The error of a step from a good state that went wrong. */
export const fitError = <P extends Params, State>(
  state: Checkpoint<P, State>,
  cause: MongeError,
): FitError<P, State> => {
  const error = cause.where === 'fit' ? cause : mongeError('Diverged', 'fit', `${cause.message}, after ${state.iteration + 1} steps`, cause)
  return Object.assign(error, { tag: 'Diverged' as const, last: copyState(checkpointOf(state)) })
}
