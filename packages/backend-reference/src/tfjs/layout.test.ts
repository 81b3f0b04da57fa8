import { expect, test } from 'vitest'
import type { StridedSliceAttrs } from '@tensorflow/tfjs-core'
import type { Dense } from './dense.ts'
import { layoutKernels } from './layout.ts'

const matrix: Dense = { shape: [2, 2], dtype: 'float32', values: Float64Array.of(1, 2, 3, 4) }

const masks = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 }

// tfjs's cpu backend drops the wrong axis here, so that it cannot be what this is tested against.
test('a strided slice may leave out an axis: x[0:2, 1]', () => {
  const attributes: StridedSliceAttrs = { ...masks, begin: [0, 1], end: [2, 2], strides: [1, 1], shrinkAxisMask: 2 }
  const result = layoutKernels['StridedSlice']({ x: matrix }, attributes as never)
  expect(result).toEqual({ shape: [2], dtype: 'float32', values: Float64Array.of(2, 4) })
})

test('a reshape shares the array of its input', () => {
  const result = layoutKernels['Reshape']({ x: matrix }, { shape: [4] } as never) as Dense
  expect(result.values).toBe(matrix.values)
})
