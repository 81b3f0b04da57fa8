import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { mongeError } from '@monge/errors'
import type { Backend } from '../backend.js'
import type { Geometry } from '../geometry.js'
import type { Pairwise } from '../pairwise.js'

/** One reduction over a geometry made for it alone, from tensors to a tensor. */
export const reduction =
  <V>(backend: Backend<V>, pairwise: Pairwise) =>
  (x: Tensor2D, y: Tensor2D) =>
  <T extends Tensor>(shape: readonly number[], body: (geometry: Geometry<V>) => V): T =>
    backend.vectors.scope(() => {
      const geometry = backend.geometry(pairwise, x, y)
      try {
        return backend.vectors.toTensor<T>(body(geometry), shape)
      } finally {
        geometry.dispose()
      }
    })

/** The number of values that `v`, `[m]` or `[m, k]`, has for each of `m` points. */
export const valuesEach = (where: string, m: number, v: Tensor1D | Tensor2D): number => {
  if ((v.rank !== 1 && v.rank !== 2) || v.shape[0] !== m)
    throw mongeError('DimensionMismatch', where, `expected [${m}] or [${m}, k], got [${v.shape.join(', ')}]`)
  return v.shape[1] ?? 1
}

/** A vector of `n` values. */
export const requireLength = (where: string, n: number, vector: Tensor1D): void => {
  if (vector.rank !== 1 || vector.shape[0] !== n)
    throw mongeError('DimensionMismatch', where, `expected [${n}], got [${vector.shape.join(', ')}]`)
}
