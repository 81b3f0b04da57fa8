import { rowsOf } from './cloud.js'
import type { Cloud } from './cloud.js'
import type { Entries } from './entries.js'

/** Options of the entries `scale (sum_k |x_k - y_k|^order)^exponent`. */
export interface Lp {
  readonly order: number
  readonly exponent: number
  readonly scale: number
}

export const lpEntries = (lp: Lp): ((x: Cloud, y: Cloud) => Entries) => {
  const between = (x: Cloud, y: Cloud): Entries => ({
    rows: x.count,
    columns: y.count,
    dimension: x.dimension,
    block: (start, count) => {
      const { exponent, scale } = lp
      return powerSums(rowsOf(x, start, count), y, lp.order).map((sum) => scale * sum ** exponent)
    },
    slopes: (start, count, weights) => slopes(rowsOf(x, start, count), y, lp, weights),
    transpose: () => between(y, x),
  })
  return between
}

/** `sum_k |x_ik - y_jk|^order` */
const powerSums = (x: Cloud, y: Cloud, order: number): Float64Array => {
  const d = x.dimension
  const result = new Float64Array(x.count * y.count)
  for (let i = 0; i < x.count; i++)
    for (let j = 0; j < y.count; j++) {
      let sum = 0
      for (let k = 0; k < d; k++) {
        const distance = Math.abs(x.values[i * d + k] - y.values[j * d + k])
        sum += order === 1 ? distance : distance ** order
      }
      result[i * y.count + j] = sum
    }
  return result
}

/** The chain rule: `scale exponent S^(exponent - 1) order |x_k - y_k|^(order - 1) sign(x_k - y_k)`. */
const slopes = (x: Cloud, y: Cloud, { order, exponent, scale }: Lp, weights: Float64Array): Float64Array => {
  const d = x.dimension
  const sums = powerSums(x, y, order)
  const result = new Float64Array(x.count * d)
  for (let i = 0; i < x.count; i++)
    for (let j = 0; j < y.count; j++) {
      const outer = scale * exponent * sums[i * y.count + j] ** (exponent - 1) * order
      for (let k = 0; k < d; k++) {
        const difference = x.values[i * d + k] - y.values[j * d + k]
        if (difference === 0) continue
        const slope = outer * Math.abs(difference) ** (order - 1) * Math.sign(difference)
        if (Number.isFinite(slope)) result[i * d + k] += weights[i * y.count + j] * slope
      }
    }
  return result
}
