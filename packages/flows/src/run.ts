import { mongeError, requireInteger, requireKnownKeys } from '@monge/errors'
import type { Measure } from '@monge/measures'
import { tensor_util } from '@tensorflow/tfjs-core'
import type { Tensor, TensorContainer } from '@tensorflow/tfjs-core'
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
  return iterate(where, flow, mu, nu, { ...options, steps })
}

function* iterate<Memory>(
  where: string,
  flow: Flow<Memory>,
  mu: Measure,
  nu: Measure,
  { steps, until, signal, onProgress }: RunOptions & { readonly steps: number },
): Generator<FlowState<Memory>, void> {
  checkSignal(where, signal)
  let state = flow.init(mu, nu)
  try {
    for (;;) {
      onProgress?.(state)
      yield state
      if (state.iteration >= steps || until?.(state) === true) return
      checkSignal(where, signal)
      const next = flow.step(state)
      release(state, next)
      state = next
    }
  } finally {
    release(state)
  }
}

async function* givingWay<State>(states: Generator<State, void>, pause: number): AsyncGenerator<State, void> {
  let resumed = performance.now()
  for (const state of states) {
    yield state
    if (performance.now() - resumed < pause) continue
    await new Promise((resolve) => setTimeout(resolve, 0))
    resumed = performance.now()
  }
}

const tensorsIn = (state: FlowState | undefined): readonly Tensor[] =>
  tensor_util.getTensorsInContainer(state as unknown as TensorContainer)

/** Frees the tensors of a state, but not what it shares with the next. */
const release = (state: FlowState, next?: FlowState): void => {
  const kept = new Set(tensorsIn(next))
  for (const tensor of tensorsIn(state)) if (!kept.has(tensor)) tensor.dispose()
}

const checkSignal = (where: string, signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) throw mongeError('Aborted', where, 'the signal was raised', signal.reason)
}
