import { portableBackend, tfjsPlace } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { mongeError, requireInteger, requireKnownKeys, requireOneOf, requirePositive } from '@monge/errors'
import { findBackendFactory } from '@tensorflow/tfjs-core'
import { argsortRows } from './argsort.js'
import { machineOf } from './machine.js'
import { simdGeometry } from './geometry.js'
import { slicesOf } from './slices.js'
import { hostVectors } from './vectors.js'

/** Choices of the SIMD backend. */
export interface SimdOptions {
  /**
   * `float32` by default: kernels compute four entries at a time, sums and potentials are float64. `float64` needs the
   * tfjs backend `monge-float64`, which `@monge/backend-reference` registers.
   */
  readonly precision?: 'float32' | 'float64'
  /**
   * The tfjs backend that float32 tensors live on: `cpu` by default; or `wasm`, for those who train networks beside, whose
   * products of matrices are ten times faster there. It needs `@tensorflow/tfjs-backend-wasm` to be imported before.
   */
  readonly tensors?: 'cpu' | 'wasm'
  /**
   * Threads, this one included: by default as many as run at the same time here, up to 16. More than one needs Node, or
   * a cross-origin isolated page; elsewhere there is one. The results do not depend on it.
   */
  readonly threads?: number
  /** The most bytes that matrices (stored kernels and costs) may take, of all geometries together; 512 MiB by default. */
  readonly memoryBudget?: number
}

/** The SIMD backend, and what it can do besides. */
export interface SimdBackend extends Backend<Float64Array> {
  /**
   * The places of each row's numbers in ascending order: `values [rows, columns]` row by row, compared as float32
   * numbers; equal ones keep their order. By radix sort, in time `O(rows columns)`.
   *
   * @throws InvalidArgument if the number of values is not a multiple of `columns`
   */
  argsortRows(values: ArrayLike<number>, columns: number): Int32Array
}

/**
 * The fast backend on the CPU: fused WebAssembly SIMD kernels that store no n-by-m matrix unless it pays and fits.
 *
 * @throws BackendUnavailable where there is no WebAssembly SIMD, or where the float64 tfjs backend is not registered;
 *   InvalidOption
 */
export const simdBackend = async (options: SimdOptions = {}): Promise<SimdBackend> => {
  requireKnownKeys(['precision', 'tensors', 'threads', 'memoryBudget'])('simdBackend', options)
  const precision = requireOneOf(['float32', 'float64'])('simdBackend: precision', options.precision ?? 'float32')
  const memoryBudget = requirePositive('simdBackend: memoryBudget', options.memoryBudget ?? 2 ** 29)
  const threads = options.threads === undefined ? undefined : requireInteger(1)('simdBackend: threads', options.threads)
  const tensors = requireOneOf(['cpu', 'wasm'])('simdBackend: tensors', options.tensors ?? 'cpu')
  const name = precision === 'float64' ? 'monge-float64' : tensors
  if (name === 'cpu') await import('@tensorflow/tfjs-backend-cpu')
  // Its type denies it, but an unknown name has an undefined factory.
  else if (!(findBackendFactory(name) as unknown)) throw missing(name)
  const portable = await portableBackend(name)
  const machine = await machineOf({ precision, memoryBudget, threads })
  const place = tfjsPlace(name, precision)
  return {
    ...place,
    vectors: hostVectors(place),
    geometry: simdGeometry(machine, place, portable),
    slices: (problem) => slicesOf(machine, problem),
    argsortRows: (values, columns) => {
      if (requireInteger(1)('argsortRows: columns', columns) > 0 && values.length % columns !== 0)
        throw mongeError('InvalidArgument', 'argsortRows', `${values.length} values are no rows of ${columns}`)
      return argsortRows(machine, values, columns)
    },
  }
}

const missing = (name: 'monge-float64' | 'wasm'): Error =>
  name === 'wasm'
    ? mongeError(
        'BackendUnavailable',
        'simdBackend: tensors "wasm"',
        'there is no tfjs backend of that name; import "@tensorflow/tfjs-backend-wasm" first',
      )
    : mongeError(
        'BackendUnavailable',
        'simdBackend: precision "float64"',
        'its tensors live on the tfjs backend "monge-float64"; await referenceBackend() of "@monge/backend-reference" first',
      )
