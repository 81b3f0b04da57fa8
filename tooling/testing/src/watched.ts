/** What an engine's machine is watched by. */
interface Watchable {
  readonly heap: { readonly allocate: (bytes: number) => number; readonly free: (address: number) => void }
  perform(job: { readonly operation: number }): void
}

type JobOf<M extends Watchable> = Parameters<M['perform']>[0]

/** A machine that keeps its jobs, until they are asked for, and account of its blocks of memory; a block is not freed twice. */
export interface Watched<M extends Watchable> {
  readonly machine: M
  readonly jobs: () => readonly JobOf<M>[]
  /** The same, by the names of their operations. */
  readonly asked: () => readonly string[]
  /** The blocks that are out, with their bytes. */
  readonly live: ReadonlyMap<number, number>
  /** Has no memory for blocks of which this is true. */
  readonly refuse: (when: (bytes: number) => boolean) => void
}

export const watched = <M extends Watchable>(machine: M, operations: Readonly<Record<string, number>>): Watched<M> => {
  let jobs: JobOf<M>[] = []
  let refused = (_bytes: number): boolean => false
  const live = new Map<number, number>()
  const taken = (): readonly JobOf<M>[] => {
    const result = jobs
    jobs = []
    return result
  }
  const nameOf = ({ operation }: { readonly operation: number }): string =>
    Object.entries(operations).find(([, code]) => code === operation)?.[0] ?? `operation ${operation}`
  return {
    machine: {
      ...machine,
      heap: {
        ...machine.heap,
        allocate: (bytes: number): number => {
          if (refused(bytes)) throw new RangeError('no memory')
          const at = machine.heap.allocate(bytes)
          live.set(at, bytes)
          return at
        },
        free: (address: number): void => {
          if (!live.delete(address)) throw new Error(`nothing lives at ${address}`)
          machine.heap.free(address)
        },
      },
      perform: (job: JobOf<M>): void => {
        jobs.push(job)
        machine.perform(job)
      },
    },
    jobs: taken,
    asked: () => taken().map(nameOf),
    live,
    refuse: (when) => {
      refused = when
    },
  }
}
