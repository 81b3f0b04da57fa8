import { engine, setBackend } from '@tensorflow/tfjs-core'

/** The number format of a backend's arithmetic. */
export type Precision = 'float32' | 'float64'

/** Where tensors live and operations run. */
export interface Place {
  /** The name by which tfjs knows it. */
  readonly name: string
  readonly precision: Precision
  /** Runs a synchronous computation there, and puts tfjs back to where it was. */
  within<A>(body: () => A): A
}

/**
 * The place that is a registered and initialised tfjs backend.
 *
 * tfjs has one current backend for the whole process; switching between initialised ones takes effect at once, though
 * `setBackend` returns a promise.
 */
export const tfjsPlace = (name: string, precision: Precision): Place => ({
  name,
  precision,
  within: (body) => {
    const before = current()
    if (before.backendName === name) return body()
    enter(name)
    try {
      return body()
    } finally {
      leave(before)
    }
  },
})

/** What of tfjs's engine says which backend is current. */
interface Current {
  readonly backendName: string | null | undefined
  readonly backendInstance: unknown
  readonly profiler: unknown
}

const current = (): Current => {
  const { backendName, backendInstance, profiler } = engine() as unknown as Current
  return { backendName, backendInstance, profiler }
}

/** The backends that were entered before. */
const entered = new Map<string, Current>()

const isRegistered = ({ backendName, backendInstance }: Current): boolean =>
  typeof backendName === 'string' && (engine().registry[backendName] as unknown) === backendInstance

// setBackend makes all of a backend's kernels ready again, which takes longer than many a computation: once is enough.
const enter = (name: string): void => {
  const known = entered.get(name)
  if (known !== undefined && isRegistered(known)) Object.assign(engine(), known)
  else {
    void setBackend(name)
    if (currentBackend() === name) entered.set(name, current())
  }
}

const leave = (before: Current): void => {
  if (isRegistered(before)) Object.assign(engine(), before)
  else if (typeof before.backendName === 'string') void setBackend(before.backendName)
}

/** The name of tfjs's current backend, if it has one: not before the first has started, nor after one has failed to. */
export const currentBackend = (): string | undefined => (engine().backendName as string | null | undefined) ?? undefined
