import { requireInteger, requireKnownKeys } from '@monge/errors'
import { drive } from '@monge/flows'
import type { Key } from '@monge/random'

/** What all trainings know of where they are. */
export interface TrainingState {
  /** The number of steps taken. */
  readonly iteration: number
  /** The training's key, the same all along: the step from iteration t draws from `fold(t)` of it. */
  readonly key: Key
  /** The loss that the last step went down, before it did; not a number at the start. */
  readonly loss: number
}

/** A training: a first state, and from each state the next. It changes and frees nothing that it is given. */
export interface Training<State extends TrainingState = TrainingState> {
  init(key: Key): State
  step(state: State): State
}

/** When a training ends, and who is told of it. */
export interface TrainOptions<State> {
  readonly steps: number
  /** Ends the training with an error, before the next step. */
  readonly signal?: AbortSignal
  /** Called with every state. */
  readonly onProgress?: (state: State) => void
}

/**
 * The states of a training, the first included, one by one as they are asked for. A state's tensors live until the next
 * is asked for, or the iteration ends: `copyParams` what is to be kept.
 *
 * @throws InvalidOption; Aborted; whatever the training throws
 */
export const train = <State extends TrainingState>(
  training: Training<State>,
  key: Key,
  options: TrainOptions<State>,
): Generator<State, void> => {
  requireKnownKeys(['steps', 'signal', 'onProgress'])('train', options)
  const steps = requireInteger(0)('train: steps', options.steps)
  return drive({
    where: 'train',
    init: () => training.init(key),
    step: (state) => training.step(state),
    ended: ({ iteration }) => iteration >= steps,
    onProgress: options.onProgress,
    signal: options.signal,
  })
}
