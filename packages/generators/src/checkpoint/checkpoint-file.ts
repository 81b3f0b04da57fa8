import type { Place } from '@monge/backend'
import { mongeError } from '@monge/errors'
import { isTensor } from '../is-tensor.js'
import { checkpointOf } from '../checkpoint.js'
import type { Checkpoint } from '../checkpoint.js'
import type { Params } from '../params.js'
import { disposeState } from '../state-tree.js'
import { decodeTree, encodeTree } from './tree-file.js'

/**
 * A checkpoint (any state of a fit is one) as the bytes of a safetensors file: parameters, their average, what the
 * optimiser remembers, key and iteration, float64 or float32 as they are.
 */
export const encodeCheckpoint = (checkpoint: Checkpoint): Uint8Array => encodeTree(checkpointOf(checkpoint))

/**
 * The checkpoint in such a file, its tensors at a place: the same numbers, bit for bit, at a place of the same precision.
 * `fit` refuses it if it is not of its generator and optimiser; until then its types are what the caller says.
 *
 * @throws InvalidArgument if the bytes are no such file
 */
export const decodeCheckpoint =
  <P extends Params = Params, State = unknown>(place: Place) =>
  (bytes: Uint8Array): Checkpoint<P, State> => {
    const tree = decodeTree(place)(bytes)
    if (isCheckpoint(tree)) return checkpointOf(tree as Checkpoint<P, State>)
    disposeState(tree)
    throw mongeError('InvalidArgument', 'decodeCheckpoint', 'there is a tree in the file, but no checkpoint of a fit')
  }

const isCheckpoint = (tree: unknown): tree is Checkpoint => {
  if (typeof tree !== 'object' || tree === null) return false
  const { iteration, key, params, average } = tree as Partial<Checkpoint>
  const words: unknown = key?.words
  return (
    Number.isSafeInteger(iteration) &&
    (iteration ?? -1) >= 0 &&
    Array.isArray(words) &&
    words.length === 4 &&
    words.every((word) => Number.isInteger(word)) &&
    'optimiser' in tree &&
    isTree(params) &&
    (average === undefined || isTree(average))
  )
}

/** Whether all that a tree ends in are tensors. */
const isTree = (tree: unknown): boolean =>
  isTensor(tree) || (typeof tree === 'object' && tree !== null && Object.values(tree).every(isTree))
