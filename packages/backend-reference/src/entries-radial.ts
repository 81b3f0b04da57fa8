import type { Place, Profile } from '@monge/backend'
import { rowsOf } from './cloud.js'
import type { Cloud } from './cloud.js'
import type { Entries } from './entries.js'
import { arrayProfile } from './profile.js'

/** Entries that depend on `|x_i - y_j|²` alone. */
export const radialEntries = (profile: Profile, place: Place): ((x: Cloud, y: Cloud) => Entries) => {
  const { value, derivative } = arrayProfile(profile, place)
  const between = (x: Cloud, y: Cloud): Entries => ({
    rows: x.count,
    columns: y.count,
    dimension: x.dimension,
    block: (start, count) => value(squaredDistances(rowsOf(x, start, count), y)),
    slopes: (start, count, weights) => {
      const rows = rowsOf(x, start, count)
      return weightedDifferences(rows, y, weights, derivative(squaredDistances(rows, y)))
    },
    transpose: () => between(y, x),
  })
  return between
}

const squaredDistances = (x: Cloud, y: Cloud): Float64Array => {
  const d = x.dimension
  const result = new Float64Array(x.count * y.count)
  for (let i = 0; i < x.count; i++)
    for (let j = 0; j < y.count; j++) {
      let sum = 0
      for (let k = 0; k < d; k++) {
        const difference = x.values[i * d + k] - y.values[j * d + k]
        sum += difference * difference
      }
      result[i * y.count + j] = sum
    }
  return result
}

/** `sum_j w_ij φ'_ij 2 (x_i - y_j)`: the chain rule on `φ(|x_i - y_j|²)`. */
const weightedDifferences = (x: Cloud, y: Cloud, weights: Float64Array, slopes: Float64Array): Float64Array => {
  const d = x.dimension
  const result = new Float64Array(x.count * d)
  for (let i = 0; i < x.count; i++)
    for (let j = 0; j < y.count; j++) {
      const factor = 2 * weights[i * y.count + j] * slopes[i * y.count + j]
      for (let k = 0; k < d; k++) result[i * d + k] += factor * (x.values[i * d + k] - y.values[j * d + k])
    }
  return result
}
