import { tensorsOf } from '@monge/flows'
import { atHomeOf } from '@monge/measures'
import { clone, dispose } from '@tensorflow/tfjs-core'
import { isTensor } from './is-tensor.js'

/*
 * States are trees of records and lists that hold tensors, and plain values beside them.
 */

/** A copy of a state whose tensors are the holder's to dispose of. They share the data. */
export const copyState = <State>(state: State): State => copied(state) as State

const copied = (value: unknown): unknown => {
  if (isTensor(value)) return atHomeOf(value, () => clone(value))
  if (ArrayBuffer.isView(value)) return value
  if (Array.isArray(value)) return value.map(copied)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copied(part)]))
  return value
}

/** Frees the tensors of a state. It must not be used afterwards. */
export const disposeState = (state: unknown): void => {
  dispose([...tensorsOf(state)])
}
