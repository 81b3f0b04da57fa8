import type { Matrix } from '../input.js'
import type { Costs } from './costs.js'
import { writeRow } from './costs.js'

/** Up to this many dimensions distances are cheaper to compute again than to fetch from a matrix. */
const fewDimensions = 6
/** The largest matrix of costs that is stored: 256 MiB. */
const mostEntries = 2 ** 25

const power = (p: number, metric: 'euclidean' | 'cityblock'): ((distance: number) => number) =>
  metric === 'euclidean' ? (squared) => squared ** (p / 2) : (distance) => distance ** p

/**
 * The costs `|x_i - y_j|^p` under the Euclidean or the taxicab distance: on the fly in O(n + m) memory where that is
 * fast, as a matrix where it fits, row by row otherwise.
 */
export const powerCosts = (x: Matrix, y: Matrix, p: number, metric: 'euclidean' | 'cityblock'): Costs => {
  const base: Costs =
    metric === 'euclidean'
      ? { tag: 'points', metric: p === 1 ? 'euclidean' : 'sqeuclidean', x, y }
      : { tag: 'points', metric: 'cityblock', x, y }
  const native = p === 1 || (p === 2 && metric === 'euclidean')
  const costs: Costs = native ? base : powered(base, x.rows, y.rows, power(p, metric))
  const stored = (!native || x.columns > fewDimensions) && x.rows * y.rows <= mostEntries
  return stored ? tabulated(costs, x.rows, y.rows) : costs
}

const powered = (base: Costs, rows: number, columns: number, rule: (distance: number) => number): Costs => ({
  tag: 'rows',
  rows,
  columns,
  fill: (i, target) => {
    writeRow(base, i, target)
    for (let j = 0; j < columns; j++) target[j] = rule(target[j])
  },
})

const tabulated = (costs: Costs, rows: number, columns: number): Costs => {
  const data = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) writeRow(costs, i, data.subarray(i * columns, (i + 1) * columns))
  return { tag: 'matrix', matrix: { rows, columns, data } }
}
