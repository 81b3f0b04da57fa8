import { backend_util } from '@tensorflow/tfjs-core'
import type { DataType, Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import { mongeError } from '@monge/errors'
import { axesOf, emptyValues, sizeOf } from './dense.js'
import type { Dense, Kernels } from './dense.js'

const requireIndex = (kernel: string, index: number, length: number): number => {
  if (index >= 0 && index < length) return index
  throw mongeError('InvalidArgument', kernel, `the index ${index} is not in [0, ${length - 1}]`)
}

/** Slices of `x` along an axis, by index. */
const gather = (x: Dense, indices: Dense, axis: number, batchDims: number): Dense => {
  // Only the shapes are looked at.
  const { batchSize, outerSize, dimSize, sliceSize, outputShape } = backend_util.segment_util.collectGatherOpShapeInfo(
    x as unknown as Tensor,
    indices as unknown as Tensor,
    axesOf(axis, x.shape.length)[0],
    batchDims,
  )
  const count = indices.values.length / Math.max(batchSize, 1)
  const values = emptyValues(x.dtype, sizeOf(outputShape))
  let into = 0
  for (let batch = 0; batch < batchSize; batch++)
    for (let outer = 0; outer < outerSize; outer++)
      for (let i = 0; i < count; i++) {
        const index = requireIndex('GatherV2', indices.values[batch * count + i], dimSize)
        const from = ((batch * outerSize + outer) * dimSize + index) * sliceSize
        values.set(x.values.subarray(from, from + sliceSize), into)
        into += sliceSize
      }
  return { shape: outputShape, dtype: x.dtype, values }
}

/** The number of the slice that the `i`-th row of a list of coordinates points at. */
const sliceNumber = (
  kernel: string,
  indices: Dense,
  i: number,
  rank: number,
  strides: readonly number[],
  slices: number,
): number => {
  let number = 0
  for (let axis = 0; axis < rank; axis++) number += indices.values[i * rank + axis] * strides[axis]
  return requireIndex(kernel, number, slices)
}

const gatherNd = (params: Dense, indices: Dense): Dense => {
  const rank = indices.shape[indices.shape.length - 1]
  const [shape, count, size, strides] = backend_util.prepareAndValidate(
    params as unknown as TensorInfo,
    indices as unknown as TensorInfo,
  )
  const values = emptyValues(params.dtype, count * size)
  for (let i = 0; i < count; i++) {
    const from = sliceNumber('GatherNd', indices, i, rank, strides, params.values.length / size) * size
    values.set(params.values.subarray(from, from + size), i * size)
  }
  return { shape, dtype: params.dtype, values }
}

/** Slices written (or added) at the given coordinates of what `base` holds. */
const scatter = (kernel: string, base: Dense, indices: Dense, updates: Dense, sum: boolean): Dense => {
  const { sliceRank, numUpdates, sliceSize, strides, outputSize } = backend_util.calculateShapes(
    updates as unknown as TensorInfo,
    indices as unknown as TensorInfo,
    [...base.shape],
  )
  const values = base.values.slice()
  for (let i = 0; i < numUpdates; i++) {
    const into = sliceNumber(kernel, indices, i, sliceRank, strides, outputSize / sliceSize) * sliceSize
    for (let k = 0; k < sliceSize; k++) {
      // One update may stand for all of them.
      const update = updates.shape.length === 0 ? updates.values[0] : updates.values[i * sliceSize + k]
      values[into + k] = sum ? values[into + k] + update : update
    }
  }
  return { shape: base.shape, dtype: base.dtype, values }
}

const oneHot = (indices: Dense, depth: number, on: number, off: number, dtype: DataType): Dense => {
  const values = emptyValues(dtype, indices.values.length * depth).fill(off)
  for (let i = 0; i < indices.values.length; i++) {
    const index = indices.values[i]
    if (index >= 0 && index < depth) values[i * depth + index] = on
  }
  return { shape: [...indices.shape, depth], dtype, values }
}

/** Sums of the slices that share a segment; negative segments are left out. */
const segmentSum = (x: Dense, segments: Dense, count: number): Dense => {
  const shape = [count, ...x.shape.slice(segments.shape.length)]
  const values = emptyValues(x.dtype, sizeOf(shape))
  const size = sizeOf(shape.slice(1))
  for (let i = 0; i < segments.values.length; i++) {
    const segment = segments.values[i]
    if (segment < 0 || segment >= count) continue
    for (let k = 0; k < size; k++) values[segment * size + k] += x.values[i * size + k]
  }
  return { shape, dtype: x.dtype, values }
}

const select = (condition: Dense, yes: Dense, no: Dense): Dense => {
  const values = emptyValues(yes.dtype, yes.values.length)
  // A condition of lower rank chooses whole slices.
  const size = yes.values.length / Math.max(condition.values.length, 1)
  for (let i = 0; i < values.length; i++)
    values[i] = condition.values[Math.floor(i / size)] ? yes.values[i] : no.values[i]
  return { shape: yes.shape, dtype: yes.dtype, values }
}

export const indexingKernels: Kernels = {
  GatherNd: ({ params, indices }) => gatherNd(params, indices),
  GatherV2: ({ x, indices }, { axis, batchDims }: { readonly axis: number; readonly batchDims?: number }) =>
    gather(x, indices, axis, batchDims ?? 0),
  OneHot: (
    { indices },
    attributes: {
      readonly depth: number
      readonly onValue: number
      readonly offValue: number
      readonly dtype: DataType
    },
  ) => oneHot(indices, attributes.depth, attributes.onValue, attributes.offValue, attributes.dtype),
  ScatterNd: ({ indices, updates }, { shape }: { readonly shape: readonly number[] }) => {
    const zeros = { shape, dtype: updates.dtype, values: emptyValues(updates.dtype, sizeOf(shape)) }
    return scatter('ScatterNd', zeros, indices, updates, true)
  },
  Select: ({ condition, t, e }) => select(condition, t, e),
  TensorScatterUpdate: ({ tensor, indices, updates }) =>
    scatter('TensorScatterUpdate', tensor, indices, updates, false),
  UnsortedSegmentSum: ({ x, segmentIds }, { numSegments }: { readonly numSegments: number }) =>
    segmentSum(x, segmentIds, numSegments),
}
