import { mongeError } from '@monge/errors'
import type { Geometry, Pairwise, Place } from '@monge/backend'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { cloudOf } from './cloud.js'
import { entriesOf } from './entries.js'
import type { Entries } from './entries.js'
import { minimum, planCost, planGradient, planSum, softmin, sumGradient, weightedSum } from './reductions.js'
import { stored } from './stored.js'

/** The reductions over two clouds by plain loops in float64; entries are kept where they fit the budget in bytes. */
export const float64Geometry =
  (place: Place, budget: number) =>
  (pairwise: Pairwise, x: Tensor2D, y: Tensor2D): Geometry<Float64Array> => {
    requireShapes(pairwise, x, y)
    return geometryOf(stored(budget, entriesOf(pairwise, cloudOf(x), cloudOf(y), place)))
  }

const geometryOf = (entries: Entries, back?: Geometry<Float64Array>): Geometry<Float64Array> => {
  let other = back
  const geometry: Geometry<Float64Array> = {
    rows: entries.rows,
    columns: entries.columns,
    dimension: entries.dimension,
    transpose: () => (other ??= geometryOf(entries.transpose(), geometry)),
    softmin: softmin(entries),
    minimum: minimum(entries),
    planSum: planSum(entries),
    planCost: planCost(entries),
    planGradient: planGradient(entries),
    sum: weightedSum(entries),
    sumGradient: sumGradient(entries),
    entries: (start, count) => entries.block(start, count).slice(),
    // The collector frees the arrays.
    dispose: () => {},
  }
  return geometry
}

const requireShapes = (pairwise: Pairwise, x: Tensor2D, y: Tensor2D): void => {
  const [n, d] = x.shape
  const [m, e] = y.shape
  if (x.shape.length !== 2 || y.shape.length !== 2)
    throw mongeError(
      'DimensionMismatch',
      'geometry',
      `expected points of shape [n, d], got [${x.shape.join()}] and [${y.shape.join()}]`,
    )
  if (pairwise.tag !== 'matrix') {
    if (d !== e) throw mongeError('DimensionMismatch', 'geometry', `points of dimension ${d} against dimension ${e}`)
    return
  }
  const [rows, columns] = pairwise.entries.shape
  if (rows !== n || columns !== m)
    throw mongeError('DimensionMismatch', 'geometry', `a matrix [${rows}, ${columns}] for ${n} and ${m} points`)
}
