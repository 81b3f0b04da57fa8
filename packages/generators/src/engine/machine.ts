import { instanceHere } from '@monge/backend'
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
  readonly activate: (kind: number, x: number, gain: number, out: number, count: number) => void
  readonly slopes: (kind: number, x: number, upstream: number, gain: number, out: number, count: number) => void
  readonly plus: (a: number, b: number, factor: number, out: number, count: number) => void
  readonly timesRows: (x: number, factors: number, out: number, m: number, n: number, over: number) => void
  readonly rowProducts: (a: number, b: number, out: number, m: number, n: number) => void
  readonly towards: (a: number, b: number, share: number, out: number, count: number) => void
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

const machine = instanceHere(engineModule, (exports: EngineExports): Machine => ({
  exports,
  residence: residenceOf(exports.memory, exports.base()),
}))

/** The machine, if tfjs's current backend keeps float32 numbers where it can reach them, and it can run here. */
export const machineHere = (): Machine | undefined => (engine().backendName === 'cpu' ? machine() : undefined)
