import { nodeSource, pageSource } from './worker-source.js'

/** What a worker needs: the compiled kernels, the shared memory, and the address of its scratch memory. */
export interface WorkerData {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly scratch: number
}

/** How this place starts threads. */
export interface Workers {
  /** Threads that run at the same time here. */
  readonly concurrency: number
  /** Starts one; `onDeath` is called when it ends by itself. */
  readonly start: (data: WorkerData, onDeath: (cause: unknown) => void) => { readonly stop: () => void }
}

interface NodeWorker {
  on(event: 'error' | 'exit', listener: (cause: unknown) => void): unknown
  unref(): void
  terminate(): Promise<number>
}

interface WorkerThreads {
  readonly Worker: new (source: string, options: object) => NodeWorker
}

interface OperatingSystem {
  readonly availableParallelism: () => number
}

/** The threads of this place, or undefined where memory cannot be shared. */
export const workersHere = async (): Promise<Workers | undefined> => {
  if (typeof SharedArrayBuffer === 'undefined') return undefined
  if (isNode()) return nodeWorkers()
  // A page shares memory only if it is cross-origin isolated.
  const page = globalThis as { readonly crossOriginIsolated?: boolean }
  return page.crossOriginIsolated === true && typeof Worker !== 'undefined' ? pageWorkers() : undefined
}

const isNode = (): boolean => {
  const { process } = globalThis as { readonly process?: { readonly versions?: { readonly node?: string } } }
  return process?.versions?.node !== undefined
}

// Names that no bundler follows: a page has no such modules, and never comes here.
const builtin = async <M>(name: string): Promise<M> =>
  (await import(/* @vite-ignore */ /* webpackIgnore: true */ `node:${name}`)) as M

const nodeWorkers = async (): Promise<Workers> => {
  const { Worker } = await builtin<WorkerThreads>('worker_threads')
  const { availableParallelism } = await builtin<OperatingSystem>('os')
  return {
    concurrency: availableParallelism(),
    start: (data, onDeath) => {
      const worker = new Worker(nodeSource, { eval: true, workerData: data, execArgv: [] })
      let stopping = false
      worker.on('error', onDeath)
      worker.on('exit', (code) => {
        if (!stopping) onDeath(code)
      })
      // Waiting workers must not keep the process alive.
      worker.unref()
      return {
        stop: () => {
          stopping = true
          void worker.terminate()
        },
      }
    },
  }
}

const pageWorkers = (): Workers => ({
  concurrency: navigator.hardwareConcurrency,
  start: (data, onDeath) => {
    const url = URL.createObjectURL(new Blob([pageSource], { type: 'text/javascript' }))
    const worker = new Worker(url)
    worker.addEventListener('error', onDeath)
    worker.postMessage(data, [])
    return {
      stop: () => {
        worker.terminate()
        URL.revokeObjectURL(url)
      },
    }
  },
})
