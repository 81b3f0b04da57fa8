import type { SliceSums, SlicesProblem } from '@monge/backend'
import { inArena } from './arena.js'
import { operations } from './layout.js'
import type { Machine } from './machine.js'

/** The most bytes for gradients of chunks, but that there are two. */
const mostSums = 2 ** 26

/** Directions in a chunk: by the problem's size alone, so that sums over chunks are the same for any number of threads. */
const chunkOf = (directions: number, sumsBytes: number): number =>
  Math.ceil(directions / Math.min(8, Math.max(2, Math.floor(mostSums / sumsBytes))))

/** Transport along many directions, in threads; undefined where an order could not be found. */
export const slicesOf = (machine: Machine, problem: SlicesProblem): SliceSums | undefined =>
  inArena(machine, (arena) => {
    const { heap, scratches, slicesBytes } = machine
    const { x, y, a, b, dimension, directions, p, exact, gradient } = problem
    const [n, m, count] = [a.length, b.length, directions.length / dimension]
    const uniform = n === m && a.every((weight) => weight === a[0]) && b.every((weight) => weight === b[0])
    const at = arena.allocate(64)
    const write = (values: Float64Array): number => {
      const address = arena.allocate(values.length * 8)
      heap.float64(address, values.length).set(values)
      return address
    }
    const clouds = [x, y, a, b, directions].map(write)
    const valuesAt = arena.allocate(count * 8)
    const described = [n, m, dimension, Number(exact), Number(uniform), ...clouds, valuesAt]
    heap.int32(at, described.length).set(described)
    heap.float64(at + 56, 1)[0] = p
    const sumsBytes = slicesBytes(at, true)
    const workBytes = slicesBytes(at, false)
    const chunk = chunkOf(count, sumsBytes)
    const chunks = Math.ceil(count / chunk)
    const sums = gradient ? arena.allocate(chunks * sumsBytes) : 0
    const work = scratches.map(() => arena.allocate(workBytes))
    heap.int32(at + 44, 2).set([sums, sumsBytes])
    scratches.forEach((scratch, thread) => {
      heap.int32(scratch, 1)[0] = work[thread]
    })
    machine.perform({
      operation: operations.slice,
      format: 0,
      geometry: at,
      end: count,
      chunk,
      flags: Number(gradient),
      alone: n + m < 1000,
    })
    const values = heap.float64(valuesAt, count).slice()
    if (values.some(Number.isNaN)) return undefined
    if (!gradient) return { values, slopes: undefined }
    let offset = 0
    const added = (length: number): Float64Array => {
      const total = heap.float64(sums + offset, length).slice()
      for (let k = 1; k < chunks; k++) {
        const more = heap.float64(sums + k * sumsBytes + offset, length)
        for (let i = 0; i < length; i++) total[i] += more[i]
      }
      offset += Math.ceil((length * 8) / 64) * 64
      return total
    }
    return { values, slopes: { x: added(n * dimension), y: added(m * dimension), a: added(n), b: added(m) } }
  })
