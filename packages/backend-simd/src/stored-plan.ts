import { inArena } from './arena.js'
import type { Direction } from './direction.js'
import { operations } from './layout.js'
import { chunkRows } from './machine.js'
import type { Machine } from './machine.js'
import { mostChunks } from './pool.js'
import { bytesOf, columnScalings, formatFor, narrow, rangeOf } from './reductions.js'
import { kernelBytes } from './stored-kernel.js'
import { copyOf } from './vector-of.js'

type Vector = Float64Array

/**
 * Sums over a small plan, `sum_j exp(p_i + q_j - c_ij / epsilon) v_j`, which is stored: who asks for one, such as a coarse
 * correction, soon asks for another over the same plan. The numbers are those of `reduce`.
 */
export interface StoredPlan {
  /** Undefined where the plan is large or the budget spent. */
  readonly sum: (direction: Direction, epsilon: number, p: Vector, q: Vector, v: Vector) => Vector | undefined
  readonly dispose: () => void
}

/** Entries of a plan that take no longer to store than to do without. */
const mostEntries = 2 ** 18

interface Held {
  readonly epsilon: number
  readonly p: Vector
  readonly q: Vector
  readonly at: number
  readonly bytes: number
}

export const storedPlan = (machine: Machine): StoredPlan => {
  const { heap } = machine
  let held: Held | undefined

  const drop = (): void => {
    if (held === undefined) return
    heap.free(held.at)
    machine.giveBack(held.bytes)
    held = undefined
  }

  const store = (direction: Direction, epsilon: number, p: Vector, q: Vector): Held | undefined => {
    drop()
    const bytes = kernelBytes(machine, direction)
    if (!machine.reserve(bytes)) return undefined
    try {
      held = { epsilon, p: p.slice(), q: q.slice(), at: heap.allocate(bytes), bytes }
    } catch {
      // There is no memory for it: sums do without, as where the budget is spent.
      machine.giveBack(bytes)
      return undefined
    }
    try {
      fill(direction, held)
    } catch (cause) {
      drop()
      throw cause
    }
    return held
  }

  const fill = (direction: Direction, { epsilon, p, q, at }: Held): void =>
    inArena(machine, (arena) => {
      const format = formatFor(machine, rangeOf(direction, epsilon, p, q))
      machine.perform({
        geometry: direction.address(bytesOf(format)),
        format,
        end: direction.rows,
        chunk: chunkRows(direction.rows, direction.columns),
        operation: operations.storeKernel,
        kernel: at,
        p: arena.doubles(p, Math.LOG2E),
        ...columnScalings(arena, direction, format, q, Math.LOG2E),
        factor: (Math.LOG2E / epsilon) * direction.scale,
      })
    })

  return {
    sum: (direction, epsilon, p, q, v) => {
      const { rows, columns, stride } = direction
      if (rows * columns > mostEntries) return undefined
      const same = held !== undefined && held.epsilon === epsilon && equal(held.p, p) && equal(held.q, q)
      const kernel = (same ? held : store(direction, epsilon, p, q))?.at
      if (kernel === undefined) return undefined
      return inArena(machine, (arena) => {
        const out = arena.allocate(rows * 8)
        machine.perform({
          geometry: direction.address([]),
          format: narrow(machine),
          end: rows,
          chunk: chunkRows(rows, columns, mostChunks, mostEntries),
          operation: operations.kernelRows,
          kernel,
          v: arena.numbers(v, stride),
          out,
        })
        return copyOf(heap.float64(out, rows))
      })
    },
    dispose: drop,
  }
}

const equal = (u: Vector, v: Vector): boolean => {
  for (let i = 0; i < u.length; i++) if (u[i] !== v[i]) return false
  return true
}
