import { emptyValues, stridesOf } from './dense.js'
import type { Dense } from './dense.js'

/*
 * Every rearrangement of a tensor (transpose, slice, broadcast, tile, reverse, mirror, gather ...) reads elements
 * whose position is a sum of one offset per axis. So each is a list of offsets per axis, and one loop does them all.
 */

/** All sums of one offset from each list, the last list varying fastest. */
export const positions = (offsets: readonly (readonly number[])[]): Int32Array =>
  offsets.reduce((outer, inner) => {
    const sums = new Int32Array(outer.length * inner.length)
    for (let i = 0; i < outer.length; i++)
      for (let k = 0; k < inner.length; k++) sums[i * inner.length + k] = outer[i] + inner[k]
    return sums
  }, new Int32Array(1))

/** The elements at the given positions, as a tensor of the given shape. */
export const takeAt = (x: Dense, at: Int32Array, shape: readonly number[]): Dense => {
  const values = emptyValues(x.dtype, at.length)
  for (let i = 0; i < at.length; i++) values[i] = x.values[at[i]]
  return { shape, dtype: x.dtype, values }
}

/** For each axis of the result, which index of the same axis of `x` it reads, in order. */
export const takeAxes = (x: Dense, indices: readonly (readonly number[])[]): Dense => {
  const strides = stridesOf(x.shape)
  const offsets = indices.map((axis, which) => axis.map((index) => index * strides[which]))
  return takeAt(
    x,
    positions(offsets),
    indices.map((axis) => axis.length),
  )
}

/** `0, 1, ..., length - 1` */
export const range = (length: number): number[] => [...Array(length).keys()]

/** The axes in another order. */
export const transposed = (x: Dense, order: readonly number[]): Dense => {
  const strides = stridesOf(x.shape)
  const offsets = order.map((axis) => range(x.shape[axis]).map((index) => index * strides[axis]))
  return takeAt(
    x,
    positions(offsets),
    order.map((axis) => x.shape[axis]),
  )
}

/** Where the elements of a broadcast tensor are found: axes of length 1, and missing ones, are repeated. */
export const broadcastPositions = (from: readonly number[], to: readonly number[]): Int32Array => {
  const missing = to.length - from.length
  const strides = stridesOf(from)
  return positions(
    to.map((length, axis) =>
      axis < missing || from[axis - missing] === 1
        ? range(length).fill(0)
        : range(length).map((index) => index * strides[axis - missing]),
    ),
  )
}

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis])
