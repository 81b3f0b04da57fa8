/** The mean, corrected for its own rounding. */
export const meanOf = (values: ArrayLike<number>): number => {
  const count = values.length
  let sum = 0
  for (let index = 0; index < count; index++) sum += values[index] ?? 0
  const mean = sum / count
  let rest = 0
  for (let index = 0; index < count; index++) rest += (values[index] ?? 0) - mean
  return mean + rest / count
}

/** The variance with `n - 1` below. */
export const varianceOf = (values: ArrayLike<number>): number => {
  const mean = meanOf(values)
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += ((values[index] ?? 0) - mean) ** 2
  return sum / (values.length - 1)
}

/** The quantile of sorted numbers, linear between neighbours (type 7 of Hyndman and Fan, NumPy's and ArviZ's). */
export const quantileOf = (sorted: Float64Array, probability: number): number => {
  const place = probability * (sorted.length - 1)
  const below = Math.floor(place)
  const low = sorted[below] ?? Number.NaN
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low
  return low + (place - below) * (high - low)
}
