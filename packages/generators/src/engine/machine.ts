import { engine } from '@tensorflow/tfjs-core'
import { engineModule } from './binary.js'
import { residenceOf } from './residence.js'
import type { Residence } from './residence.js'

/** What assembly/engine.ts exports. Numbers are float32; all but counts are addresses. */
export interface EngineExports {
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
  readonly spread: (row: number, c: number, m: number, n: number) => void
  readonly rectify: (x: number, count: number) => void
  readonly gate: (x: number, slope: number, out: number, count: number) => void
  readonly columnSums: (a: number, out: number, m: number, n: number) => void
  readonly transpose: (a: number, out: number, m: number, n: number) => void
  readonly adam: (
    gradient: number,
    mean: number,
    meanSquare: number,
    params: number,
    newMean: number,
    newMeanSquare: number,
    out: number,
    count: number,
    keep: number,
    take: number,
    keepSquare: number,
    takeSquare: number,
    length: number,
    floor: number,
  ) => void
}

/** Kernels of WebAssembly, and the tensors that live in their memory. */
export interface Machine {
  readonly exports: EngineExports
  readonly residence: Residence
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
    return { exports, residence: residenceOf(exports.memory, exports.base()) }
  } catch {
    return null
  }
}
