import { backend_util } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { around, emptyValues, reshaped, sizeOf, stridesOf } from './dense.js'
import type { Dense, Kernels } from './dense.js'
import { expanded, slice } from './layout.js'
import { positions, range } from './positions.js'

/** Tensors end to end along an axis. */
const concatenated = (tensors: readonly Dense[], axis: number): Dense => {
  const total = tensors.reduce((sum, tensor) => sum + tensor.shape[axis], 0)
  const shape = tensors[0].shape.with(axis, total)
  const values = emptyValues(tensors[0].dtype, sizeOf(shape))
  const { outer } = around(shape, axis)
  let offset = 0
  for (const tensor of tensors) {
    const chunk = tensor.values.length / Math.max(outer, 1)
    for (let o = 0; o < outer; o++)
      values.set(tensor.values.subarray(o * chunk, (o + 1) * chunk), o * (values.length / outer) + offset)
    offset += chunk
  }
  return { shape, dtype: tensors[0].dtype, values }
}

/** Pieces of the given lengths along an axis. */
const split = (x: Dense, lengths: readonly number[], axis: number): readonly Dense[] =>
  lengths.map((length, which) => {
    const start = lengths.slice(0, which).reduce((sum, one) => sum + one, 0)
    return slice(x, x.shape.map((_, one) => (one === axis ? start : 0)), x.shape.with(axis, length))
  })

const padded = (x: Dense, paddings: readonly (readonly [number, number])[], fill: number): Dense => {
  const shape = x.shape.map((length, axis) => paddings[axis][0] + length + paddings[axis][1])
  const strides = stridesOf(shape)
  const values = emptyValues(x.dtype, sizeOf(shape)).fill(fill)
  const into = positions(
    x.shape.map((length, axis) => range(length).map((index) => (paddings[axis][0] + index) * strides[axis])),
  )
  for (let i = 0; i < into.length; i++) values[into[i]] = x.values[i]
  return { shape, dtype: x.dtype, values }
}

const fromEnd = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)

export const joiningKernels: Kernels = {
  Concat: (tensors, { axis }: { readonly axis: number }) => {
    const all = Object.values(tensors)
    const along = fromEnd(axis, all[0].shape.length)
    const shapes = all.map((tensor) => [...tensor.shape])
    backend_util.assertParamsConsistent(shapes, along)
    return concatenated(all, along)
  },
  Pack: (tensors, { axis }: { readonly axis: number }) => {
    const all = Object.values(tensors)
    const along = fromEnd(axis, all[0].shape.length + 1)
    return concatenated(
      all.map((tensor) => expanded(tensor, along)),
      along,
    )
  },
  PadV2: (
    { x },
    { paddings, constantValue }: { readonly paddings: readonly [number, number][]; readonly constantValue: number },
  ) => padded(x, paddings, constantValue),
  SplitV: (
    { x },
    { numOrSizeSplits, axis }: { readonly numOrSizeSplits: number | number[]; readonly axis: number },
  ) => {
    const along = fromEnd(axis, x.shape.length)
    // Only the shape is looked at.
    return split(x, backend_util.prepareSplitSize(x as unknown as Tensor, numOrSizeSplits, along), along)
  },
  Unpack: ({ value }, { axis }: { readonly axis: number }) => {
    const along = fromEnd(axis, value.shape.length)
    return split(value, range(value.shape[along]).fill(1), along).map((piece) =>
      reshaped(piece, piece.shape.toSpliced(along, 1)),
    )
  },
}
