import { tensorFrom } from '@monge/backend'
import { mongeError } from '@monge/errors'
import type { Place } from '@monge/backend'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Cost } from './cost.js'

/** Entries `[n, m]`, in rows or flat in row-major order. */
export type MatrixEntries =
  readonly (readonly number[])[] | { readonly data: ArrayLike<number>; readonly shape: readonly [number, number] }

/**
 * The cost whose values are given: `c(x_i, y_j) = entries_ij`, whatever the points; `n` and `m` may differ. Its
 * gradient in the points is zero.
 *
 * The entries become a tensor `cost.pairwise.entries`, which is the caller's to dispose of. It has the precision of the
 * backend that is current, or of the given place: `fromMatrix(entries, backend)` for a float64 backend.
 *
 * @throws InvalidArgument if the entries are not finite or do not make a matrix
 */
export const fromMatrix = (entries: MatrixEntries, place?: Place): Cost => {
  const { data, shape } = flatten(entries)
  const [rows, columns] = shape
  const broken = data.findIndex((entry) => !Number.isFinite(entry))
  if (broken >= 0) {
    const at = `entry [${Math.floor(broken / columns)}, ${broken % columns}] is ${data[broken]}`
    throw mongeError('InvalidArgument', 'fromMatrix', `${at}, not a finite number`)
  }
  const make = (): Tensor2D => tensorFrom(data, shape)
  return {
    name: `matrix [${rows}, ${columns}]`,
    pairwise: { tag: 'matrix', entries: place === undefined ? make() : place.within(make) },
    symmetric: rows === columns && data.every((entry, i) => entry === data[(i % rows) * rows + Math.floor(i / rows)]),
    translationInvariant: true,
    metric: false,
  }
}

const flatten = (
  entries: MatrixEntries,
): { readonly data: Float64Array; readonly shape: readonly [number, number] } => {
  const flat =
    'shape' in entries
      ? { data: Float64Array.from(entries.data), shape: entries.shape }
      : { data: Float64Array.from(entries.flat()), shape: [entries.length, entries[0]?.length ?? 0] as const }
  const [rows, columns] = flat.shape
  const ragged = !('shape' in entries) && entries.some((row) => row.length !== columns)
  if (ragged || rows < 1 || columns < 1 || flat.data.length !== rows * columns)
    throw mongeError(
      'InvalidArgument',
      'fromMatrix',
      `${flat.data.length} entries do not make a matrix [${rows}, ${columns}]`,
    )
  return flat
}
