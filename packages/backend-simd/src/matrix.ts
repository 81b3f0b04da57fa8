import type { Geometry } from '@monge/backend'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { strideOf } from './cloud.js'
import { denseDirection } from './direction.js'
import type { Machine } from './machine.js'
import { twoWays } from './two-ways.js'

type Vector = Float64Array

/** A given matrix, whatever the points: copied, and once more transposed when that is asked for. */
export const matrixGeometry = (machine: Machine, entries: Tensor2D, dimension: number): Geometry<Vector> => {
  const [rows, columns] = entries.shape
  const values = entries.dataSync()
  let most = 0
  for (let k = 0; k < values.length; k++) {
    const size = Math.abs(values[k])
    if (size > most && size < Infinity) most = size
  }
  const forward = write(machine, rows, columns, (i, row) => row.set(values.subarray(i * columns, (i + 1) * columns)))
  let backward: number | undefined
  return withoutSlopes(
    twoWays(machine, {
      there: denseDirection(machine, rows, columns, dimension, forward, 1, most),
      back: () => {
        backward = write(machine, columns, rows, (j, row) => {
          for (let i = 0; i < rows; i++) row[i] = values[i * columns + j]
        })
        return denseDirection(machine, columns, rows, dimension, backward, 1, most)
      },
      dispose: () => {
        machine.heap.free(forward)
        if (backward !== undefined) machine.heap.free(backward)
      },
    }),
  )
}

const write = (
  { heap, precision }: Machine,
  rows: number,
  columns: number,
  fill: (row: number, target: Float32Array | Float64Array) => void,
): number => {
  const stride = strideOf(columns)
  const bytes = precision === 'float64' ? 8 : 4
  const at = heap.allocate(rows * stride * bytes)
  const target = bytes === 8 ? heap.float64(at, rows * stride) : heap.float32(at, rows * stride)
  target.fill(0)
  for (let i = 0; i < rows; i++) fill(i, target.subarray(i * stride, i * stride + columns))
  return at
}

/** Given entries do not depend on the points. */
const withoutSlopes = (geometry: Geometry<Vector>): Geometry<Vector> => {
  const flat = (way: Geometry<Vector>, transpose: () => Geometry<Vector>): Geometry<Vector> => ({
    ...way,
    transpose,
    planGradient: () => new Float64Array(way.rows * way.dimension),
    sumGradient: () => new Float64Array(way.rows * way.dimension),
  })
  const origin: Geometry<Vector> = flat(geometry, () => transposed)
  const transposed: Geometry<Vector> = flat(geometry.transpose(), () => origin)
  return origin
}
