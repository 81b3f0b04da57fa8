import { isMongeError } from '@monge/errors'
import type { MongeError } from '@monge/errors'
import type { Checkpoint } from './fit.js'
import type { Params } from './params.js'

/** A fit that diverged, and where it last stood well: `last` is a copy, the catcher's to dispose of. */
export interface FitError<P extends Params = Params, State = unknown> extends MongeError {
  readonly tag: 'Diverged'
  readonly last: Checkpoint<P, State>
}

/** Whether a caught value tells of a fit that diverged. */
export const isFitError = (value: unknown): value is FitError =>
  isMongeError(value) && value.tag === 'Diverged' && 'last' in value

/** An error that tells of divergence, with the last good checkpoint. */
export const fitError = <P extends Params, State>(
  error: MongeError,
  last: Checkpoint<P, State>,
): FitError<P, State> => Object.assign(error, { tag: 'Diverged' as const, last })
