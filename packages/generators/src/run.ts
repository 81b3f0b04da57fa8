import { requireInteger, requireKnownKeys } from '@monge/errors'
import { drive, givingWay } from '@monge/flows'
import type { Iteration, IterationState } from './iteration.js'
import { copyState } from './state-tree.js'

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
): Generator<State, void> => statesOf('run', iteration, start, options)

/** The same, giving way to other work on the event loop (timers, rendering, an abort) about every `pause` milliseconds. */
export const runAsync = <Start, State extends IterationState>(
  iteration: Iteration<Start, State>,
  start: Start,
  options: RunOptions<State> = {},
  pause = 10,
): AsyncGenerator<State, void> => givingWay(statesOf('runAsync', iteration, start, options), pause)

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
  const [history, ends]: [number[], State[]] = [[], []]
  for (const { value } of statesOf('last', iteration, start, options, keptIn(ends))) history.push(value)
  return { ...(ends[0] as State), history }
}

/** The same, giving way to other work as `runAsync` does. */
export const lastAsync = async <Start, State extends IterationState>(
  iteration: Iteration<Start, State>,
  start: Start,
  options: RunOptions<State>,
  pause = 10,
): Promise<Last<State>> => {
  const [history, ends]: [number[], State[]] = [[], []]
  const states = statesOf('lastAsync', iteration, start, options, keptIn(ends))
  for await (const { value } of givingWay(states, pause)) history.push(value)
  return { ...(ends[0] as State), history }
}

/** Keeps a copy of the state at the end. */
const keptIn =
  <State>(ends: State[]) =>
  (state: State): void => {
    ends.push(copyState(state))
  }

const statesOf = <Start, State extends IterationState>(
  where: string,
  { init, step }: Iteration<Start, State>,
  start: Start,
  options: RunOptions<State>,
  onEnd?: (state: State) => void,
): Generator<State, void> => {
  requireKnownKeys(['steps', 'until', 'signal', 'onProgress'])(where, options)
  const { steps = Infinity, until, onProgress, signal } = options
  if (steps !== Infinity) requireInteger(0)(`${where}: steps`, steps)
  return drive<State>({
    where,
    init: () => init(start),
    step,
    ended: (state) => {
      const isEnd = state.iteration >= steps || until?.(state) === true
      if (isEnd) onEnd?.(state)
      return isEnd
    },
    onProgress,
    signal,
  })
}
