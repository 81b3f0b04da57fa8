/** A reading: three digits unless told otherwise. */
export const format = (value: number, digits = 3): string => {
  if (!Number.isFinite(value)) return '–'
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value)
  const size = Math.abs(value)
  return size >= 0.001 && size < 10 ** Math.max(digits, 4) ? value.toPrecision(digits) : value.toExponential(digits - 1)
}

/** A time: `0.42 ms`, `18 ms`, `1.3 s`. */
export const duration = (milliseconds: number): string =>
  milliseconds >= 1000
    ? `${(milliseconds / 1000).toPrecision(2)} s`
    : `${milliseconds >= 9.95 ? milliseconds.toFixed(0) : milliseconds.toPrecision(2)} ms`
