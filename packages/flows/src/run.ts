import { mongeError, requireInteger } from '@monge/errors'
import type { Measure } from '@monge/measures'
import type { Flow, FlowState } from './flow.js'

/** When a run ends, and who is told of it. */
export interface RunOptions {
  /** The most steps; without a number, as many as are asked for. */
  readonly steps?: number
  /** Ends the run after the first state of which this is true. */
  readonly until?: (state: FlowState) => boolean
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
 * @throws InvalidOption; Aborted; whatever the loss throws
 */
export function* run<Memory>(
  flow: Flow<Memory>,
  mu: Measure,
  nu: Measure,
  options: RunOptions = {},
): Generator<FlowState<Memory>, void> {
  const { steps = Infinity, until, signal, onProgress } = options
  if (steps !== Infinity) requireInteger(0)('run: steps', steps)
  checkSignal(signal)
  let state = flow.init(mu, nu)
  try {
    for (;;) {
      onProgress?.(state)
      yield state
      if (state.iteration >= steps || until?.(state) === true) return
      checkSignal(signal)
      const next = flow.step(state)
      flow.dispose(state, next)
      state = next
    }
  } finally {
    flow.dispose(state)
  }
}

/** The same, giving way to other work on the event loop (timers, rendering, an abort) after every state. */
export async function* runAsync<Memory>(
  flow: Flow<Memory>,
  mu: Measure,
  nu: Measure,
  options: RunOptions = {},
): AsyncGenerator<FlowState<Memory>, void> {
  for (const state of run(flow, mu, nu, options)) {
    yield state
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
}

/** The last state of a run, as a copy that is the caller's to dispose of. */
export const last = <Memory>(
  flow: Flow<Memory>,
  mu: Measure,
  nu: Measure,
  options: RunOptions & { readonly steps: number },
): KeptState => {
  let kept: KeptState | undefined
  for (const state of run(flow, mu, nu, options)) {
    disposeState(kept)
    kept = copyState(state)
  }
  return kept as KeptState
}

/** A state without the rule of motion's memory, whose tensors nobody else disposes of. */
export type KeptState = Omit<FlowState, 'memory'>

/** A copy of a state that outlives the run. */
export const copyState = ({ memory: _memory, measure, velocity, ...rest }: FlowState): KeptState => ({
  ...rest,
  measure: { weights: measure.weights.clone(), points: measure.points.clone() },
  velocity: velocity.clone(),
})

/** Frees a copied state. */
export const disposeState = (state: KeptState | undefined): void => {
  state?.measure.weights.dispose()
  state?.measure.points.dispose()
  state?.velocity.dispose()
}

const checkSignal = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) throw mongeError('Aborted', 'run', 'the signal was raised', signal.reason)
}
