import type { Swept } from '@monge/backend'
import { columnChunkRows } from './both.js'
import type { Both } from './both.js'
import type { Direction } from './direction.js'
import { allocated, over } from './heap.js'
import { operations } from './layout.js'
import { chunkRows } from './machine.js'
import type { Job, Machine } from './machine.js'
import { mostChunks } from './pool.js'
import { inArena } from './arena.js'
import type { Arena } from './arena.js'
import { bytesOf, columnScalings, formatFor, hasEmpty, isEmpty, narrow, rangeOf, softmin } from './reductions.js'
import { leastOf, nowhere, reach, storedSweeps } from './stored-sweeps.js'
import type { Marginals } from './stored-sweeps.js'
import { copyOf } from './vector-of.js'

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
  /** The row-wise softmin f of q, and the column-wise one of what f makes of the rows' weights, from one reading of the kernel. */
  readonly sweep: (q: Vector, marginals: Marginals) => Swept<Vector> | undefined
  readonly epsilon: number
  readonly dispose: () => void
}

export const kernelBytes = ({ precision }: Machine, { rows, stride }: Direction): number =>
  rows * stride * (precision === 'float64' ? 8 : 4)

/** Scalings in the kernel's format, and the largest. */
interface Scalings {
  readonly at: number
  readonly most: number
}

/** Sums of `terms` entries by scalings of at most `most`, in so many parts, and the base of the potentials they make. */
interface Sums {
  readonly base: number
  readonly length: number
  readonly terms: number
  readonly most: number
  readonly at: number
  readonly parts: number
  readonly apart: number
}

