import { cornersModule } from './binary.js'
import { instanceHere } from './web-assembly.js'

/** Finds the least and the most along each axis of points `[n, d]`; false where some are not numbers, or it cannot. */
export type Extremes = (values: Float32Array, low: Float64Array, high: Float64Array) => boolean

/** What assembly/corners.ts exports. */
interface CornersExports {
  readonly memory: WebAssembly.Memory
  readonly clear: (columns: number) => void
  readonly take: (rows: number, columns: number) => number
}

// As in assembly/corners.ts.
const [lowAt, highAt, rowsAt] = [0, 16384, 32768]
const mostColumns = 4096

/** Where WebAssembly may run: in JavaScript it takes thirty times as long. */
export const extremesHere: () => Extremes | undefined = instanceHere(
  cornersModule,
  ({ memory, clear, take }: CornersExports): Extremes => {
    const room = new Float32Array(memory.buffer, rowsAt)
    const [least, most] = [lowAt, highAt].map((at) => new Float32Array(memory.buffer, at, mostColumns)) as [Float32Array, Float32Array]
    return (values, low, high) => {
      const { length: dimension } = low
      // So many points to a row that its numbers fill vectors.
      const together = dimension % 4 === 0 ? 1 : dimension % 2 === 0 ? 2 : 4
      const columns = together * dimension
      if (!(columns <= mostColumns)) return false
      clear(columns)
      const rows = Math.floor(values.length / columns)
      const atOnce = Math.floor(room.length / columns)
      for (let row = 0; row < rows; row += atOnce) {
        const count = Math.min(atOnce, rows - row)
        room.set(values.subarray(row * columns, (row + count) * columns))
        if (take(count, columns) === 0) return false
      }
      for (let axis = 0; axis < dimension; axis++) {
        let [smallest, largest] = [least[axis], most[axis]]
        for (let k = axis + dimension; k < columns; k += dimension) {
          smallest = Math.min(smallest, least[k])
          largest = Math.max(largest, most[k])
        }
        low[axis] = smallest
        high[axis] = largest
      }
      return widen(values, rows * columns, low, high)
    }
  },
)

/** Widens a box so that it holds the points from a place on; false if not all of it are numbers. */
export const widen = (values: ArrayLike<number>, from: number, low: Float64Array, high: Float64Array): boolean => {
  const { length: dimension } = low
  // What is not a number makes this not one either, and so may infinities.
  let sum = 0
  for (let start = from; start < values.length; start += dimension)
    for (let axis = 0; axis < dimension; axis++) {
      const value = values[start + axis]
      sum += value
      if (value < low[axis]) low[axis] = value
      if (value > high[axis]) high[axis] = value
    }
  return !Number.isNaN(sum)
}
