import { inArena } from './arena.js'
import { formats, operations } from './layout.js'
import type { Machine } from './machine.js'

/** Chunks at once in memory. */
const chunks = 16

/** Counts of three digits of eleven bits, in bytes. */
const countBytes = 3 * 2048 * 4

/**
 * The places of each row's numbers in ascending order: `values [rows, columns]` row by row, sorted as float32 numbers;
 * equal ones keep their order. By radix, in time `O(rows columns)`.
 */
export const argsortRows = (machine: Machine, values: ArrayLike<number>, columns: number): Int32Array =>
  inArena(machine, (arena) => {
    const { heap } = machine
    const rows = columns === 0 ? 0 : values.length / columns
    const v = arena.allocate(values.length * 4)
    const out = arena.allocate(values.length * 4)
    const chunk = Math.max(1, Math.ceil(rows / chunks))
    const columnOut = arena.allocate(Math.ceil(rows / chunk) * (countBytes + 3 * columns * 4))
    const target = heap.float32(v, values.length)
    // Adding 0 makes the zeros one: -0 would sort before 0.
    for (let i = 0; i < values.length; i++) target[i] = values[i] + 0
    machine.perform({
      operation: operations.argsort,
      format: formats.float32,
      geometry: 0,
      end: rows,
      chunk,
      width: columns,
      v,
      out,
      columnOut,
    })
    return heap.int32(out, values.length).slice()
  })
