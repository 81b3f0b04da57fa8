import { atHomeOf } from '@monge/measures'
import { clone, dispose, tensor_util } from '@tensorflow/tfjs-core'
import type { Tensor, TensorContainer } from '@tensorflow/tfjs-core'
import { isTensor } from './is-tensor.js'

/*
 * States are trees of records and lists that hold tensors, and plain values beside them.
 */

/** The tensors in a state. */
export const tensorsIn = (state: unknown): readonly Tensor[] =>
  tensor_util.getTensorsInContainer(state as TensorContainer)

/** A copy of a state whose tensors are the holder's to dispose of. They share the data. */
export const copyState = <State>(state: State): State => copied(state) as State

const copied = (value: unknown): unknown => {
  if (isTensor(value)) return atHomeOf(value, () => clone(value))
  if (Array.isArray(value)) return value.map(copied)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copied(part)]))
  return value
}

/** Frees the tensors of a state. It must not be used afterwards. */
export const disposeState = (state: unknown): void => {
  dispose([...tensorsIn(state)])
}

/** Frees the tensors of a state, but not what it shares with the next. */
export const releaseState = (state: unknown, next?: unknown): void => {
  const kept = new Set(tensorsIn(next))
  for (const tensor of tensorsIn(state)) if (!kept.has(tensor)) tensor.dispose()
}