interface Absorbed {
  readonly p0: Vector
  readonly q0: Vector
}

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
  const blocks = allocated(heap, [rows + 1, columns + 1].map((length) => length * 8))
  const bases = { p: blocks[0], q: blocks[1] }
  const sweeps = over(heap, bases.p, () =>
    over(heap, bases.q, () => storedSweeps(machine, direction, { kernel, ...bases }, epsilon)),
  )
  let absorbed: Absorbed | undefined

  const keep = ({ p0, q0 }: Absorbed): Absorbed => {
    heap.float64(bases.p, rows).set(p0)
    heap.float64(bases.q, columns).set(q0)
    return (absorbed = { p0, q0 })
  }

  const storing = (arena: Arena, range: number, q0: Vector): Job => {
    const format = formatFor(machine, range)
    return {
      geometry: direction.address(bytesOf(format), epsilon),
      format,
      end: rows,
      chunk: chunkRows(rows, columns),
      operation: operations.storeKernel,
      kernel,
      ...columnScalings(arena, direction, format, q0, Math.LOG2E),
      factor,
    }
  }

  const store = ({ p0, q0 }: Absorbed): Absorbed =>
    inArena(machine, (arena) => {
      machine.perform({ ...storing(arena, rangeOf(direction, epsilon, p0, q0), q0), p: arena.doubles(p0, Math.LOG2E) })
      return keep({ p0, q0 })
    })

  // What is absorbed need not be right to the last digit: the entries and the scalings take it as it is.
  const updated = (way: Direction, scalings: Vector): Vector => {
    const range = rangeOf(way, epsilon, scalings, scalings)
    const format = range < roughly ? narrow(machine) : formatFor(machine, range)
    return softmin(machine, way, format, epsilon, scalings).map((potential) => potential / epsilon)
  }

  // The update of one side makes the sums of the other's rows 1; points of no weight get what would make theirs so.
  const absorbColumns = (q: Vector): Absorbed => {
    if (hasEmpty(q)) {
      const p0 = updated(direction, q)
      return store({ p0, q0: filled(q, updated(transposed(), p0)) })
    }
    // So near the update is what makes the rows' largest entries 1 that another pass for it would gain nothing.
    return inArena(machine, (arena) => {
      const p = arena.allocate(rows * 8)
      const job = storing(arena, rangeOf(direction, epsilon, q, q), q)
      machine.perform({ ...job, operation: operations.absorb, p })
      const p0 = copyOf(heap.float64(p, rows))
      for (let i = 0; i < rows; i++) p0[i] *= Math.LN2
      return keep({ p0, q0: copyOf(q) })
    })
  }
  const absorbRows = (p: Vector): Absorbed => {
    const guess = direction.given ? guessed(direction, epsilon, p) : undefined
    if (guess !== undefined) return store({ p0: p.slice(), q0: guess })
    const q0 = updated(transposed(), p)
    return store({ q0, p0: hasEmpty(p) ? filled(p, updated(direction, q0)) : p.slice() })
  }

  const job = { geometry: direction.address([]), format: narrow(machine), end: rows, kernel }

  /** `exp(values - base)`, zeros up to `length`. */
  const scalings = (arena: Arena, values: Vector, base: Vector, length: number): Scalings => {
    const even = length + (length % 2)
    const [exponents, doubles, at] = [arena.allocate(even * 8), arena.allocate(even * 8), arena.allocate(even * 8)]
    const target = heap.float64(exponents, even)
    let most = -reach
    for (let i = 0; i < values.length; i++) {
      const shift = values[i] - base[i]
      const empty = isEmpty(values[i])
      if (shift > most && !empty) most = shift
      target[i] = empty ? nowhere : shift * Math.LOG2E
    }
    target.fill(nowhere, values.length)
    machine.perform({ ...job, operation: operations.scalings, chunk: even, end: even, p: exponents, u: doubles, v: at, alone: true })
    return { at, most: Math.exp(most) }
  }

  /** From sums of `terms` entries by scalings of at most `most`. */
  const potentials = (arena: Arena, sums: Sums): Vector | undefined => {
    const { base, length, terms, most, at, parts, apart } = sums
    const [out, v] = [arena.allocate((length + 1) * 8), arena.allocate(16)]
    machine.perform({
      ...job,
      operation: operations.potentials,
      chunk: length,
      end: length,
      width: parts,
      flags: apart,
      columnOut: at,
      p: base,
      out,
      v,
      factor: epsilon,
      least: leastOf(terms, most),
      alone: true,
    })
    const [good] = heap.float64(v, 1)
    return good === 1 ? copyOf(heap.float64(out, length)) : undefined
  }

  const ofRows = (arena: Arena, at: number, { most }: Scalings): Vector | undefined =>
    potentials(arena, { base: bases.p, length: rows, terms: columns, most, at, parts: 1, apart: 0 })

  const columnChunk = columnChunkRows(rows, columns)
  const chunks = Math.ceil(rows / columnChunk)

  const ofColumns = (arena: Arena, at: number, { most }: Scalings): Vector | undefined =>
    potentials(arena, { base: bases.q, length: columns, terms: rows, most, at, parts: chunks, apart: stride * 8 })

  return {
    epsilon,
    rows: (q) =>
      inArena(machine, (arena) => {
        const { q0 } = absorbed && isNear(q, absorbed.q0) ? absorbed : absorbColumns(q)
        const out = arena.allocate((rows + 1) * 8)
        const v = scalings(arena, q, q0, stride)
        const chunk = chunkRows(rows, columns, mostChunks, 2 ** 18)
        machine.perform({ ...job, chunk, operation: operations.kernelRows, v: v.at, out })
        return ofRows(arena, out, v)
      }),
    columns: (p) =>
      inArena(machine, (arena) => {
        const { p0 } = absorbed && isNear(p, absorbed.p0) ? absorbed : absorbRows(p)
        const columnOut = arena.allocate(chunks * stride * 8)
        const u = scalings(arena, p, p0, rows)
        machine.perform({ ...job, chunk: columnChunk, operation: operations.kernelColumns, u: u.at, columnOut })
        return ofColumns(arena, columnOut, u)
      }),
    both: (p, q) =>
      inArena(machine, (arena) => {
        const { p0, q0 } =
          absorbed && isNear(p, absorbed.p0) && isNear(q, absorbed.q0) ? absorbed : absorbColumns(q)
        if (!isNear(p, p0)) return undefined
        const out = arena.allocate((rows + 1) * 8)
        const columnOut = arena.allocate(chunks * stride * 8)
        const [u, v] = [scalings(arena, p, p0, rows), scalings(arena, q, q0, stride)]
        machine.perform({ ...job, chunk: columnChunk, operation: operations.kernelBoth, u: u.at, v: v.at, out, columnOut })
        const f = ofRows(arena, out, v)
        const g = ofColumns(arena, columnOut, u)
        return f && g && { f, g }
      }),
    sweep: (q, marginals) => {
      const near = absorbed && sweeps.sweep(q, absorbed.q0, marginals)
      if (near !== undefined) return near
      if (hasEmpty(q)) return sweeps.sweep(q, absorbColumns(q).q0, marginals)
      return inArena(machine, (arena) =>
        sweeps.absorb(marginals, storing(arena, rangeOf(direction, epsilon, q, q), q), (p0) => keep({ p0, q0: copyOf(q) })),
      )
    },
    dispose: () => {
      sweeps.dispose()
      ;[kernel, bases.p, bases.q].forEach((at) => heap.free(at))
    },
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

const isNear = (values: Vector, base: Vector): boolean => {
  for (let i = 0; i < values.length; i++) if (!isEmpty(values[i]) && !(Math.abs(values[i] - base[i]) <= reach)) return false
  return true
}
