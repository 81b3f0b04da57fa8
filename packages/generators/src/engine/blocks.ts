/** Blocks of a WebAssembly memory. */
export interface Blocks {
  /** An address, a multiple of 64, with room for so many bytes and up to the next 64; undefined where memory is short. */
  readonly take: (bytes: number) => number | undefined
  readonly giveBack: (address: number, bytes: number) => void
}

const page = 65_536

/** The memory from `start` on, a multiple of 64, in blocks of few sizes: what is given back serves the next of its size. */
export const blocksOf = (memory: WebAssembly.Memory, start: number): Blocks => {
  const spares = new Map<number, number[]>()
  let end = start
  const fresh = (size: number): number | undefined => {
    const missing = end + size - memory.buffer.byteLength
    // A quarter more at a time: growing takes longer than most of what blocks are for.
    if (missing > 0 && !grown(memory, missing + end / 4) && !grown(memory, missing)) return undefined
    end += size
    return end - size
  }
  return {
    take: (bytes) => {
      const size = sizeFor(bytes)
      return spares.get(size)?.pop() ?? fresh(size)
    },
    giveBack: (address, bytes) => {
      const size = sizeFor(bytes)
      const known = spares.get(size)
      if (known === undefined) spares.set(size, [address])
      else known.push(address)
    },
  }
}

const grown = (memory: WebAssembly.Memory, bytes: number): boolean => {
  try {
    memory.grow(Math.ceil(bytes / page))
    return true
  } catch {
    return false
  }
}

/** Four sizes from one power of two to the next, so that there are few, and at most a quarter is wasted. */
const sizeFor = (bytes: number): number => {
  if (bytes <= 256) return Math.max(64, Math.ceil(bytes / 64) * 64)
  const quarter = 2 ** (29 - Math.clz32(bytes - 1))
  return Math.ceil(bytes / quarter) * quarter
}
