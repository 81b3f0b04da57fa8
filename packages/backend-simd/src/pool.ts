import { mongeError } from '@monge/errors'
import { awake, chunkBits, controlAddress, controlLength, controlWords, jobAddress, looks } from './layout.js'
import type { Run } from './module.js'
import type { Workers } from './workers.js'

/** Runs the chunks of the job that stands at its address. */
export interface Pool {
  readonly perform: (format: number, chunks: number) => void
}

/** The most chunks that a job may have: what the shared word holds, less what late workers count beyond. */
export const mostChunks: number = 2 ** chunkBits - 1024

/** All chunks on this thread, one after the other. */
export const onePool = (run: Run, scratch: number): Pool => ({
  perform: (format, chunks) => {
    for (let chunk = 0; chunk < chunks; chunk++) run(format, jobAddress, chunk, scratch)
  },
})

/** What a pool of threads is made from. */
export interface PoolOptions {
  readonly run: Run
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly workers: Workers
  /** The scratch memory of each thread; the first is the caller's own. */
  readonly scratches: readonly number[]
  /** How long no chunk may come to its end before the workers are taken for dead, in milliseconds. */
  readonly patience: number
}

/**
 * Chunks on several threads, this one among them. The workers start with the first job that has work for them, and it
 * does not wait for them to be up: whoever is there takes the next chunk.
 *
 * A worker that has died makes the job that missed it, or the next one, throw BackendFailure; the pool goes on without
 * workers.
 */
export const threadPool = (options: PoolOptions): Pool => {
  const { run, module, memory, workers, patience } = options
  const [own = 0, ...others] = options.scratches
  const control = new Int32Array(memory.buffer, controlAddress, controlLength)
  const alone = onePool(run, own)
  const mayWait = waitAllowed(control)
  let team: readonly { readonly stop: () => void }[] | undefined
  let dead: { readonly cause: unknown } | undefined
  let dismissed = false

  const dismiss = (): void => {
    dismissed = true
    team?.forEach(({ stop }) => stop())
    team = []
  }

  const fail = (what: string, cause?: unknown): never => {
    dismiss()
    throw mongeError('BackendFailure', 'simdBackend', `${what}; further work is done on one thread`, cause)
  }

  const start = (): void => {
    team = others.map((scratch) =>
      workers.start({ module, memory, scratch }, (cause) => {
        dead ??= { cause }
      }),
    )
  }

  const waitForOthers = (total: number): void => {
    let seen = Atomics.load(control, controlWords.done)
    let since = seen < total ? performance.now() : 0
    for (let look = 1; seen < total; look++) {
      const now = Atomics.load(control, controlWords.done)
      if (now === seen && look % looks !== 0) continue
      const time = performance.now()
      if (now !== seen) {
        seen = now
        since = time
      } else if (time - since > patience) {
        fail('a worker thread took work and did not finish it')
      } else if (mayWait && time - since > awake.caller) {
        Atomics.wait(control, controlWords.done, seen, 50)
      }
    }
  }

  return {
    perform: (format, chunks) => {
      if (dead !== undefined && !dismissed) fail('a worker thread died', dead.cause)
      if (chunks < 2 || dismissed) {
        alone.perform(format, chunks)
        return
      }
      if (team === undefined) start()
      Atomics.store(control, controlWords.format, format)
      Atomics.store(control, controlWords.done, 0)
      Atomics.store(control, controlWords.next, chunks << chunkBits)
      Atomics.add(control, controlWords.round, 1)
      // To wake what is awake would take as long as a small job.
      if (Atomics.load(control, controlWords.asleep) > 0) Atomics.notify(control, controlWords.round)
      for (;;) {
        const chunk = Atomics.add(control, controlWords.next, 1) & (2 ** chunkBits - 1)
        if (chunk >= chunks) break
        run(format, jobAddress, chunk, own)
        Atomics.add(control, controlWords.done, 1)
      }
      waitForOthers(chunks)
    },
  }
}

/** A page's main thread may not sleep; it must spin. */
const waitAllowed = (control: Int32Array): boolean => {
  try {
    Atomics.wait(control, controlWords.done, -1, 0)
    return true
  } catch {
    return false
  }
}
