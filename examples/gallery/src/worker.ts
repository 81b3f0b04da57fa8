import { backendOf, forget } from './backends.js'
import { failureOf } from './failure.js'
import { postable } from './postable.js'
import type { Frame, Run } from './experiment.js'
import type { FromWorker, ToWorker } from './messages.js'

/*
 * Where experiments compute, off the page's thread: one run at a time, a frame for each that the page asks for.
 */

interface Experiment {
  readonly run: Run
}

const runs = import.meta.glob<Experiment>('./experiments/*/run.ts')

// The page's types know a window here, and not a worker's scope.
interface Scope {
  postMessage(message: FromWorker, transfers?: readonly Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void
}
const scope = globalThis as unknown as Scope

type Start = Extract<ToWorker, { readonly kind: 'start' }>

interface Task {
  readonly run: number
  readonly controller: AbortController
  /** Frames asked for and not yet begun. */
  pulls: number
  wake: () => void
}

let task: Task | undefined
let before: Promise<void> = Promise.resolve()

const pulled = async (current: Task): Promise<void> => {
  while (current.pulls === 0 && !current.controller.signal.aborted)
    await new Promise<void>((resolve) => {
      current.wake = resolve
    })
  current.pulls -= 1
}

const postFrame = (run: number, frame: Frame, milliseconds: number): void => {
  const { value, transfers } = postable(frame)
  scope.postMessage({ kind: 'frame', run, frame: value as Frame, milliseconds }, transfers)
}

const compute = async ({ id, settings, backend: name }: Start, current: Task): Promise<void> => {
  const { run } = current
  const { signal } = current.controller
  const load = runs[`./experiments/${id}/run.ts`]
  if (load === undefined) throw new Error(`there is no experiment "${id}"`)
  const { run: start } = await load()
  const backend = await backendOf(name)
  if (signal.aborted) return
  scope.postMessage({ kind: 'started', run, precision: backend.precision })
  const frames = start(settings, { backend, signal })[Symbol.asyncIterator]()
  try {
    for (;;) {
      await pulled(current)
      if (signal.aborted) return
      const asked = performance.now()
      const next = await frames.next()
      if (signal.aborted) return
      if (next.done === true) return scope.postMessage({ kind: 'done', run })
      postFrame(run, next.value, performance.now() - asked)
    }
  } finally {
    await frames.return?.()
  }
}

const abort = (): void => {
  task?.controller.abort()
  task?.wake()
  task = undefined
}

// tfjs has one current backend: a run begins when the one before it has let go.
const computeAfter = async (earlier: Promise<void>, message: Start, current: Task): Promise<void> => {
  await earlier
  const { signal } = current.controller
  try {
    if (!signal.aborted) await compute(message, current)
  } catch (error) {
    const failure = failureOf(error)
    // A GPU that was taken away does not come back to the backend that had it.
    if (failure.tag === 'BackendFailure') forget(message.backend)
    if (!signal.aborted) scope.postMessage({ kind: 'failed', run: message.run, failure })
  }
}

const begin = (message: Start): void => {
  abort()
  const { run } = message
  scope.postMessage({ kind: 'heard', run })
  const current: Task = { run, controller: new AbortController(), pulls: 0, wake: () => undefined }
  task = current
  before = computeAfter(before, message, current)
}

scope.addEventListener('message', ({ data }) => {
  switch (data.kind) {
    case 'start':
      return begin(data)
    case 'pull':
      if (task?.run !== data.run) return
      task.pulls += 1
      return task.wake()
    case 'stop':
      return abort()
  }
})
