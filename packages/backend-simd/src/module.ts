import { mongeError } from '@monge/errors'
import { kernels } from './kernels.generated.js'

/** One chunk of a job. */
export type Run = (format: number, job: number, chunk: number, scratch: number) => void

/** The bytes of a module with one SIMD instruction: what does not validate it cannot run ours. */
const probe = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
)

/** Whether this JavaScript engine runs WebAssembly SIMD. */
export const simdAvailable = (): boolean => typeof WebAssembly !== 'undefined' && WebAssembly.validate(probe)

/** The kernels' bytes, importing a memory of their own or one that threads share. */
export const kernelBytes = (shared: boolean): Uint8Array<ArrayBuffer> => {
  const bytes = Uint8Array.from(atob(kernels), (character) => character.charCodeAt(0))
  if (shared) bytes[memoryLimits(bytes)] = 3
  return bytes
}

/** The compiled kernels. */
export const compile = async (shared: boolean): Promise<WebAssembly.Module> => {
  if (!simdAvailable())
    throw mongeError(
      'BackendUnavailable',
      'simdBackend',
      'this JavaScript engine has no WebAssembly SIMD; use the portable backend here',
    )
  try {
    return await WebAssembly.compile(kernelBytes(shared))
  } catch (cause) {
    throw mongeError('BackendUnavailable', 'simdBackend', 'the WebAssembly kernels do not compile', cause)
  }
}

/** The kernels, bound to a memory. */
export interface Kernels {
  readonly run: Run
  /** The bytes that a thread needs to slice the problem at an address, or that a chunk's sums take. */
  readonly slicesBytes: (problem: number, sums: boolean) => number
  /** Lays out a cloud: see assembly/clouds.ts. */
  readonly layOut: LayOut
}

/** Points `[count, dimension]`, less a middle in float64, as rows, or as columns `apart` numbers apart if that is not 0. */
export type LayOut = (
  source: number,
  sourceBytes: 4 | 8,
  target: number,
  targetBytes: 4 | 8,
  count: number,
  dimension: number,
  middle: number,
  apart: number,
) => void

/** Binds the kernels to a memory. */
export const bind = async (module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Kernels> => {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory }, slices: { pow: Math.pow } })
  return exports as unknown as Kernels
}

// The binary imports `env.memory`; the byte after that name and the kind (2: a memory) says whether it is shared.
const memoryLimits = (bytes: Uint8Array): number => {
  const name = [...'memory'].map((character) => character.charCodeAt(0))
  return bytes.findIndex((_, at) => name.every((byte, k) => bytes[at + k] === byte)) + name.length + 1
}
