import { columnChunkRows, sumChunks } from './both.js'
import type { Both } from './both.js'
import type { Direction } from './direction.js'
import { operations } from './layout.js'
import { chunkRows } from './machine.js'
import type { Machine } from './machine.js'
import { mostChunks } from './pool.js'
import { inArena } from './arena.js'
import type { Arena } from './arena.js'
import { bytesOf, columnScalings, formatFor, isEmpty, narrow, rangeOf, softmin } from './reductions.js'

type Vector = Float64Array

/**
 * The kernel `K_ij = exp(p0_i + q0_j - c_ij / epsilon)`, stored. Softmins are sums of it with scalings `exp(q - q0)`:
 * no exponential an entry, and a fixed matrix, whose entries have been rounded once. (p0, q0) take in ("absorb") the
 * potentials that the kernel is stored at; when the scalings have gone far from 1, it is stored anew at the new ones.
 *
 * Exponents are computed in float64 where they are large, so that the entries are right to float32's last digits.
 *
 * @see Schmitzer, Stabilized sparse scaling algorithms for entropy regularized transport problems (2019)
 */
export interface StoredKernel {
  /** Row-wise softmin, or undefined where the sums are out of their safe range. */
  readonly rows: (q: Vector) => Vector | undefined
  /** Column-wise softmin, or undefined likewise. */
  readonly columns: (p: Vector) => Vector | undefined
  readonly both: (p: Vector, q: Vector) => Both | undefined
  readonly epsilon: number
  readonly dispose: () => void
}

export const kernelBytes = ({ precision }: Machine, { rows, stride }: Direction): number =>
  rows * stride * (precision === 'float64' ? 8 : 4)

interface Absorbed {
  readonly p0: Vector
  readonly q0: Vector
}

/** How far a log-scaling may be from the absorbed one. */
const reach = 30

/** How large exponents may be for float32 to hold them well within that reach. */
const roughly = 1e6

