/**
 * An algorithm that iterates: a first state from where it is to start, and from each state the next. Neither changes or
 * frees what it is given; a state may share tensors with the one before it.
 */
export interface Iteration<Start, State> {
  init(start: Start): State
  step(state: State): State
}

/** What every state tells. */
export interface IterationState {
  /** The number of steps taken. */
  readonly iteration: number
  /** The loss. */
  readonly value: number
}
