import { instanceHere } from '@monge/backend'
import type { Key } from '@monge/random'
import { movesModule } from './binary.js'

/** What assembly/moves.ts exports. */
interface MovesExports {
  readonly memory: WebAssembly.Memory
  readonly base: () => number
  readonly gaussian: (
    ...args: readonly [points: number, count: number, axes: number, period: number, plan: number, steps: number, ...Walk]
  ) => number
  readonly mixture: (
    ...args: readonly [
      points: number,
      count: number,
      rows: number,
      modes: number,
      table: number,
      logs: number,
      plan: number,
      steps: number,
      ...Walk,
    ]
  ) => number
}

/**
 * The words of the chains' key and the iteration from which steps fold into it, whether there is noise, the largest number
 * that there is, and whether points are float32 numbers.
 */
export type Walk = readonly [
  ...words: Key['words'],
  iteration: number,
  noisy: number,
  limit: number,
  narrow: number,
]

/** The kernels that move chains, and their memory. */
export interface Machine {
  readonly exports: MovesExports
  /** Memory for so many float64 numbers in a row of its own each, and where they are; views of before are void. */
  readonly rooms: (lengths: readonly number[]) => readonly Float64Array[]
}

/** Of 64 bytes, a line of the cache. */
const lineOf = (bytes: number): number => Math.ceil(bytes / 64) * 64

const pageSize = 65_536

const roomsIn =
  ({ memory, base }: MovesExports): Machine['rooms'] =>
  (lengths) => {
    let end = base()
    const starts = lengths.map((length) => {
      const start = end
      end = lineOf(start + 8 * length)
      return start
    })
    const missing = end - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / pageSize))
    return lengths.map((length, k) => new Float64Array(memory.buffer, starts[k], length))
  }

/** The machine, if there is one here. */
export const movesMachine: () => Machine | undefined = instanceHere(
  movesModule,
  (exports: MovesExports): Machine => ({ exports, rooms: roomsIn(exports) }),
)
