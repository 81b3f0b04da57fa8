import { mongeError, requireInteger, requireKnownKeys } from '@monge/errors'
import type { Iteration, IterationState } from './iteration.js'
import { releaseState } from './state-tree.js'

/** When a run ends, and who is told of it. */
export interface RunOptions<State> {
  /** Ends the run after the state of this iteration, counted from the first start; without it, never. */
  readonly steps?: number
  /** Ends the run after the first state of which this is true. */
  readonly until?: (state: State) => boolean
  /** Ends the run with an error, before the next step. */
  readonly signal?: AbortSignal
  /** Called with every state. */
  readonly onProgress?: (state: State) => void
}

/**
 * The states of an iteration from its start, the first included: computed one by one, as they are asked for. A state's
 * tensors live until the next one is asked for, or the iteration ends; `copyState` what is to be kept.
 *
 * @throws InvalidOption; Aborted; whatever the iteration throws
 */
export const run = <Start, State extends IterationState>(
  iteration: Iteration<Start, State>,
  start: Start,
  options: RunOptions<State> = {},
): Generator<State, void> => releasing(statesOf('run', iteration, start, options))

/** The same, giving way to other work on the event loop (timers, rendering, an abort) about every `pause` milliseconds. */
export const runAsync = <Start, State extends IterationState>(
  iteration: Iteration<Start, State>,
  start: Start,
  options: RunOptions<State> = {},
  pause = 10,
): AsyncGenerator<State, void> => givingWay(releasing(statesOf('runAsync', iteration, start, options)), pause)

/** The end of a run, as a copy that is the caller's to dispose of, with the losses on the way. */
export type Last<State> = State & {
  /** The value of every state, the first and the last included. */
  readonly history: readonly number[]
}

/** Runs to the end. */
export const last = <Start, State extends IterationState>(
  iteration: Iteration<Start, State>,
  start: Start,
  options: RunOptions<State>,
): Last<State> => {
  const history: number[] = []
  const states = statesOf('last', iteration, start, options)
  for (let next = states.next(); ; next = states.next()) {
    if (next.done === true) return { ...next.value, history }
    history.push(next.value.value)
  }
}

/** The same, giving way to other work as `runAsync` does. */
export const lastAsync = async <Start, State extends IterationState>(
  iteration: Iteration<Start, State>,
  start: Start,
  options: RunOptions<State>,
  pause = 10,
): Promise<Last<State>> => {
  const history: number[] = []
  const states = givingWay(statesOf('lastAsync', iteration, start, options), pause)
  for (let next = await states.next(); ; next = await states.next()) {
    if (next.done === true) return { ...next.value, history }
    history.push(next.value.value)
  }
}

const statesOf = <Start, State extends IterationState>(
  where: string,
  iteration: Iteration<Start, State>,
  start: Start,
  options: RunOptions<State>,
): Generator<State, State> => {
  requireKnownKeys(['steps', 'until', 'signal', 'onProgress'])(where, options)
  const { steps = Infinity } = options
  if (steps !== Infinity) requireInteger(0)(`${where}: steps`, steps)
  return iterate(where, iteration, start, { ...options, steps })
}

function* iterate<Start, State extends IterationState>(
  where: string,
  { init, step }: Iteration<Start, State>,
  start: Start,
  { steps, until, signal, onProgress }: RunOptions<State> & { readonly steps: number },
): Generator<State, State> {
  checkSignal(where, signal)
  let state = init(start)
  let handedOver = false
  try {
    for (;;) {
      onProgress?.(state)
      yield state
      if (state.iteration >= steps || until?.(state) === true) {
        handedOver = true
        return state
      }
      checkSignal(where, signal)
      const next = step(state)
      releaseState(state, next)
      state = next
    }
  } finally {
    if (!handedOver) releaseState(state)
  }
}

/** The states of a run whose last is nobody's. */
function* releasing<State>(states: Generator<State, State>): Generator<State, void> {
  releaseState(yield* states)
}

async function* givingWay<State, End>(states: Generator<State, End>, pause: number): AsyncGenerator<State, End> {
  let resumed = performance.now()
  try {
    for (let next = states.next(); ; next = states.next()) {
      if (next.done === true) return next.value
      yield next.value
      if (performance.now() - resumed < pause) continue
      await new Promise((resolve) => setTimeout(resolve, 0))
      resumed = performance.now()
    }
  } finally {
    // Where the reader has left, the states are let go of; their end has been handed over otherwise.
    states.return(undefined as End)
  }
}

const checkSignal = (where: string, signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) throw mongeError('Aborted', where, 'the signal was raised', signal.reason)
}
