/** The matrix `[rows, columns]` with its axes exchanged, in square tiles so that reads and writes stay in the cache. */
export const transposed = (values: Float64Array, rows: number, columns: number): Float64Array => {
  const tile = 32
  const result = new Float64Array(values.length)
  for (let top = 0; top < rows; top += tile)
    for (let left = 0; left < columns; left += tile)
      for (let i = top; i < Math.min(top + tile, rows); i++)
        for (let j = left; j < Math.min(left + tile, columns); j++) result[j * rows + i] = values[i * columns + j]
  return result
}
