import { tensor } from '@tensorflow/tfjs-core'
import type { DataType, Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'

/** A tensor to be made on any backend. */
export interface Input {
  readonly shape: readonly number[]
  readonly dtype: DataType
  readonly values: readonly number[]
}

export const tensorOf = ({ shape, dtype, values }: Input): Tensor =>
  tensor([...values], [...shape], dtype as 'float32' | 'int32')

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1)

/** Shapes of at most 24 elements. */
export const shapes = (minRank = 0, maxRank = 3): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.integer({ min: 1, max: 3 }), { minLength: minRank, maxLength: maxRank }).filter((s) => sizeOf(s) <= 24)

export interface Domain {
  readonly min: number
  readonly max: number
  /** Different inputs get different numbers here, so that no two elements are equal. */
  readonly which?: number
}

/**
 * Distinct multiples of 1/64, exact in float32, that lie at least 1/64 away from every multiple of 1/16: from the
 * kinks of functions and from each other.
 */
export const floats = (shape: readonly number[], { min, max, which = 0 }: Domain): fc.Arbitrary<Input> =>
  fc
    .uniqueArray(fc.integer({ min: min * 16, max: max * 16 - 1 }), {
      minLength: sizeOf(shape),
      maxLength: sizeOf(shape),
    })
    .map((numbers) => ({
      shape,
      dtype: 'float32' as const,
      values: numbers.map((number) => number / 16 + (which + 1) / 64),
    }))

export const integers = (shape: readonly number[], min: number, max: number): fc.Arbitrary<Input> =>
  fc
    .array(fc.integer({ min, max }), { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
    .map((values) => ({ shape, dtype: 'int32' as const, values }))

export const booleans = (shape: readonly number[]): fc.Arbitrary<Input> =>
  integers(shape, 0, 1).map((input) => ({ ...input, dtype: 'bool' as const }))

/** Two shapes that broadcast against one another. */
export const broadcastShapes: fc.Arbitrary<readonly [readonly number[], readonly number[]]> = shapes().chain((shape) =>
  fc
    .tuple(
      fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
      fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
      fc.integer({ min: 0, max: shape.length }),
      fc.boolean(),
    )
    .map(([left, right, dropped, flip]) => {
      const a = shape.map((length, axis) => (left[axis] ? 1 : length))
      const b = shape.map((length, axis) => (right[axis] ? 1 : length)).slice(dropped)
      return flip ? ([b, a] as const) : ([a, b] as const)
    }),
)
