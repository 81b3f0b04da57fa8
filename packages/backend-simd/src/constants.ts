import { constantPlaces, constantTables } from './layout.js'

/*
 * The kernels' constants. In float32, 2^x on [-1/2, 1/2] is a minimax polynomial (relative error 9e-8) that is exact
 * at 0; in float64, its Taylor series.
 */

const minimax = [0.6931469775989931, 0.24022242085262296, 0.05550733743496996, 0.009671512644825752, 0.0013264727123598467]

// (ln 2)^k / k! for k = 1, 2, ...
const taylorSeries = (length: number): readonly number[] => {
  let term = 1
  return Array.from({ length }, (_, k) => (term *= Math.LN2 / (k + 1)))
}

// log2((1 + s) / (1 - s)) = (2 / ln 2) (s + s^3 / 3 + s^5 / 5 + ...)
const oddSeries = (length: number): readonly number[] =>
  Array.from({ length }, (_, k) => 2 / (Math.LN2 * (2 * k + 1)))

/** Writes both tables. */
export const writeConstants = (memory: ArrayBufferLike): void => {
  const single = new Float32Array(memory, constantTables.float32, 64)
  const double = new Float64Array(memory, constantTables.float64, 64)
  const { magic, exponential, logarithm, root } = constantPlaces
  single.set([1.5 * 2 ** 23, -126, 127, 1], magic)
  double.set([1.5 * 2 ** 52, -1022, 1023, 1], magic)
  single.set(minimax, exponential)
  double.set(taylorSeries(12), exponential)
  single.set(oddSeries(5), logarithm)
  double.set(oddSeries(11), logarithm)
  single[root] = Math.SQRT1_2
  double[root] = Math.SQRT1_2
}
