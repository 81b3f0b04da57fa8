import { tensorFrom } from '@monge/backend'
import { affine, swish as swishTimes } from '@monge/generators'
import { normal } from '@monge/random'
import type { Key } from '@monge/random'
import { zeros } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'

/** An affine map of rows. */
export type Affine = Readonly<{
  /** `[from, to]` */
  matrix: Tensor2D
  /** `[to]` */
  offset: Tensor1D
}>

/** Gaussian entries of variance `gain² / from`, so that rows of unit variance keep it; no offset. */
export const affineInit = (from: number, to: number, key: Key, gain = 1): Affine => ({
  matrix: tensorFrom<Tensor2D>(
    gain === 0 ? new Float64Array(from * to) : normal(from * to)(key).map((value) => (gain * value) / Math.sqrt(from)),
    [from, to],
  ),
  offset: zeros([to]),
})

export const affineApply = ({ matrix, offset }: Affine, x: Tensor2D): Tensor2D => affine(x, matrix, offset)

/** The sigmoid linear unit `x / (1 + exp(-x))`, scaled to keep unit variance. */
export const swish: (x: Tensor2D) => Tensor2D = swishTimes(1 / 0.596)
