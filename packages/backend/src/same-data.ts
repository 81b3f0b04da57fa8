import type { Tensor } from '@tensorflow/tfjs-core'

/*
 * What is read of a tensor can be remembered by its data, which tfjs never changes: clones share them. Not on tfjs's wasm
 * backend, where a clone is a copy; those that are made here say whose.
 */

const originals = new WeakMap<Tensor['dataId'], Tensor['dataId']>()

/** What stands for a tensor's numbers: the same for copies that are known as such. */
export const dataOf = ({ dataId }: Pick<Tensor, 'dataId'>): Tensor['dataId'] => originals.get(dataId) ?? dataId

/** Says that one tensor is a copy of the other. */
export const knownCopy = (copy: Tensor, original: Tensor): void => {
  if (copy.dataId !== original.dataId) originals.set(copy.dataId, dataOf(original))
}
