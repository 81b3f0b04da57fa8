import type { Direction } from './direction.js'
import { operations } from './layout.js'
import { chunkRows } from './machine.js'
import type { Machine } from './machine.js'
import { inArena } from './arena.js'
import { bytesOf, columnScalings, hasEmpty } from './reductions.js'
import { copyOf, vectorOf } from './vector-of.js'

type Vector = Float64Array

/** Both softmins. */
export interface Both {
  readonly f: Vector
  readonly g: Vector
}

/** Chunks that have column sums of their own. */
const columnChunks = 16

/** Rows in a chunk of a job that sums over columns too: fewer chunks on small matrices, whose sums are soon added up. */
export const columnChunkRows = (rows: number, columns: number): number =>
  chunkRows(rows, columns, Math.max(1, Math.min(columnChunks, Math.ceil((rows * columns) / 2 ** 18))))

/** Adds up the chunks' column sums, in their order. */
export const sumChunks = (sums: Float64Array, chunks: number, stride: number, columns: number): Vector => {
  const total = copyOf(sums.subarray(0, columns))
  for (let chunk = 1; chunk < chunks; chunk++) for (let j = 0; j < columns; j++) total[j] += sums[chunk * stride + j]
  return total
}

/**
 * Both softmins from one exponential an entry, `S_ij = exp(p_i + q_j - c_ij / epsilon)`: its row sums move f, its
 * column sums g. Undefined where a sum has left the range in which it is as good as a log-sum-exp: the potentials are
 * then far from each other's updates, or some point has no weight.
 */
export const bothSoftmins = (
  machine: Machine,
  direction: Direction,
  format: number,
  epsilon: number,
  p: Vector,
  q: Vector,
): Both | undefined => {
  if (hasEmpty(p) || hasEmpty(q)) return undefined
  return bothSums(machine, direction, format, epsilon, p, q, (rowSums, columnSums) => {
    const f = potentials(epsilon, p, rowSums)
    const g = f && potentials(epsilon, q, columnSums)
    return f && g && { f, g }
  })
}

/** How far below the largest entry of `exp(p_i - c_ij / epsilon)` others may be for its sums to hold them. */
const spread = 40

/**
 * The softmin of the columns by sums of `exp(p_i - c_ij / epsilon)` over the rows, where these do not differ by much: it
 * does without the transpose. Undefined as above.
 */
export const columnSoftmin = (
  machine: Machine,
  direction: Direction,
  format: number,
  epsilon: number,
  p: Vector,
): Vector | undefined => {
  if (hasEmpty(p) || !(direction.most / epsilon < spread)) return undefined
  const most = p.reduce((sofar, scaling) => Math.max(sofar, scaling), -Infinity)
  const q = vectorOf(direction.columns).fill(-most)
  return bothSums(machine, direction, format, epsilon, p, q, (_, columnSums) => potentials(epsilon, q, columnSums))
}

/** Reads the row sums and the column sums of `exp(p_i + q_j - c_ij / epsilon)`. */
const bothSums = <A>(
  machine: Machine,
  direction: Direction,
  format: number,
  epsilon: number,
  p: Vector,
  q: Vector,
  read: (rowSums: Vector, columnSums: Vector) => A,
): A =>
  inArena(machine, (arena) => {
    const { rows, columns, stride } = direction
    const chunk = columnChunkRows(rows, columns)
    const chunks = Math.ceil(rows / chunk)
    const out = arena.allocate(rows * 8)
    const columnOut = arena.allocate(chunks * stride * 8)
    machine.perform({
      geometry: direction.address(bytesOf(format), epsilon),
      format,
      end: rows,
      chunk,
      operation: operations.bothSums,
      out,
      columnOut,
      p: arena.doubles(p, Math.LOG2E),
      ...columnScalings(arena, direction, format, q, Math.LOG2E),
      factor: (Math.LOG2E / epsilon) * direction.scale,
    })
    const columnSums = sumChunks(machine.heap.float64(columnOut, chunks * stride), chunks, stride, columns)
    return read(machine.heap.float64(out, rows), columnSums)
  })

/** Rows in a chunk of a symmetric matrix: many chunks, as the diagonal block of each is computed whole. */
const symmetricChunkRows = (rows: number): number => Math.ceil(Math.max(rows / columnChunks, 32) / 8) * 8

/**
 * The softmin of a symmetric geometry from half of its entries, by the sums of `exp(q_i + q_j - c_ij / epsilon)`.
 * Undefined as above.
 */
export const symmetricSoftmin = (
  machine: Machine,
  direction: Direction,
  format: number,
  epsilon: number,
  q: Vector,
): Vector | undefined => {
  if (hasEmpty(q)) return undefined
  return inArena(machine, (arena) => {
    const { rows, stride } = direction
    const chunk = symmetricChunkRows(rows)
    const chunks = Math.ceil(rows / chunk)
    const out = arena.allocate(rows * 8)
    const columnOut = arena.allocate(chunks * stride * 8)
    machine.perform({
      geometry: direction.address(bytesOf(format), epsilon),
      format,
      end: rows,
      chunk,
      // Its chunks are small; so few of them are done before another thread has woken up.
      alone: rows * rows < 2 ** 17,
      operation: operations.symmetricSums,
      out,
      columnOut,
      p: arena.doubles(q, Math.LOG2E),
      ...columnScalings(arena, direction, format, q, Math.LOG2E),
      factor: (Math.LOG2E / epsilon) * direction.scale,
    })
    const own = machine.heap.float64(out, rows)
    const sums = sumChunks(machine.heap.float64(columnOut, chunks * stride), chunks, stride, rows)
    for (let i = 0; i < rows; i++) sums[i] += own[i]
    return potentials(epsilon, q, sums)
  })
}

/** `-epsilon (log sum - scaling)`, or undefined where a sum is not safe. */
const potentials = (epsilon: number, scalings: Vector, sums: Vector): Vector | undefined => {
  const result = vectorOf(scalings.length)
  for (let i = 0; i < result.length; i++) {
    if (!isSafe(sums[i])) return undefined
    result[i] = -epsilon * (Math.log(sums[i]) - scalings[i])
  }
  return result
}

// Float32 terms below 1e-38 are lost: of a sum of 1e-25 they are no digit. Above, a term could have been cut.
const isSafe = (sum: number): boolean => sum > 1e-25 && sum < 1e30
