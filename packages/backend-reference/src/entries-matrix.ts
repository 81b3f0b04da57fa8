import type { Entries } from './entries.js'
import { transposed } from './transposed.js'

/** Given entries: they do not depend on the points, so their derivatives are zero. */
export const matrixEntries = (
  values: Float64Array,
  rows: number,
  columns: number,
  dimension: number,
): Entries => ({
  rows,
  columns,
  dimension,
  block: (start, count) => values.slice(start * columns, (start + count) * columns),
  slopes: (_, count) => new Float64Array(count * dimension),
  transpose: () => matrixEntries(transposed(values, rows, columns), columns, rows, dimension),
})
