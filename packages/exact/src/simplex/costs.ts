import type { Matrix } from '../input.js'

/** Distances that the solver computes from points on the fly. */
export type PointMetric = 'sqeuclidean' | 'euclidean' | 'cityblock'

/** The costs of a problem: a matrix, a metric between points, or a rule that writes one row at a time. */
export type Costs =
  | { readonly tag: 'matrix'; readonly matrix: Matrix }
  | { readonly tag: 'points'; readonly metric: PointMetric; readonly x: Matrix; readonly y: Matrix }
  | {
      readonly tag: 'rows'
      readonly rows: number
      readonly columns: number
      readonly fill: (i: number, target: Float64Array) => void
    }

/** `[n, m]` */
export const sizeOf = (costs: Costs): readonly [n: number, m: number] =>
  costs.tag === 'matrix'
    ? [costs.matrix.rows, costs.matrix.columns]
    : costs.tag === 'points'
      ? [costs.x.rows, costs.y.rows]
      : [costs.rows, costs.columns]

/** Writes `c_i1, …, c_im` to `target`. */
export const writeRow = (costs: Costs, i: number, target: Float64Array): void => {
  if (costs.tag === 'rows') costs.fill(i, target)
  else if (costs.tag === 'matrix') {
    const { columns, data } = costs.matrix
    target.set(data.subarray(i * columns, (i + 1) * columns))
  } else {
    for (let j = 0; j < costs.y.rows; j++) target[j] = distance(costs, i, j)
  }
}

const distance = (costs: Extract<Costs, { readonly tag: 'points' }>, i: number, j: number): number => {
  const d = costs.x.columns
  const x = costs.x.data
  const y = costs.y.data
  let sum = 0
  if (costs.metric === 'cityblock') {
    for (let k = 0; k < d; k++) sum += Math.abs(y[j * d + k] - x[i * d + k])
    return sum
  }
  for (let k = 0; k < d; k++) {
    const gap = y[j * d + k] - x[i * d + k]
    sum += gap * gap
  }
  return costs.metric === 'euclidean' ? Math.sqrt(sum) : sum
}

/** `c_ij` for many pairs; with `rows` in order, a rule is asked for each row once. */
export const costsAt = (costs: Costs, rows: Int32Array, columns: Int32Array): Float64Array => {
  if (costs.tag === 'points') return Float64Array.from(rows, (i, k) => distance(costs, i, columns[k]))
  if (costs.tag === 'matrix')
    return Float64Array.from(rows, (i, k) => costs.matrix.data[i * costs.matrix.columns + columns[k]])
  const buffer = new Float64Array(costs.columns)
  let held = -1
  return Float64Array.from(rows, (i, k) => {
    if (held !== i) costs.fill(i, buffer)
    held = i
    return buffer[columns[k]]
  })
}

const pick = (matrix: Matrix, kept: Int32Array): Matrix => {
  const { columns, data } = matrix
  const picked = new Float64Array(kept.length * columns)
  kept.forEach((i, k) => picked.set(data.subarray(i * columns, (i + 1) * columns), k * columns))
  return { rows: kept.length, columns, data: picked }
}

/** The same costs between some of the sources and some of the sinks. */
export const restrict = (costs: Costs, rows: Int32Array, columns: Int32Array): Costs => {
  const [n, m] = sizeOf(costs)
  if (rows.length === n && columns.length === m) return costs
  if (costs.tag === 'points') return { ...costs, x: pick(costs.x, rows), y: pick(costs.y, columns) }
  if (costs.tag === 'matrix') {
    const { data } = costs.matrix
    const picked = new Float64Array(rows.length * columns.length)
    for (let i = 0; i < rows.length; i++)
      for (let j = 0; j < columns.length; j++) picked[i * columns.length + j] = data[rows[i] * m + columns[j]]
    return { tag: 'matrix', matrix: { rows: rows.length, columns: columns.length, data: picked } }
  }
  const whole = new Float64Array(m)
  return {
    tag: 'rows',
    rows: rows.length,
    columns: columns.length,
    fill: (i, target) => {
      costs.fill(rows[i], whole)
      for (let j = 0; j < columns.length; j++) target[j] = whole[columns[j]]
    },
  }
}
