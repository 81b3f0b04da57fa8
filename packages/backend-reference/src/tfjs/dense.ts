import type { DataType } from '@tensorflow/tfjs-core'

/** The storage of a tensor: doubles under tfjs's dtype `float32`, and what tfjs itself uses for `int32` and `bool`. */
export type Values = Float64Array | Int32Array | Uint8Array

/** A tensor as kernels see it: row-major values with their shape. */
export interface Dense {
  readonly shape: readonly number[]
  readonly dtype: DataType
  readonly values: Values
}

/**
 * A tfjs kernel as a pure function of arrays. An output that holds the very array of an input (a reshape) shares its
 * storage; the registration sees to that.
 */
export type Kernel<Attributes> = (
  inputs: Readonly<Record<string, Dense>>,
  attributes: Attributes,
) => Dense | readonly Dense[]

/** Kernels by tfjs's names for them. */
export type Kernels = Readonly<Record<string, Kernel<never>>>

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1)

/** How far apart neighbours along each axis lie in row-major order. */
export const stridesOf = (shape: readonly number[]): readonly number[] =>
  shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))

export const emptyValues = (dtype: DataType, size: number): Values =>
  dtype === 'float32' ? new Float64Array(size) : dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size)

/** The same elements under another shape. */
export const reshaped = (x: Dense, shape: readonly number[]): Dense => ({ ...x, shape })

/** Axes as tfjs gives them (one, several, negative, none for all), as a list of indices. */
export const axesOf = (axis: number | readonly number[] | undefined, rank: number): readonly number[] =>
  (axis === undefined || axis === null ? [...Array(rank).keys()] : [axis].flat()).map((one) => (one < 0 ? one + rank : one))

/** The product of the lengths before, at, and after an axis. */
export const around = (
  shape: readonly number[],
  axis: number,
): { readonly outer: number; readonly length: number; readonly inner: number } => ({
  outer: sizeOf(shape.slice(0, axis)),
  length: shape[axis] ?? 1,
  inner: sizeOf(shape.slice(axis + 1)),
})
