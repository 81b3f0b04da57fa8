import fc from 'fast-check'

/** A rigid map `x -> R x + t` of space: a rotation, perhaps with a reflection, and a translation. */
export interface RigidMap {
  /** `d` rows of `d` entries, orthogonal */
  readonly matrix: readonly (readonly number[])[]
  /** `[d]` */
  readonly offset: readonly number[]
}

/** Rigid maps of dimension `d`; translations are multiples of 1/16 up to 4. They shrink towards the identity. */
export const rigidMapArbitrary = (dimension: number): fc.Arbitrary<RigidMap> =>
  fc
    .record({
      turns: fc.array(
        fc.record({ first: fc.nat({ max: dimension - 1 }), second: fc.nat({ max: dimension - 1 }), sixteenths: fc.nat({ max: 15 }) }),
        { maxLength: 3 },
      ),
      reflected: fc.boolean(),
      offset: vectorArbitrary(dimension),
    })
    .map(({ turns, reflected, offset }) => ({
      matrix: turns
        .filter(({ first, second }) => first !== second)
        .reduce(
          (matrix, { first, second, sixteenths }) => turned(matrix, first, second, (sixteenths * Math.PI) / 8),
          identity(dimension, reflected),
        ),
      offset,
    }))

/** An affine map `x -> A x + t` from dimension `d` to the number of its rows. */
export interface AffineMap {
  /** `k` rows of `d` entries, of any rank */
  readonly matrix: readonly (readonly number[])[]
  /** `[k]` */
  readonly offset: readonly number[]
}

/**
 * Affine maps from dimension `d` to `targetDimension`, singular ones too; entries are multiples of 1/8 in `[-2, 2]`.
 * They shrink towards zero.
 */
export const affineMapArbitrary = (dimension: number, targetDimension: number = dimension): fc.Arbitrary<AffineMap> =>
  fc.record({
    matrix: fc.array(
      fc.array(
        fc.integer({ min: -16, max: 16 }).map((eighths) => eighths / 8),
        { minLength: dimension, maxLength: dimension },
      ),
      { minLength: targetDimension, maxLength: targetDimension },
    ),
    offset: vectorArbitrary(targetDimension),
  })

/** Vectors `[d]` of multiples of 1/16 in `[-4, 4]`. */
export const vectorArbitrary = (dimension: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -64, max: 64 }), { minLength: dimension, maxLength: dimension }).map((entries) => entries.map((entry) => entry / 16))

/** Unit vectors `[d]`. They shrink towards the first axis. */
export const directionArbitrary = (dimension: number): fc.Arbitrary<number[]> =>
  vectorArbitrary(dimension).map((entries) => {
    const norm = Math.hypot(...entries)
    return norm > 0 ? entries.map((entry) => entry / norm) : entries.map((_, axis) => (axis === 0 ? 1 : 0))
  })

/** Orders of the numbers 0 to n - 1. They shrink towards the natural one. */
export const permutationArbitrary = (n: number): fc.Arbitrary<number[]> =>
  fc.tuple(...Array.from({ length: n }, (_, index) => fc.nat({ max: n - 1 - index }))).map((steps) => {
    const left = Array.from({ length: n }, (_, index) => index)
    return steps.flatMap((step) => left.splice(step, 1))
  })

/** Positive numbers from `2^low` to `2^high`, evenly spread in logarithm, that shrink towards 1. */
export const positiveArbitrary = (low: number, high: number): fc.Arbitrary<number> =>
  fc.integer({ min: Math.round(low * 8), max: Math.round(high * 8) }).map((eighths) => 2 ** (eighths / 8))

const identity = (dimension: number, reflected: boolean): number[][] =>
  Array.from({ length: dimension }, (_, row) =>
    Array.from({ length: dimension }, (__, column) => (row !== column ? 0 : reflected && row === 0 ? -1 : 1)),
  )

/** The rows `first` and `second` turned into one another. */
const turned = (matrix: readonly (readonly number[])[], first: number, second: number, angle: number): number[][] =>
  matrix.map((row, index) =>
    row.map((entry, column) => {
      const [one = 0, other = 0] = [matrix[first]?.[column], matrix[second]?.[column]]
      if (index === first) return Math.cos(angle) * one - Math.sin(angle) * other
      return index === second ? Math.sin(angle) * one + Math.cos(angle) * other : entry
    }),
  )
