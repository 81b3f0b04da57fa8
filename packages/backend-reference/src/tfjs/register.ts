import { engine, findBackend, registerBackend, registerKernel } from '@tensorflow/tfjs-core'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { binaryKernels } from './binary.js'
import { creationKernels } from './creation.js'
import type { Dense, Kernel, Kernels } from './dense.js'
import { indexingKernels } from './indexing.js'
import { joiningKernels } from './joining.js'
import { layoutKernels } from './layout.js'
import { matrixKernels } from './matrices.js'
import { orderingKernels } from './ordering.js'
import { reductionKernels } from './reductions.js'
import { Float64Storage } from './storage.js'
import { unaryKernels } from './unary.js'

/** The name by which tfjs knows the backend. */
export const float64Name = 'monge-float64'

/** All kernels of the backend, by tfjs's names. */
export const kernels: Kernels = {
  ...unaryKernels,
  ...binaryKernels,
  ...reductionKernels,
  ...layoutKernels,
  ...joiningKernels,
  ...creationKernels,
  ...indexingKernels,
  ...matrixKernels,
  ...orderingKernels,
}

/** Runs a kernel on stored tensors; an output that holds an input's own array becomes another reference to it. */
const runOn = (
  storage: Float64Storage,
  kernel: Kernel<never>,
  inputs: Readonly<Record<string, TensorInfo | undefined>>,
  attributes: unknown,
): TensorInfo | TensorInfo[] => {
  const given = Object.entries(inputs).flatMap(([name, info]) =>
    info === undefined || info === null ? [] : [{ name, info, dense: storage.dense(info) }],
  )
  const result = kernel(Object.fromEntries(given.map(({ name, dense }) => [name, dense])), attributes as never)
  const stored = (output: Dense): TensorInfo => {
    const shared = given.find(({ dense }) => dense.values === output.values)
    if (shared === undefined) return storage.store(output)
    storage.incRef(shared.info.dataId)
    return { dataId: shared.info.dataId, shape: [...output.shape], dtype: output.dtype }
  }
  return 'dtype' in result ? stored(result) : result.map(stored)
}

/**
 * Makes tfjs round our doubles when it moves a tensor to another backend. Some of them (wasm) copy the bytes of what
 * they are given without a look at its type, and would read halves of doubles as numbers.
 */
const roundWhatLeaves = (storage: Float64Storage): void => {
  const owner = engine()
  const moveData = owner.moveData.bind(owner)
  owner.moveData = (destination, dataId) => {
    storage.leaving = destination !== storage
    try {
      moveData(destination, dataId)
    } finally {
      storage.leaving = false
    }
  }
}

/** Registers the backend and its kernels with tfjs, once; it never becomes tfjs's default where there is another. */
export const registerFloat64 = (): void => {
  if (findBackend(float64Name) !== null) return
  const storage = new Float64Storage()
  registerBackend(float64Name, () => storage, 0)
  for (const [kernelName, kernel] of Object.entries(kernels))
    registerKernel({
      kernelName,
      backendName: float64Name,
      kernelFunc: ({ inputs, attrs }) => runOn(storage, kernel, inputs, attrs),
    })
  findBackend(float64Name)
  roundWhatLeaves(storage)
}
