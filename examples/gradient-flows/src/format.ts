/** A loss in three digits: `0.318`, `8.21e-5`. */
export const format = (value: number): string => {
  if (value === 0) return '0'
  const size = Math.abs(value)
  return size >= 0.001 && size < 1000 ? value.toPrecision(3) : value.toExponential(2)
}

/** A number of milliseconds. */
export const milliseconds = (seconds: number): string => {
  const value = 1000 * seconds
  return value < 10 ? value.toFixed(1) : value.toFixed(0)
}
