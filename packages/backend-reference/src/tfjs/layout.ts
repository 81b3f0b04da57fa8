import { slice_util, util } from '@tensorflow/tfjs-core'
import type { SliceAttrs, StridedSliceAttrs, TensorInfo } from '@tensorflow/tfjs-core'
import { axesOf, reshaped } from './dense.js'
import type { Dense, Kernels } from './dense.js'
import { range, takeAxes, transposed } from './positions.js'

/** `size[k]` elements along axis `k`, from `begin[k]` on. */
export const slice = (x: Dense, begin: readonly number[], size: readonly number[]): Dense =>
  takeAxes(
    x,
    size.map((length, axis) => range(length).map((index) => begin[axis] + index)),
  )

/** With a new axis of length 1. */
export const expanded = (x: Dense, axis: number): Dense =>
  reshaped(x, x.shape.toSpliced(axis < 0 ? axis + x.shape.length + 1 : axis, 0, 1))

const stridedSlice = (x: Dense, a: StridedSliceAttrs): Dense => {
  const { finalShape, begin, end, strides } = slice_util.sliceInfo(
    [...x.shape],
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  )
  // Axes that shrink to nothing have length 1 here, and are dropped with the last shape.
  const lengths = slice_util.computeOutShape(begin, end, strides)
  const indices = lengths.map((length, axis) => range(length).map((index) => begin[axis] + index * strides[axis]))
  return reshaped(takeAxes(x, indices), finalShape)
}

/** The index that a mirrored one stands for: `reflect` leaves the edge out, `symmetric` repeats it. */
const mirrored = (index: number, length: number, mode: 'reflect' | 'symmetric'): number => {
  const edge = mode === 'reflect' ? 0 : 1
  return index < 0 ? -index - edge : index >= length ? 2 * (length - 1) - index + edge : index
}

export const layoutKernels: Kernels = {
  ExpandDims: ({ input }, { dim }: { readonly dim: number }) => expanded(input, dim),
  Identity: ({ x }) => x,
  MirrorPad: (
    { x },
    { paddings, mode }: { readonly paddings: readonly [number, number][]; readonly mode: 'reflect' | 'symmetric' },
  ) =>
    takeAxes(
      x,
      x.shape.map((length, axis) => {
        const [before, after] = paddings[axis]
        return range(before + length + after).map((index) => mirrored(index - before, length, mode))
      }),
    ),
  Reshape: ({ x }, { shape }: { readonly shape: readonly number[] }) =>
    reshaped(x, util.inferFromImplicitShape([...shape], x.values.length)),
  Reverse: ({ x }, { dims }: { readonly dims: number | readonly number[] }) => {
    const reversed = axesOf(dims, x.shape.length)
    return takeAxes(
      x,
      x.shape.map((length, axis) => (reversed.includes(axis) ? range(length).toReversed() : range(length))),
    )
  },
  Slice: ({ x }, { begin, size }: SliceAttrs) => {
    // Only the shape is looked at.
    const [from, count] = slice_util.parseSliceParams(x as unknown as TensorInfo, begin, size)
    slice_util.assertParamsValid(x as unknown as TensorInfo, from, count)
    return slice(x, from, count)
  },
  StridedSlice: ({ x }, attributes: StridedSliceAttrs) => stridedSlice(x, attributes),
  Tile: ({ x }, { reps }: { readonly reps: readonly number[] }) =>
    takeAxes(
      x,
      x.shape.map((length, axis) => range(length * reps[axis]).map((index) => index % length)),
    ),
  Transpose: ({ x }, { perm }: { readonly perm: readonly number[] }) => transposed(x, perm),
}
