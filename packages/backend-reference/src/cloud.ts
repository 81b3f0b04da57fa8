import type { Tensor2D } from '@tensorflow/tfjs-core'

/** Points `[count, dimension]` in row-major order, on the host. */
export interface Cloud {
  readonly count: number
  readonly dimension: number
  readonly values: Float64Array
}

/** A copy of the points that a tensor holds now. */
export const cloudOf = (points: Tensor2D): Cloud => ({
  count: points.shape[0],
  dimension: points.shape[1],
  values: new Float64Array(points.dataSync()),
})

/** Rows `start` to `start + count`. */
export const rowsOf = (cloud: Cloud, start: number, count: number): Cloud => ({
  ...cloud,
  count,
  values: cloud.values.subarray(start * cloud.dimension, (start + count) * cloud.dimension),
})
