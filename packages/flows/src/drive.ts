import { mongeError } from '@monge/errors'
import { Tensor } from '@tensorflow/tfjs-core'

/** An iteration over states that hold tensors, as `drive` runs it. */
export interface Iteration<State> {
  /** Names the caller in errors. */
  readonly where: string
  init(): State
  step(state: State): State
  /** Whether this state, after so many steps, is the last. */
  ended(state: State, taken: number): boolean
  /** States that are passed over are computed and not handed out; by default none. */
  skipped?(taken: number): boolean
  /** Called with every state that is handed out. */
  readonly onProgress?: ((state: State) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** What the first state holds of the caller's, and no one else may free. */
  readonly borrowed?: unknown
}

/**
 * The states of an iteration, the first included, one by one as they are asked for. A state's tensors are freed when the
 * next one is there, but for those that both hold, and at the end; tensors are looked for in records and lists.
 *
 * @throws Aborted before the step that follows the signal; whatever the iteration throws
 */
export function* drive<State>(iteration: Iteration<State>): Generator<State, void> {
  const { where, ended, skipped, onProgress, signal, borrowed } = iteration
  const lent = tensorsOf(borrowed)
  checkSignal(where, signal)
  let state = iteration.init()
  try {
    for (let taken = 0; ; taken++) {
      if (skipped?.(taken) !== true) {
        onProgress?.(state)
        yield state
      }
      if (ended(state, taken)) return
      checkSignal(where, signal)
      const next = iteration.step(state)
      release(state, new Set([...lent, ...tensorsOf(next)]))
      state = next
    }
  } finally {
    release(state, lent)
  }
}

/** The same states, giving way to other work on the event loop about every `pause` milliseconds. */
export async function* givingWay<State>(states: Generator<State, void>, pause: number): AsyncGenerator<State, void> {
  let resumed = performance.now()
  for (const state of states) {
    yield state
    if (performance.now() - resumed < pause) continue
    await new Promise((resolve) => setTimeout(resolve, 0))
    resumed = performance.now()
  }
}

/** The tensors in a value, in its records and its lists. */
export const tensorsOf = (value: unknown): ReadonlySet<Tensor> => {
  const found = new Set<Tensor>()
  collect(value, found)
  return found
}

const collect = (value: unknown, found: Set<Tensor>): void => {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
  if (value instanceof Tensor) found.add(value as Tensor)
  else for (const part of Object.values(value)) collect(part, found)
}

const release = (state: unknown, kept: ReadonlySet<Tensor>): void => {
  for (const tensor of tensorsOf(state)) if (!kept.has(tensor)) tensor.dispose()
}

const checkSignal = (where: string, signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) throw mongeError('Aborted', where, 'the signal was raised', signal.reason)
}
