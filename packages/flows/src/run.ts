import { requireInteger, requireKnownKeys } from '@monge/errors'
import type { Measure } from '@monge/measures'
import { drive, givingWay } from './drive.js'
import type { Flow, FlowState } from './flow.js'
import { copyState, disposeState } from './kept-state.js'
import type { KeptState } from './kept-state.js'
import type { Until } from './until.js'

/** When a run ends, and who is told of it. */
export interface RunOptions {
  /** The most steps; without a number, as many as are asked for. */
  readonly steps?: number
  /** Ends the run after the first state of which this is true. */
  readonly until?: Until
  /** Ends the run with an error, before the next step. */
  readonly signal?: AbortSignal
  /** Called with every state. */
  readonly onProgress?: (state: FlowState) => void
}

/**
 * The states of a flow from mu towards nu, the first included: computed one by one, as they are asked for. A state's
 * tensors live until the next one is asked for, or the iteration ends; `copyState` what is to be kept. For the state at
 * the end alone, see `last`.
 *
 * @throws InvalidOption; Aborted; whatever the flow throws
 */
export const run = <Memory>(
  flow: Flow<Memory>,
  mu: Measure,
  nu: Measure,
  options: RunOptions = {},
): Generator<FlowState<Memory>, void> => statesOf('run', flow, mu, nu, options)

/**
 * The same, giving way to other work on the event loop (timers, rendering, an abort) about every `pause` milliseconds.
 */
export const runAsync = <Memory>(
  flow: Flow<Memory>,
  mu: Measure,
  nu: Measure,
  options: RunOptions = {},
  pause = 10,
): AsyncGenerator<FlowState<Memory>, void> => givingWay(statesOf('runAsync', flow, mu, nu, options), pause)

/** The last state of a run, as a copy that is the caller's to dispose of. */
export const last = <Memory>(
  flow: Flow<Memory>,
  mu: Measure,
  nu: Measure,
  options: RunOptions & { readonly steps: number },
): KeptState => {
  let kept: KeptState | undefined
  try {
    for (const state of statesOf('last', flow, mu, nu, options)) {
      disposeState(kept)
      kept = copyState(state)
    }
  } catch (error) {
    disposeState(kept)
    throw error
  }
  return kept as KeptState
}

const statesOf = <Memory>(
  where: string,
  flow: Flow<Memory>,
  mu: Measure,
  nu: Measure,
  options: RunOptions,
): Generator<FlowState<Memory>, void> => {
  requireKnownKeys(['steps', 'until', 'signal', 'onProgress'])(where, options)
  const { steps = Infinity } = options
  if (steps !== Infinity) requireInteger(0)(`${where}: steps`, steps)
  return drive<FlowState<Memory>>({
    where,
    init: () => flow.init(mu, nu),
    step: (state) => flow.step(state),
    ended: (state) => state.iteration >= steps || options.until?.(state) === true,
    onProgress: options.onProgress,
    signal: options.signal,
  })
}
