import { mongeError } from '@monge/errors'

/** The kernels' linear memory, handed out in blocks. Addresses stay; views of the memory do not outlive a call. */
export interface Heap {
  /** Room for so many bytes, aligned to 64, of any content. */
  allocate(bytes: number): number
  free(address: number): void
  float32(address: number, length: number): Float32Array
  float64(address: number, length: number): Float64Array
  int32(address: number, length: number): Int32Array
}

const page = 65536

/** The largest block that is set aside when it is freed. */
const largestSpare = 65536

/**
 * First fit over a list of free blocks in the order of their addresses; the memory grows at its end. Where it cannot,
 * `relieve` may free what is not in use; false if there is nothing.
 */
export const heapOf = (memory: WebAssembly.Memory, start: number, relieve: () => boolean = () => false): Heap => {
  const used = new Map<number, number>()
  let gaps: readonly (readonly [at: number, size: number])[] = [[start, memory.buffer.byteLength - start]]

  const grow = (size: number): void => {
    const last = gaps[gaps.length - 1]
    const end = memory.buffer.byteLength
    const spare = last !== undefined && last[0] + last[1] === end ? last[1] : 0
    const pages = Math.ceil((size - spare) / page)
    try {
      memory.grow(pages)
    } catch (cause) {
      if (relieve()) {
        takeBackSpares()
        return
      }
      throw mongeError('BackendFailure', 'simdBackend', `no memory for another ${size} bytes`, cause)
    }
    gaps = joined([...gaps, [end, pages * page]])
  }

  // Small blocks that were freed, by size: the next geometry asks for the same.
  const spares = new Map<number, number[]>()

  const takeBackSpares = (): void => {
    gaps = joined([...gaps, ...[...spares].flatMap(([size, blocks]) => blocks.map((at) => [at, size] as const))])
    spares.clear()
  }

  return {
    allocate: (bytes) => {
      const size = Math.max(64, Math.ceil(bytes / 64) * 64)
      const spare = spares.get(size)?.pop()
      if (spare !== undefined) {
        used.set(spare, size)
        return spare
      }
      if (!gaps.some(([, room]) => room >= size)) takeBackSpares()
      while (!gaps.some(([, room]) => room >= size)) grow(size)
      const index = gaps.findIndex(([, room]) => room >= size)
      const [at, room] = gaps[index] as readonly [number, number]
      gaps = room === size ? gaps.filter((_, k) => k !== index) : gaps.with(index, [at + size, room - size])
      used.set(at, size)
      return at
    },
    free: (address) => {
      const size = used.get(address)
      if (size === undefined) return
      used.delete(address)
      if (size > largestSpare) gaps = joined([...gaps, [address, size]])
      else {
        const blocks = spares.get(size) ?? []
        blocks.push(address)
        spares.set(size, blocks)
      }
    },
    float32: (address, length) => new Float32Array(memory.buffer, address, length),
    float64: (address, length) => new Float64Array(memory.buffer, address, length),
    int32: (address, length) => new Int32Array(memory.buffer, address, length),
  }
}

/** Blocks of such sizes: all of them, or none. */
export const allocated = (heap: Pick<Heap, 'allocate' | 'free'>, sizes: readonly number[]): readonly number[] => {
  const blocks: number[] = []
  try {
    for (const size of sizes) blocks.push(heap.allocate(size))
  } catch (cause) {
    for (const at of blocks) heap.free(at)
    throw cause
  }
  return blocks
}

/** What `make` makes over a block, which is freed where that cannot be made. */
export const over = <A>(heap: Pick<Heap, 'free'>, address: number, make: (address: number) => A): A => {
  try {
    return make(address)
  } catch (cause) {
    heap.free(address)
    throw cause
  }
}

const joined = (gaps: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] => {
  const result: [number, number][] = []
  for (const [at, size] of gaps.toSorted(([a], [b]) => a - b)) {
    const last = result[result.length - 1]
    if (last !== undefined && last[0] + last[1] === at) last[1] += size
    else result.push([at, size])
  }
  return result
}

/** Memory taken and given back in order: what a call needs for its length. */
export interface Stack {
  readonly top: () => number
  readonly push: (bytes: number) => number
  /** Gives back all that was taken since the top was here. */
  readonly cut: (top: number) => void
}

/** A stack in blocks of the heap, which it keeps. */
export const stackOf = (heap: Heap): Stack => {
  let size = 1 << 16
  let base = heap.allocate(size)
  let top = 0
  // What did not fit: its place in the stack's count, its address and size.
  let outside: readonly (readonly [at: number, address: number])[] = []
  return {
    top: () => top,
    push: (bytes) => {
      const at = top
      top += Math.ceil(bytes / 64) * 64
      if (top <= size) return base + at
      const address = heap.allocate(bytes)
      outside = [...outside, [at, address]]
      return address
    },
    cut: (to) => {
      const needed = top
      top = to
      if (outside.length === 0) return
      outside.forEach(([at, address]) => {
        if (at >= to) heap.free(address)
      })
      outside = outside.filter(([at]) => at < to)
      if (to > 0) return
      heap.free(base)
      const larger = Math.min(2 ** Math.ceil(Math.log2(needed)), 1 << 26)
      try {
        base = heap.allocate(larger)
        size = larger
      } catch {
        // What was just freed is still there: the stack stays as it was, and calls take what is missing elsewhere.
        base = heap.allocate(size)
      }
    },
  }
}
