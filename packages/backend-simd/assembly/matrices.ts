/*
 * Matrices of costs as such: computed, completed, transposed.
 */
import { BUFFER, GEOMETRY_COLUMNS, GEOMETRY_DENSE, GEOMETRY_ROWS, GEOMETRY_STRIDE, GROUP, JOB_GEOMETRY, JOB_OUT, JOB_WIDTH, TILE } from './layout'
import { costs, fillDistances } from './distances'
import { tileCount } from './softmin'

/**
 * The costs themselves, before the geometry's scale, row by row, `apart` numbers from one row to the next. Of a symmetric
 * matrix, what lies left of the chunk's diagonal block is left out.
 */
export function entries<E>(
  job: usize, start: i32, end: i32, scratch: usize, first: i32, apart: i32, symmetric: bool,
): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const columns = load<i32>(g, GEOMETRY_COLUMNS)
  const out = <usize>load<u32>(job, JOB_OUT)
  for (let i = start; i < end; i += GROUP) {
    const rows = min(GROUP, end - i)
    for (let j = symmetric ? start : 0; j < columns; j += TILE) {
      const count = tileCount(columns, j)
      fillDistances<E>(g, i, rows, j, count, scratch)
      for (let r = 0; r < rows; r++) {
        const cost = costs<E>(g, i + r, j, count, scratch + <usize>(r * BUFFER), scratch)
        const target = out + (<usize>(i + r - first) * <usize>apart + <usize>j) * sizeof<E>()
        memory.copy(target, cost, <usize>min(count, columns - j) * sizeof<E>())
        if (j + count >= columns && apart > columns)
          memory.fill(target + <usize>(columns - j) * sizeof<E>(), 0, <usize>(apart - columns) * sizeof<E>())
      }
    }
  }
}

/** Completes a symmetric matrix: the entries left of a chunk's diagonal block, from those across the diagonal. */
export function mirror<E>(job: usize, start: i32, end: i32): void {
  const stride = <usize>load<i32>(<usize>load<u32>(job, JOB_GEOMETRY), GEOMETRY_STRIDE)
  const out = <usize>load<u32>(job, JOB_OUT)
  // In squares, so that what is read down the columns is still in the cache for the next.
  for (let j = 0; j < start; j += 16) {
    const last = min(j + 16, start)
    for (let i = start; i < end; i++) {
      let target = out + (<usize>i * stride + <usize>j) * sizeof<E>()
      let source = out + (<usize>j * stride + <usize>i) * sizeof<E>()
      for (let k = j; k < last; k++) {
        store<E>(target, load<E>(source))
        target += sizeof<E>()
        source += stride * sizeof<E>()
      }
    }
  }
}

/** Rows of the transpose of the stored costs, `JOB_WIDTH` apart, the rest of a row zero. */
export function turn<E>(job: usize, start: i32, end: i32): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const rows = load<i32>(g, GEOMETRY_ROWS)
  const stride = <usize>load<i32>(g, GEOMETRY_STRIDE) * sizeof<E>()
  const apart = <usize>load<i32>(job, JOB_WIDTH) * sizeof<E>()
  const out = <usize>load<u32>(job, JOB_OUT)
  // In strips, so that what is written down the columns is still in the cache for the next.
  for (let j = start; j < end; j += 16) {
    const last = min(j + 16, end)
    let source = <usize>load<u32>(g, GEOMETRY_DENSE) + <usize>j * sizeof<E>()
    for (let i = 0; i < rows; i++, source += stride) {
      let from = source
      let to = out + <usize>j * apart + <usize>i * sizeof<E>()
      for (let k = j; k < last; k++, from += sizeof<E>(), to += apart) store<E>(to, load<E>(from))
    }
    for (let k = j; k < last; k++) {
      const used = <usize>rows * sizeof<E>()
      memory.fill(out + <usize>k * apart + used, 0, apart - used)
    }
  }
}
