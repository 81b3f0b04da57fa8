import { cornersOf } from '@monge/backend'
import type { Float, Geometry } from '@monge/backend'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { strideOf } from './cloud.js'
import { denseDirection } from './direction.js'
import type { Direction } from './direction.js'
import { over } from './heap.js'
import { operations } from './layout.js'
import { chunkRows } from './machine.js'
import type { Machine } from './machine.js'
import type { Idle } from './parking.js'
import { narrow } from './reductions.js'
import { twoWays } from './two-ways.js'

type Vector = Float64Array

/** The largest copy of a matrix that waits for another use, in bytes. */
const largestParked = 2 ** 25

/** A given matrix, whatever the points: copied, and once more transposed when that is asked for. */
export const matrixGeometry = (
  machine: Machine,
  entries: Tensor2D,
  dimension: number,
  park: (idle: Idle) => void,
): Geometry<Vector> => {
  const [rows, columns] = entries.shape
  const values = entries.dataSync<'float32'>()
  const most = largestOf(entries, values)
  const copy = write(machine, values, rows, columns)
  const there = over(machine.heap, copy, () => denseDirection(machine, rows, columns, dimension, copy, 1, most))
  const geometry: Geometry<Vector> = withoutSlopes(
    twoWays(machine, {
      there,
      back: () => turned(machine, there),
      dispose: () => machine.heap.free(copy),
      ...(values.byteLength <= largestParked && { park: (idle: Idle) => park({ ...idle, geometry }) }),
    }),
  )
  return geometry
}

/** The largest finite absolute value. */
const largestOf = (entries: Tensor2D, values: ArrayLike<number>): number => {
  // Known of a matrix that has been here before.
  const { low, high } = cornersOf(entries)
  let most = 0
  for (let k = 0; k < high.length; k++) most = Math.max(most, Math.abs(low[k]), Math.abs(high[k]))
  if (most < Infinity) return most
  most = 0
  for (let k = 0; k < values.length; k++) {
    const size = Math.abs(values[k])
    if (size > most && size < Infinity) most = size
  }
  return most
}

/** The other way: a transposed copy of the entries. */
const turned = (machine: Machine, { address, rows, columns, dimension, most }: Direction): Direction => {
  const { heap, precision } = machine
  const stride = strideOf(rows)
  const out = heap.allocate(columns * stride * (precision === 'float64' ? 8 : 4))
  machine.perform({
    operation: operations.turn,
    format: narrow(machine),
    geometry: address([]),
    end: columns,
    chunk: chunkRows(columns, rows),
    width: stride,
    out,
  })
  const way = over(heap, out, () => denseDirection(machine, columns, rows, dimension, out, 1, most))
  return {
    ...way,
    dispose: () => {
      way.dispose()
      heap.free(out)
    },
  }
}

const write = ({ heap, precision }: Machine, values: Float, rows: number, columns: number): number => {
  const stride = strideOf(columns)
  const bytes = precision === 'float64' ? 8 : 4
  const at = heap.allocate(rows * stride * bytes)
  const target = bytes === 8 ? heap.float64(at, rows * stride) : heap.float32(at, rows * stride)
  for (let i = 0; i < rows; i++) {
    target.set(values.subarray(i * columns, (i + 1) * columns), i * stride)
    target.fill(0, i * stride + columns, (i + 1) * stride)
  }
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