/** The kernel at one epsilon, over memory of `kernelBytes` at `kernel`; nothing is computed before the first call. */
export const storedKernel = (
  machine: Machine,
  direction: Direction,
  transposed: () => Direction,
  kernel: number,
  epsilon: number,
): StoredKernel => {
  const { heap } = machine
  const { rows, columns, stride } = direction
  const factor = (Math.LOG2E / epsilon) * direction.scale
  let absorbed: Absorbed | undefined

  const store = ({ p0, q0 }: Absorbed): Absorbed =>
    inArena(machine, (arena) => {
      const format = formatFor(machine, rangeOf(direction, epsilon, p0, q0))
      machine.perform({
        geometry: direction.address(bytesOf(format)),
        format,
        end: rows,
        chunk: chunkRows(rows, columns),
        operation: operations.storeKernel,
        kernel,
        p: arena.doubles(p0, Math.LOG2E),
        ...columnScalings(arena, direction, format, q0, Math.LOG2E),
        factor,
      })
      return (absorbed = { p0, q0 })
    })

  // What is absorbed need not be right to the last digit: the entries and the scalings take it as it is.
  const updated = (way: Direction, scalings: Vector): Vector => {
    const range = rangeOf(way, epsilon, scalings, scalings)
    const format = range < roughly ? narrow(machine) : formatFor(machine, range)
    return softmin(machine, way, format, epsilon, scalings).map((potential) => potential / epsilon)
  }

  // The update of one side makes the sums of the other's rows 1; points of no weight get what would make theirs so.
  const absorbColumns = (q: Vector): Absorbed => {
    const p0 = updated(direction, q)
    return store({ p0, q0: q.some(isEmpty) ? filled(q, updated(transposed(), p0)) : q.slice() })
  }
  const absorbRows = (p: Vector): Absorbed => {
    const guess = direction.given ? guessed(direction, epsilon, p) : undefined
    if (guess !== undefined) return store({ p0: p.slice(), q0: guess })
    const q0 = updated(transposed(), p)
    return store({ q0, p0: p.some(isEmpty) ? filled(p, updated(direction, q0)) : p.slice() })
  }

  const scalings = (arena: Arena, values: Vector, base: Vector, length: number): number =>
    arena.numbers(exponentials(values, base), length)

  const potentials = (sums: Vector, base: Vector, values: Vector, other: Vector): Vector | undefined => {
    // What float32 cannot hold of the kernel is below 1e-37: a sum far above that many of it has lost nothing.
    const least = values.length * 1e-29 * Math.exp(largestShift(values, other))
    const result = new Float64Array(base.length)
    for (let i = 0; i < result.length; i++) {
      if (!(sums[i] > least && sums[i] < 1e37)) return undefined
      result[i] = -epsilon * (Math.log(sums[i]) - base[i])
    }
    return result
  }

  const job = { geometry: direction.address([]), format: narrow(machine), end: rows, kernel }

  return {
    epsilon,
    rows: (q) =>
      inArena(machine, (arena) => {
        const { p0, q0 } = absorbed && isNear(q, absorbed.q0) ? absorbed : absorbColumns(q)
        const out = arena.allocate(rows * 8)
        const v = scalings(arena, q, q0, stride)
        machine.perform({ ...job, chunk: chunkRows(rows, columns, mostChunks, 2 ** 18), operation: operations.kernelRows, v, out })
        return potentials(heap.float64(out, rows), p0, q, q0)
      }),
    columns: (p) =>
      inArena(machine, (arena) => {
        const { p0, q0 } = absorbed && isNear(p, absorbed.p0) ? absorbed : absorbRows(p)
        const chunk = columnChunkRows(rows, columns)
        const chunks = Math.ceil(rows / chunk)
        const columnOut = arena.allocate(chunks * stride * 8)
        const u = scalings(arena, p, p0, rows)
        machine.perform({ ...job, chunk, operation: operations.kernelColumns, u, columnOut })
        const sums = sumChunks(heap.float64(columnOut, chunks * stride), chunks, stride, columns)
        return potentials(sums, q0, p, p0)
      }),
    both: (p, q) =>
      inArena(machine, (arena) => {
        const { p0, q0 } =
          absorbed && isNear(p, absorbed.p0) && isNear(q, absorbed.q0) ? absorbed : absorbColumns(q)
        if (!isNear(p, p0)) return undefined
        const chunk = columnChunkRows(rows, columns)
        const chunks = Math.ceil(rows / chunk)
        const out = arena.allocate(rows * 8)
        const columnOut = arena.allocate(chunks * stride * 8)
        const u = scalings(arena, p, p0, rows)
        const v = scalings(arena, q, q0, stride)
        machine.perform({ ...job, chunk, operation: operations.kernelBoth, u, v, out, columnOut })
        const sums = sumChunks(heap.float64(columnOut, chunks * stride), chunks, stride, columns)
        const f = potentials(heap.float64(out, rows), p0, q, q0)
        const g = potentials(sums, q0, p, p0)
        return f && g && { f, g }
      }),
    dispose: () => heap.free(kernel),
  }
}

/**
 * What to absorb for the columns where all entries of a kernel are within float32's range anyhow, and then some: as if costs
 * were half of the largest. It does without the transpose of the costs.
 */
const guessed = ({ most, rows, columns }: Direction, epsilon: number, p: Vector): Vector | undefined => {
  let [low, high] = [Infinity, -Infinity]
  for (let i = 0; i < p.length; i++) {
    low = Math.min(low, p[i])
    high = Math.max(high, p[i])
  }
  return high - low + most / epsilon < reach ? new Float64Array(columns).fill(most / (2 * epsilon) - high - Math.log(rows)) : undefined
}

const filled = (scalings: Vector, substitute: Vector): Vector =>
  scalings.map((value, i) => (isEmpty(value) ? substitute[i] : value))

const exponentials = (values: Vector, base: Vector): Vector => {
  const result = new Float64Array(values.length)
  for (let i = 0; i < result.length; i++) result[i] = isEmpty(values[i]) ? 0 : Math.exp(values[i] - base[i])
  return result
}

const isNear = (values: Vector, base: Vector): boolean => {
  for (let i = 0; i < values.length; i++) if (!isEmpty(values[i]) && !(Math.abs(values[i] - base[i]) <= reach)) return false
  return true
}

const largestShift = (values: Vector, base: Vector): number => {
  let most = -reach
  for (let i = 0; i < values.length; i++) if (!isEmpty(values[i])) most = Math.max(most, values[i] - base[i])
  return most
}
