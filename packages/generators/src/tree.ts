import { mongeError } from '@monge/errors'
import { atHomeOf } from '@monge/measures'
import { clone, dispose } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { isTensor } from './is-tensor.js'
import type { Params } from './params.js'

/*
 * Operations on trees of tensors. They make new trees and leave those they are given alone. `mapParams` is a functor:
 * the identity maps to itself, and compositions to compositions; `zipParams` is the same with several arguments.
 */

/** A place in a tree: names of records and indices of lists, from the root. */
export type Path = readonly (string | number)[]

const record = (tree: Params): Readonly<Record<string, Params>> => tree as Readonly<Record<string, Params>>

const visit = (tree: Params, path: Path, see: (leaf: Tensor, path: Path) => Params): Params => {
  if (isTensor(tree)) return see(tree, path)
  if (Array.isArray(tree)) return (tree as readonly Params[]).map((branch, index) => visit(branch, [...path, index], see))
  return Object.fromEntries(Object.entries(record(tree)).map(([name, branch]) => [name, visit(branch, [...path, name], see)]))
}

/** The tree of `f(leaf, path)`, of the same shape. */
export const mapParams =
  (f: (leaf: Tensor, path: Path) => Tensor) =>
  <P extends Params>(params: P): P =>
    visit(params, [], f) as P

/**
 * The tree of `f(leaf, …)` over trees of one shape; what else the others hold is an error.
 *
 * @throws InvalidArgument if the trees differ in shape
 */
export const zipParams =
  (f: (leaf: Tensor, ...others: Tensor[]) => Tensor) =>
  <P extends Params>(params: P, ...others: readonly Params[]): P => {
    const rows = others.map(flattenParams)
    const leaves = flattenParams(params)
    if (rows.some((row) => row.length !== leaves.length || row.some(([path], i) => !samePath(path, leaves[i]?.[0]))))
      throw mongeError('InvalidArgument', 'zipParams', 'the trees differ in shape')
    let index = -1
    return mapParams((leaf) => {
      index += 1
      return f(leaf, ...rows.flatMap((row) => row[index]?.[1] ?? []))
    })(params)
  }

/** The leaves with their paths, in the order of the tree. */
export const flattenParams = (params: Params): readonly (readonly [path: Path, leaf: Tensor])[] => {
  const leaves: (readonly [Path, Tensor])[] = []
  visit(params, [], (leaf, path) => {
    leaves.push([path, leaf])
    return leaf
  })
  return leaves
}

/** The leaves, in the order of the tree. */
export const leavesOf = (params: Params): readonly Tensor[] => flattenParams(params).map(([, leaf]) => leaf)

/**
 * The tree of the same shape with other leaves, in the order of `leavesOf`.
 *
 * @throws InvalidArgument if there are too few or too many
 */
export const withLeaves =
  (leaves: readonly Tensor[]) =>
  <P extends Params>(params: P): P => {
    let index = 0
    const tree = mapParams(() => {
      const leaf = leaves[index]
      if (leaf === undefined) throw mongeError('InvalidArgument', 'withLeaves', `${leaves.length} tensors are too few`)
      index += 1
      return leaf
    })(params)
    if (index !== leaves.length)
      throw mongeError('InvalidArgument', 'withLeaves', `expected ${index} tensors, got ${leaves.length}`)
    return tree
  }

/** A tree of tensors of its own, for the holder to dispose of: it shares the data, which live until both are gone. */
export const copyParams: <P extends Params>(params: P) => P = mapParams((leaf) =>
  atHomeOf(leaf, () => clone(leaf)),
)

/** Frees the tensors of a tree. It must not be used afterwards. */
export const disposeParams = (params: Params): void => {
  dispose([...leavesOf(params)])
}

/** The number of numbers in a tree. */
export const countParams = (params: Params): number => leavesOf(params).reduce((total, leaf) => total + leaf.size, 0)

/** Whether two trees have the same shape, tensors of the same shapes, and the same numbers, bit for bit. */
export const equalParams =
  (other: Params) =>
  (params: Params): boolean => {
    const [left, right] = [flattenParams(params), flattenParams(other)]
    return (
      left.length === right.length &&
      left.every(([path, leaf], i) => {
        const [otherPath, otherLeaf] = right[i] ?? []
        return samePath(path, otherPath) && otherLeaf !== undefined && sameTensor(leaf, otherLeaf)
      })
    )
  }

const samePath = (path: Path, other: Path | undefined): boolean =>
  path.length === other?.length && path.every((step, i) => step === other[i])

const sameTensor = (left: Tensor, right: Tensor): boolean => {
  if (left.shape.length !== right.shape.length || left.shape.some((size, i) => size !== right.shape[i])) return false
  const [mine, yours] = [left.dataSync(), right.dataSync()]
  return mine.length === yours.length && mine.every((value, i) => Object.is(value, yours[i]))
}
