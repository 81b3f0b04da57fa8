import type { DataType } from '@tensorflow/tfjs-core'
import { around, axesOf, emptyValues, sizeOf } from './dense.js'
import type { Dense, Kernel, Kernels, Values } from './dense.js'
import { range, transposed } from './positions.js'

interface Axes {
  readonly axis?: number | readonly number[]
  /** tfjs's other name for the same, used by Max alone. */
  readonly reductionIndices?: number | readonly number[]
  readonly keepDims?: boolean
}

type Reduce = (values: Values, start: number, end: number) => number

/** The kernel that takes each run of elements along the reduced axes to one number. */
const reduction =
  (reduce: Reduce, resultType: (dtype: DataType) => DataType): Kernel<Axes> =>
  ({ x }, { axis, reductionIndices, keepDims }) => {
    const reduced = axesOf(axis ?? reductionIndices, x.shape.length)
    const kept = range(x.shape.length).filter((one) => !reduced.includes(one))
    const { values } = transposed(x, [...kept, ...reduced])
    const run = sizeOf(reduced.map((one) => x.shape[one]))
    const dtype = resultType(x.dtype)
    const result = emptyValues(dtype, sizeOf(kept.map((one) => x.shape[one])))
    for (let i = 0; i < result.length; i++) result[i] = reduce(values, i * run, (i + 1) * run)
    const shape = keepDims
      ? x.shape.map((length, one) => (reduced.includes(one) ? 1 : length))
      : kept.map((one) => x.shape[one])
    return { shape, dtype, values: result }
  }

const sum: Reduce = (values, start, end) => {
  let total = 0
  for (let i = start; i < end; i++) total += values[i]
  return total
}

const product: Reduce = (values, start, end) => {
  let total = 1
  for (let i = start; i < end; i++) total *= values[i]
  return total
}

/** The first element that no other beats; NaN beats all. */
const extreme =
  (beats: (a: number, b: number) => boolean): Reduce =>
  (values, start, end) => {
    let best = values[start]
    for (let i = start; i < end; i++) if (Number.isNaN(values[i]) || beats(values[i], best)) best = values[i]
    return best
  }

/** The index of the first element that no other beats, NaN left out as on tfjs's own backends. */
const extremeIndex =
  (beats: (a: number, b: number) => boolean): Reduce =>
  (values, start, end) => {
    let best = start
    for (let i = start; i < end; i++) if (beats(values[i], values[best])) best = i
    return best - start
  }

const more = (a: number, b: number): boolean => a > b
const less = (a: number, b: number): boolean => a < b
const asIs = (dtype: DataType): DataType => dtype
const noBool = (dtype: DataType): DataType => (dtype === 'bool' ? 'int32' : dtype)

interface Scan {
  readonly axis: number
  readonly exclusive: boolean
  readonly reverse: boolean
}

/** The kernel of running totals along an axis. */
const scan =
  (start: number, combine: (total: number, value: number) => number): Kernel<Scan> =>
  ({ x }, { axis, exclusive, reverse }): Dense => {
    const { outer, length, inner } = around(x.shape, axis < 0 ? axis + x.shape.length : axis)
    const dtype = noBool(x.dtype)
    const values = emptyValues(dtype, x.values.length)
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) {
        let total = start
        for (let k = 0; k < length; k++) {
          const at = (o * length + (reverse ? length - 1 - k : k)) * inner + i
          const next = combine(total, x.values[at])
          values[at] = exclusive ? total : next
          total = next
        }
      }
    return { shape: x.shape, dtype, values }
  }

export const reductionKernels: Kernels = {
  All: reduction((values, start, end) => Number(values.subarray(start, end).every((value) => value !== 0)), asIs),
  Any: reduction((values, start, end) => Number(values.subarray(start, end).some((value) => value !== 0)), asIs),
  ArgMax: reduction(extremeIndex(more), () => 'int32'),
  ArgMin: reduction(extremeIndex(less), () => 'int32'),
  Cumprod: scan(1, (total, value) => total * value),
  Cumsum: scan(0, (total, value) => total + value),
  Max: reduction(extreme(more), asIs),
  Mean: reduction(
    (values, start, end) => sum(values, start, end) / (end - start),
    () => 'float32',
  ),
  Min: reduction(extreme(less), asIs),
  Prod: reduction(product, noBool),
  Sum: reduction(sum, noBool),
}
