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
    const before = currentBackend()
    if (before === name) return body()
    void setBackend(name)
    try {
      return body()
    } finally {
      if (before !== undefined) void setBackend(before)
    }
  },
})

/** The name of tfjs's current backend, if it has one: not before the first has started, nor after one has failed to. */
export const currentBackend = (): string | undefined => (engine().backendName as string | null | undefined) ?? undefined
