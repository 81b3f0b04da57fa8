import { engine } from '@tensorflow/tfjs-core'
import { engineModule } from './binary.js'

/** What assembly/engine.ts exports. */
interface EngineExports {
  readonly memory: WebAssembly.Memory
  readonly base: () => number
  readonly product: (
    a: number,
    b: number,
    c: number,
    m: number,
    n: number,
    depth: number,
    rowStep: number,
    depthStep: number,
  ) => void
  readonly inner: (a: number, b: number, c: number, m: number, n: number, depth: number) => void
  readonly adam: (
    gradient: number,
    mean: number,
    meanSquare: number,
    params: number,
    count: number,
    keep: number,
    take: number,
    keepSquare: number,
    takeSquare: number,
    length: number,
    floor: number,
  ) => void
}

/** Kernels of WebAssembly, and their memory. */
export interface Machine {
  readonly exports: EngineExports
  /** Memory for so many float32 numbers in a row of its own each; what was handed out before is void. */
  readonly rooms: (lengths: readonly number[]) => readonly Float32Array[]
}

// Null where there is no WebAssembly SIMD, or a page's policy forbids it.
let machine: Machine | null | undefined

/** The machine, if tfjs's current backend keeps float32 numbers where it can reach them, and it can run here. */
export const machineHere = (): Machine | undefined =>
  engine().backendName === 'cpu' ? ((machine ??= started()) ?? undefined) : undefined

const started = (): Machine | null => {
  try {
    const module = new WebAssembly.Module(Uint8Array.from(atob(engineModule), (letter) => letter.charCodeAt(0)))
    const exports = new WebAssembly.Instance(module).exports as unknown as EngineExports
    return { exports, rooms: roomsIn(exports) }
  } catch {
    return null
  }
}

const pageSize = 65_536

/** Rounded up to a line of the cache. */
const lineOf = (bytes: number): number => Math.ceil(bytes / 64) * 64

const roomsIn =
  ({ memory, base }: EngineExports): Machine['rooms'] =>
  (lengths) => {
    let end = base()
    const starts = lengths.map((length) => {
      const start = end
      end = lineOf(start + 4 * length)
      return start
    })
    const missing = end - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / pageSize))
    return lengths.map((length, k) => new Float32Array(memory.buffer, starts[k], length))
  }
