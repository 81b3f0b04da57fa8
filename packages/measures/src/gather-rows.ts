import { customGrad, expandDims, gather, scatterND, tensor1d } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'

/**
 * The rows of the given indices, differentiable. tfjs's own gradient of `gather` asks for a kernel that its wasm
 * backend does not have; this one scatters, which all can.
 */
export const gatherRows = <T extends Tensor>(tensor: T, indices: readonly number[]): T => {
  const { shape } = tensor
  const operation = customGrad((rows) => {
    const chosen = tensor1d([...indices], 'int32')
    return {
      value: gather(rows as Tensor, chosen),
      gradFunc: (upstream) => scatterND(expandDims(tensor1d([...indices], 'int32'), 1), upstream, shape),
    }
  })
  return operation(tensor) as T
}
