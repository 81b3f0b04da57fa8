import { tensorsOf } from '@monge/flows'
import { share } from '@monge/measures'
import { Tensor } from '@tensorflow/tfjs-core'
import type { ChainState } from './sampler.js'

/** A copy of a state that outlives the run: it can be resumed from, and is the caller's to dispose of. */
export const copyState = <State extends ChainState>(state: State): State => copied(state) as State

/** Frees a copied state, or the state that the caller got from a sampler itself. */
export const disposeState = (state: ChainState): void => {
  for (const tensor of tensorsOf(state)) tensor.dispose()
}

// Numbers on the host are never written to once a state holds them.
const copied = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  if (value instanceof Tensor) return share(value)
  if (Array.isArray(value)) return value.map(copied)
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copied(part)]))
}
