import { Tensor, dispose } from '@tensorflow/tfjs-core'

/** The tensors within a value, each with the path at which it stands: a state, a measure, a tree of parameters. */
export const leavesOf = (value: unknown, path: string): readonly (readonly [string, Tensor])[] => {
  if (value instanceof Tensor) return [[path, value]]
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return []
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, `${path}.${name}`))
}

/** The tensors within a value. */
export const tensorsWithin = (value: unknown): readonly Tensor[] => leavesOf(value, '').map(([, tensor]) => tensor)

/** The same tree with its tensors, in order, replaced by others. */
export const withLeaves = <P>(tree: P, leaves: readonly Tensor[]): P => {
  const left = [...leaves]
  const rebuilt = (branch: unknown): unknown => {
    if (branch instanceof Tensor) return left.shift()
    if (Array.isArray(branch)) return branch.map(rebuilt)
    if (typeof branch !== 'object' || branch === null) return branch
    return Object.fromEntries(Object.entries(branch).map(([name, inner]) => [name, rebuilt(inner)]))
  }
  return rebuilt(tree) as P
}

/** What a value holds, tensors as their numbers, to compare before and after. */
export const contentsOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown): unknown => {
    if (inner instanceof Tensor) return [inner.shape, Array.from(inner.dataSync())]
    return ArrayBuffer.isView(inner) ? Array.from(inner as Float64Array) : inner
  })

/** Frees the tensors within values, but not those that another holds too. */
export const freeAllBut = (kept: unknown, values: readonly unknown[]): void => {
  const living = new Set(tensorsWithin(kept))
  dispose([...new Set(tensorsWithin(values))].filter((tensor) => !living.has(tensor) && !tensor.isDisposed))
}
