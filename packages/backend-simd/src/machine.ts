import type { Precision } from '@monge/backend'
import { writeConstants } from './constants.js'
import { heapOf } from './heap.js'
import type { Heap } from './heap.js'
import { group, heapStart, jobAddress, jobFields, scratchBytes } from './layout.js'
import { instantiate } from './module.js'

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
}

/** The kernels, their memory, and how much of it geometries may fill with matrices. */
export interface Machine {
  readonly precision: Precision
  readonly heap: Heap
  perform(job: Job): void
  /** Takes so many bytes of the budget, if they are left. */
  reserve(bytes: number): boolean
  giveBack(bytes: number): void
}

export interface MachineOptions {
  readonly precision: Precision
  readonly memoryBudget: number
}

export const machineOf = async ({ precision, memoryBudget }: MachineOptions): Promise<Machine> => {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 })
  const run = await instantiate(memory, false)
  writeConstants(memory.buffer)
  const heap = heapOf(memory, heapStart)
  const scratch = heap.allocate(scratchBytes)
  let left = memoryBudget
  return {
    precision,
    heap,
    perform: (job) => {
      writeJob(new DataView(memory.buffer, jobAddress), job)
      const chunks = chunksOf(job)
      for (let chunk = 0; chunk < chunks; chunk++) run(job.format, jobAddress, chunk, scratch)
    },
    reserve: (bytes) => {
      if (bytes > left) return false
      left -= bytes
      return true
    },
    giveBack: (bytes) => {
      left += bytes
    },
  }
}

const chunksOf = ({ start = 0, end, chunk }: Job): number => Math.ceil((end - start) / chunk)

/**
 * Rows in a chunk: enough work to be worth handing over, little enough to share evenly. It depends on the sizes alone,
 * so that sums over chunks are the same for any number of threads.
 */
export const chunkRows = (rows: number, columns: number, most: number): number => {
  const enough = Math.ceil(2 ** 16 / Math.max(1, columns))
  return Math.ceil(Math.max(enough, rows / most, 1) / group) * group
}

const writeJob = (view: DataView, job: Job): void => {
  const { geometry, operation, chunk, width = 0, flags = 0, start = 0, end, factor = 0 } = job
  const integers = { ...noAddresses, ...job, geometry, operation, chunk, width, flags, start, end }
  for (const name of integerFields) view.setInt32(jobFields[name], integers[name], true)
  view.setFloat64(jobFields.factor, factor, true)
}

const noAddresses = { p: 0, q: 0, q32: 0, u: 0, v: 0, out: 0, columnOut: 0, kernel: 0 }

const integerFields = [
  'geometry', 'operation', 'chunk', 'width', 'flags', 'p', 'q', 'q32', 'u', 'v', 'out', 'columnOut', 'kernel', 'start', 'end',
] as const
