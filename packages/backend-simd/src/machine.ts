import type { Precision } from '@monge/backend'
import { mongeError } from '@monge/errors'
import { writeConstants } from './constants.js'
import { heapOf, stackOf } from './heap.js'
import type { Heap, Stack } from './heap.js'
import { group, heapStart, jobAddress, jobBytes, jobFields, scratchBytes } from './layout.js'
import { bind, compile } from './module.js'
import type { LayOut } from './module.js'
import { parking } from './parking.js'
import type { Parking } from './parking.js'
import { mostChunks, onePool, threadPool } from './pool.js'
import { workersHere } from './workers.js'

/** One reduction, as the kernels are told of it. Addresses are in the machine's heap. */
export interface Job {
  readonly operation: number
  readonly format: number
  readonly geometry: number
  readonly start?: number
  readonly end: number
  /** Rows in a chunk; a multiple of the kernels' group. */
  readonly chunk: number
  readonly width?: number
  readonly flags?: number
  readonly p?: number
  readonly q?: number
  readonly q32?: number
  readonly u?: number
  readonly v?: number
  readonly out?: number
  readonly columnOut?: number
  readonly kernel?: number
  readonly factor?: number
  readonly slack?: number
  readonly least?: number
  readonly rate?: number
  /** Whether it is too little to wake other threads for. */
  readonly alone?: boolean
}

/** The kernels, their memory, and how much of it geometries may fill with matrices. */
export interface Machine {
  readonly precision: Precision
  readonly heap: Heap
  readonly stack: Stack
  readonly parking: Parking
  /** Each thread's scratch memory. */
  readonly scratches: readonly number[]
  readonly slicesBytes: (problem: number, sums: boolean) => number
  readonly layOut: LayOut
  perform(job: Job): void
  /** Takes so many bytes of the budget, if they are left. */
  reserve(bytes: number): boolean
  giveBack(bytes: number): void
}

export interface MachineOptions {
  readonly precision: Precision
  readonly memoryBudget: number
  /** All that the place has, if undefined. */
  readonly threads: number | undefined
}

export const machineOf = async ({ precision, memoryBudget, threads }: MachineOptions): Promise<Machine> => {
  const workers = threads === 1 ? undefined : await workersHere()
  const count = workers === undefined ? 1 : (threads ?? Math.min(workers.concurrency, mostThreads))
  const shared = count > 1
  const module = await compile(shared)
  const memory = memoryOf(shared)
  const { run, slicesBytes, layOut } = await bind(module, memory)
  writeConstants(memory.buffer)
  const parked = parking()
  const heap = heapOf(memory, heapStart, parked.clear)
  const stack = stackOf(heap)
  const scratches = Array.from({ length: count }, () => heap.allocate(scratchBytes))
  const [scratch = 0] = scratches
  const alone = onePool(run, scratch)
  const pool =
    workers === undefined || !shared
      ? alone
      : threadPool({ run, module, memory, workers, scratches, patience: 60_000 })
  let left = memoryBudget
  const write = jobWriter(memory)
  return {
    precision,
    heap,
    stack,
    parking: parked,
    scratches,
    slicesBytes,
    layOut,
    perform: (job) => {
      write(job)
      const on = job.alone === true ? alone : pool
      on.perform(job.format, chunksOf(job))
    },
    reserve: (bytes) => {
      while (bytes > left && parked.clear());
      if (bytes > left) return false
      left -= bytes
      return true
    },
    giveBack: (bytes) => {
      left += bytes
    },
  }
}

const mostThreads = 16

/** As large a memory as the place lets one reserve. */
const memoryOf = (shared: boolean): WebAssembly.Memory => {
  for (const maximum of [65536, 32768, 16384])
    try {
      return new WebAssembly.Memory({ initial: 16, maximum, shared })
    } catch {
      // Too much address space for this place: it gets less.
    }
  throw mongeError('BackendUnavailable', 'simdBackend', 'no memory for the WebAssembly kernels')
}

const chunksOf = ({ start = 0, end, chunk }: Job): number => Math.ceil((end - start) / chunk)

/**
 * Rows in a chunk: enough work to be worth handing over (`least` entries), little enough to share evenly. It depends on
 * the sizes alone, so that sums over chunks are the same for any number of threads.
 */
export const chunkRows = (rows: number, columns: number, most: number = mostChunks, least: number = 2 ** 16): number =>
  Math.ceil(Math.max(least / Math.max(1, columns), rows / most, 1) / group) * group

/** Writes jobs where the kernels look for them. */
const jobWriter = (memory: WebAssembly.Memory): ((job: Job) => void) => {
  let { buffer } = memory
  let [fields, numbers] = viewsOf(buffer)
  return (job) => {
    // A memory that has grown has another buffer; making views takes as long as a small job.
    if (memory.buffer !== buffer) {
      ;({ buffer } = memory)
      ;[fields, numbers] = viewsOf(buffer)
    }
    writeJob(fields, numbers, job)
  }
}

const viewsOf = (buffer: ArrayBufferLike): readonly [Int32Array, Float64Array] => [
  new Int32Array(buffer, jobAddress, jobBytes / 4),
  new Float64Array(buffer, jobAddress + jobFields.factor, 4),
]

/** Writes a job through views of its memory. */
export const writeJob = (fields: Int32Array, numbers: Float64Array, job: Job): void => {
  fields[jobFields.geometry / 4] = job.geometry
  fields[jobFields.operation / 4] = job.operation
  fields[jobFields.chunk / 4] = job.chunk
  fields[jobFields.width / 4] = job.width ?? 0
  fields[jobFields.flags / 4] = job.flags ?? 0
  fields[jobFields.p / 4] = job.p ?? 0
  fields[jobFields.q / 4] = job.q ?? 0
  fields[jobFields.q32 / 4] = job.q32 ?? 0
  fields[jobFields.u / 4] = job.u ?? 0
  fields[jobFields.v / 4] = job.v ?? 0
  fields[jobFields.out / 4] = job.out ?? 0
  fields[jobFields.columnOut / 4] = job.columnOut ?? 0
  fields[jobFields.kernel / 4] = job.kernel ?? 0
  fields[jobFields.start / 4] = job.start ?? 0
  fields[jobFields.end / 4] = job.end
  numbers[0] = job.factor ?? 0
  numbers[1] = job.slack ?? 0
  numbers[2] = job.least ?? 0
  numbers[3] = job.rate ?? 0
}
