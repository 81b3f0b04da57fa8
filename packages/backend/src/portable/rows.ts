import type { Tensor2D } from '@tensorflow/tfjs-core'

/** Rows `start` to `start + count` of a matrix. */
export interface Block {
  readonly start: number
  readonly count: number
}

/** `c` from the points of one cloud to all of another, some rows at a time. */
export interface Rows {
  /** `c(x_i, y_j)`, `[count, m]` */
  readonly entries: (block: Block) => Tensor2D
  /** `sum_j w_ij dc/dx(x_i, y_j)`, `[count, d]`, for `w [count, m]`. Zero where c has no derivative. */
  readonly slopes: (block: Block, weights: Tensor2D) => Tensor2D
}

/** A function of two clouds, seen from either. */
export interface Sides {
  readonly fromX: Rows
  readonly fromY: Rows
  /** Whether the two are the same. */
  readonly same: boolean
  /** How many matrices of the block's size are in use while it is computed. */
  readonly width: number
  /** What the sides hold, to be freed. */
  readonly holds: readonly Tensor2D[]
}

/** Consecutive blocks that cover `rows` rows, of at most `most` rows each (but at least one), as even as can be. */
export const blocksOf = (rows: number, most: number): readonly Block[] => {
  const blocks = Math.ceil(rows / Math.max(1, Math.floor(most)))
  return Array.from({ length: blocks }, (_, index) => {
    const start = Math.floor((index * rows) / blocks)
    return { start, count: Math.floor(((index + 1) * rows) / blocks) - start }
  })
}
