import { gather, mul, tensor1d, tidy } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { tensorFrom } from '../tensors.js'

/** `sum_j w_ij dc/dx(x_i, y_j)`, `[n, d]`, by tfjs. */
type Slopes = (x: Tensor2D, y: Tensor2D, weights: Tensor2D) => Tensor2D

/**
 * The slopes of a function whose derivative at coinciding points is infinite: there tfjs multiplies zero by infinity, and
 * one such pair spoils the whole sum over j. The rows of `slopes` that are spoilt are summed again over the points that
 * do not coincide.
 *
 * Equal points get equal numbers, and a pair is summed at the lowest bit in which its two numbers differ: one block of
 * rows with that bit set by columns without it, and one of the reverse. Two calls for every bit, instead of one a row.
 */
export const slopesApart = (
  slopesOf: Slopes,
  x: Tensor2D,
  y: Tensor2D,
  weights: Tensor2D,
  slopes: ArrayLike<number>,
): Tensor2D => {
  const [count, dimension] = x.shape
  const numbers = new Map<string, number>()
  const columnNumbers = pointKeys(y).map((key) => {
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    return number
  })
  const rowNumbers = pointKeys(x).map((key) => numbers.get(key))
  const spoilt = rowNumbers.map((_, row) =>
    Array.from({ length: dimension }, (__, k) => slopes[row * dimension + k]).some((slope) => !Number.isFinite(slope)),
  )
  const sums = Float64Array.from(slopes, (slope, index) => (spoilt[Math.floor(index / dimension)] ? 0 : slope))
  for (let bit = 1; bit < numbers.size; bit *= 2)
    for (const side of [0, bit]) {
      const rows = indices(rowNumbers, (number, row) => spoilt[row] && (number & bit) === side)
      const columns = indices(columnNumbers, (number) => (number & bit) !== side)
      if (rows.length === 0 || columns.length === 0) continue
      const lower = bit - 1
      const first = rows.flatMap((row) =>
        columns.map((column) => ((((rowNumbers[row] ?? 0) ^ (columnNumbers[column] ?? 0)) & lower) === 0 ? 1 : 0)),
      )
      const part = tidy(() => {
        const [at, from] = [tensor1d(rows, 'int32'), tensor1d(columns, 'int32')]
        const shares = mul<Tensor2D>(
          gather(gather(weights, at), from, 1),
          tensorFrom(first, [rows.length, columns.length]),
        )
        return slopesOf(gather(x, at), gather(y, from), shares)
      })
      part.dataSync<'float32'>().forEach((slope, index) => {
        const place = (rows[Math.floor(index / dimension)] ?? 0) * dimension + (index % dimension)
        sums[place] = (sums[place] ?? 0) + (Number.isFinite(slope) ? slope : 0)
      })
      part.dispose()
    }
  return tensorFrom(sums, [count, dimension])
}

const pointKeys = (points: Tensor2D): readonly string[] => {
  const [count, dimension] = points.shape
  const values = points.dataSync()
  // Adding zero makes one zero of the two.
  return Array.from({ length: count }, (_, row) =>
    Array.from(values.subarray(row * dimension, (row + 1) * dimension), (value) => value + 0).join(),
  )
}

const indices = (
  numbers: readonly (number | undefined)[],
  chosen: (number: number, index: number) => boolean | undefined,
): number[] => numbers.flatMap((number, index) => (number !== undefined && chosen(number, index) ? [index] : []))
