import type { Entries } from './entries.js'
import { transposed } from './transposed.js'

/**
 * The same entries, computed once and kept where they take no more than so many bytes: an iteration reads them some
 * twenty times. Larger ones are computed anew at each reading.
 */
export const stored = (budget: number, entries: Entries): Entries => {
  const { rows, columns } = entries
  if (rows * columns * 8 > budget) return entries
  return keeping(entries, once(() => entries.block(0, rows)))
}

const keeping = (entries: Entries, matrix: () => Float64Array): Entries => ({
  ...entries,
  block: (start, count) => matrix().subarray(start * entries.columns, (start + count) * entries.columns),
  transpose: () =>
    keeping(
      entries.transpose(),
      once(() => transposed(matrix(), entries.rows, entries.columns)),
    ),
})

const once = <A>(compute: () => A): (() => A) => {
  let result: A | undefined
  return () => (result ??= compute())
}
