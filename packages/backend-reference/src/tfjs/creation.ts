import type { DataType, FillAttrs, RangeAttrs } from '@tensorflow/tfjs-core'
import { emptyValues, sizeOf } from './dense.js'
import type { Dense, Kernels } from './dense.js'

const filled = (shape: readonly number[], dtype: DataType, value: number): Dense => ({
  shape,
  dtype,
  values: emptyValues(dtype, sizeOf(shape)).fill(value),
})

const evenlySpaced = (start: number, step: number, count: number, dtype: DataType): Dense => {
  const values = emptyValues(dtype, count)
  for (let i = 0; i < count; i++) values[i] = start + i * step
  return { shape: [count], dtype, values }
}

/** How many steps of tfjs's range there are; a step left at 1 goes whichever way leads to the end. */
const range = ({ start, stop, step, dtype }: RangeAttrs): Dense => {
  const signed = stop < start && step === 1 ? -1 : step
  return evenlySpaced(start, signed, Math.max(0, Math.ceil((stop - start) / signed)), dtype)
}

const cast = (x: Dense, dtype: DataType): Dense => {
  if (dtype === x.dtype) return x
  const values = emptyValues(dtype, x.values.length)
  if (dtype === 'bool') for (let i = 0; i < values.length; i++) values[i] = Number(x.values[i] !== 0)
  else values.set(x.values)
  return { shape: x.shape, dtype, values }
}

export const creationKernels: Kernels = {
  Cast: ({ x }, { dtype }: { readonly dtype: DataType }) => cast(x, dtype),
  Fill: (_, { shape, value, dtype }: FillAttrs) => filled(shape, dtype ?? 'float32', Number(value)),
  LinSpace: (_, { start, stop, num }: { readonly start: number; readonly stop: number; readonly num: number }) =>
    evenlySpaced(start, num > 1 ? (stop - start) / (num - 1) : 0, num, 'float32'),
  OnesLike: ({ x }) => filled(x.shape, x.dtype, 1),
  Range: (_, attributes: RangeAttrs) => range(attributes),
  ZerosLike: ({ x }) => filled(x.shape, x.dtype, 0),
}
