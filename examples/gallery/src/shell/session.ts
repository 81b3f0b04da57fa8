import type { BackendName, Frame, Settings } from '../experiment.js'
import type { Failure, FromWorker, ToWorker } from '../messages.js'

/** Told of what the worker says of the latest run. */
export interface Listener {
  readonly started: (precision: string) => void
  readonly frame: (frame: Frame, milliseconds: number) => void
  readonly done: () => void
  readonly failed: (failure: Failure) => void
}

/** The worker of an open experiment: one run after another. */
export interface Session {
  readonly start: (settings: Settings, backend: BackendName) => void
  /** Asks for the next frame. */
  readonly pull: () => void
  /** Ends the run, and with it the worker, whatever it is doing. */
  readonly close: () => void
}

// A worker that is so long in a step that it does not even hear of the next run is ended, and another takes its place.
const patience = 1500

export const session = (id: string, listener: Listener): Session => {
  let worker: Worker | undefined
  let run = 0
  let deadline: ReturnType<typeof setTimeout> | undefined

  const close = (): void => {
    clearTimeout(deadline)
    worker?.terminate()
    worker = undefined
  }

  const hear = ({ data }: MessageEvent<FromWorker>): void => {
    if (data.run !== run) return
    switch (data.kind) {
      case 'heard':
        return clearTimeout(deadline)
      case 'started':
        return listener.started(data.precision)
      case 'frame':
        return listener.frame(data.frame, data.milliseconds)
      case 'done':
        return listener.done()
      case 'failed':
        return listener.failed(data.failure)
    }
  }

  const open = (): Worker => {
    const opened = new Worker(new URL('../worker.ts', import.meta.url), { type: 'module' })
    opened.addEventListener('message', hear)
    opened.addEventListener('error', (event) => {
      close()
      listener.failed({ tag: 'Error', message: event.message || 'the worker did not load' })
    })
    return opened
  }

  const say = (message: ToWorker): void => worker?.postMessage(message)

  const start = (settings: Settings, backend: BackendName): void => {
    run += 1
    clearTimeout(deadline)
    const fresh = worker === undefined
    worker ??= open()
    say({ kind: 'start', run, id, settings, backend })
    // A new worker is still loading its code, which takes as long as the network does.
    if (fresh) return
    deadline = setTimeout(() => {
      close()
      start(settings, backend)
    }, patience)
  }

  return { start, pull: () => say({ kind: 'pull', run }), close }
}
