import { tensorFrom } from '@monge/backend'
import type { Params } from '../params.js'
import { countParams, leavesOf, withLeaves } from '../tree.js'

/** All numbers of a tree, leaf after leaf. */
export const flatten = (params: Params): Float64Array => {
  const values = new Float64Array(countParams(params))
  let at = 0
  for (const leaf of leavesOf(params)) {
    values.set(leaf.dataSync(), at)
    at += leaf.size
  }
  return values
}

/** A tree like the given one, of other numbers, at tfjs's current backend. */
export const unflatten =
  <P extends Params>(like: P) =>
  (values: Float64Array): P => {
    let at = 0
    const leaves = leavesOf(like).map(({ size, shape }) => {
      at += size
      return tensorFrom(values.subarray(at - size, at), shape)
    })
    return withLeaves(leaves)(like)
  }
