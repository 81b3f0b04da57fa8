/** The indices that sort `values`, smallest first; equal values keep their order. */
export const sortOrder = (values: Float64Array): Int32Array =>
  Int32Array.from(values.keys()).toSorted((i, j) => values[i] - values[j] || i - j)
