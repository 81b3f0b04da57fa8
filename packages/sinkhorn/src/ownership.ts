import type { Vectors } from '@monge/backend'

/** Holds the vectors of an iteration's latest state across scopes, and frees those of the state before. */
export interface Ownership<V> {
  /** Makes a state, of which these vectors are to live. */
  readonly make: <A>(body: () => A, live: (made: A) => readonly V[]) => A
  /** Frees all but these, which are the caller's from now on. */
  readonly handOver: (vectors: readonly V[]) => void
  readonly release: () => void
}

export const ownership = <V>(vectors: Vectors<V>): Ownership<V> => {
  let held: ReadonlySet<V> = new Set()
  const hold = (next: readonly V[]): void => {
    const kept = new Set(next)
    held.forEach((vector) => {
      if (!kept.has(vector)) vectors.release(vector)
    })
    held = kept
  }
  return {
    make: (body, live) => {
      const made = vectors.scope(() => {
        const result = body()
        live(result).forEach((vector) => vectors.keep(vector))
        return result
      })
      hold(live(made))
      return made
    },
    handOver: (mine) => {
      hold(mine)
      held = new Set()
    },
    release: () => hold([]),
  }
}
