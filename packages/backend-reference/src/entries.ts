import type { Pairwise, Place } from '@monge/backend'
import type { Cloud } from './cloud.js'
import { functionEntries } from './entries-function.js'
import { lpEntries } from './entries-lp.js'
import { matrixEntries } from './entries-matrix.js'
import { radialEntries } from './entries-radial.js'

/** The entries `c_ij = c(x_i, y_j)` and their derivatives in `x_i`, by blocks of rows. */
export interface Entries {
  readonly rows: number
  readonly columns: number
  readonly dimension: number
  /** Rows `start` to `start + count` of `c`, row-major. */
  block(start: number, count: number): Float64Array
  /** `sum_j w_ij dc/dx(x_i, y_j)`, `[count, d]`, for those rows and weights `w [count, m]`; zero where c has none. */
  slopes(start: number, count: number, weights: Float64Array): Float64Array
  /** The entries of `c(y, x)`. */
  transpose(): Entries
}

/** The entries of a function of two points on two clouds. */
export const entriesOf = (pairwise: Pairwise, x: Cloud, y: Cloud, place: Place): Entries => {
  switch (pairwise.tag) {
    case 'radial':
      return radialEntries(pairwise.profile, place)(x, y)
    case 'lp':
      return lpEntries(pairwise)(x, y)
    case 'function':
      return functionEntries(pairwise.value, place)(x, y)
    case 'matrix':
      return matrixEntries(new Float64Array(pairwise.entries.dataSync()), x.count, y.count, x.dimension)
  }
}
