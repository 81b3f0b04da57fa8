import fc from 'fast-check'
import { simplestOf, thorough } from './simplifying.js'

/** A rigid map `x -> R x + t` of space: a rotation, perhaps with a reflection, and a translation. */
export interface RigidMap {
  /** `d` rows of `d` entries, orthogonal */
  readonly matrix: readonly (readonly number[])[]
  /** `[d]` */
  readonly offset: readonly number[]
}

/**
 * Rigid maps of dimension `d`; translations are multiples of 1/16 up to 4. They shrink towards the
 * identity, and turns towards a quarter turn.
 */
export const rigidMapArbitrary = (dimension: number): fc.Arbitrary<RigidMap> =>
  fc
    .record({
      turns: dimension > 1 ? fc.array(turn(dimension), { maxLength: 3 }) : fc.constant<Turn[]>([]),
      reflected: fc.boolean(),
      offset: vectorArbitrary(dimension),
    })
    .map(({ turns, reflected, offset }) => ({
      matrix: turns.reduce(
        (matrix, { plane, sixteenths }) => turned(matrix, plane, sixteenths),
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
    matrix: thorough(
      fc.array(fc.array(fc.integer({ min: -16, max: 16 }), { minLength: dimension, maxLength: dimension }), {
        minLength: targetDimension,
        maxLength: targetDimension,
      }),
    ).map((rows) => rows.map((row) => row.map((eighths) => eighths / 8))),
    offset: vectorArbitrary(targetDimension),
  })

/** Vectors `[d]` of multiples of 1/16 in `[-4, 4]`. */
export const vectorArbitrary = (dimension: number): fc.Arbitrary<number[]> =>
  thorough(fc.array(fc.integer({ min: -64, max: 64 }), { minLength: dimension, maxLength: dimension })).map((entries) =>
    entries.map((entry) => entry / 16),
  )

/** Unit vectors `[d]`. They shrink towards the first axis. */
export const directionArbitrary = (dimension: number): fc.Arbitrary<number[]> =>
  vectorArbitrary(dimension).map((entries) => {
    const norm = Math.hypot(...entries)
    return norm > 0 ? entries.map((entry) => entry / norm) : entries.map((_, axis) => (axis === 0 ? 1 : 0))
  })

/** Orders of the numbers 0 to n - 1. They shrink towards the natural one. */
export const permutationArbitrary = (n: number): fc.Arbitrary<number[]> =>
  thorough(fc.tuple(...Array.from({ length: n }, (_, index) => fc.nat({ max: n - 1 - index })))).map((steps) => {
    const left = Array.from({ length: n }, (_, index) => index)
    return steps.flatMap((step) => left.splice(step, 1))
  })

/** Positive numbers from `2^low` to `2^high`, evenly spread in logarithm, that shrink towards 1. */
export const positiveArbitrary = (low: number, high: number): fc.Arbitrary<number> =>
  thorough(fc.integer({ min: Math.round(low * 8), max: Math.round(high * 8) })).map((eighths) => 2 ** (eighths / 8))

const identity = (dimension: number, reflected: boolean): number[][] =>
  Array.from({ length: dimension }, (_, row) =>
    Array.from({ length: dimension }, (__, column) => (row !== column ? 0 : reflected && row === 0 ? -1 : 1)),
  )

type Plane = readonly [first: number, second: number]

/** The planes of two axes. */
const planes = (dimension: number): readonly Plane[] =>
  Array.from({ length: dimension }, (_, second) => Array.from({ length: second }, (__, first): Plane => [first, second])).flat()

interface Turn {
  readonly plane: Plane
  readonly sixteenths: number
}

const turn = (dimension: number): fc.Arbitrary<Turn> =>
  fc.record({ plane: simplestOf(planes(dimension)), sixteenths: simplestOf(turnsInOrder) })

/** Angles in sixteenths of a turn: those that make whole numbers of whole numbers first. */
const turnsInOrder: readonly number[] = [0, 4, 8, 12, 2, 6, 10, 14, 1, 3, 5, 7, 9, 11, 13, 15]

/** The rows of a plane turned into one another. */
const turned = (matrix: readonly (readonly number[])[], [first, second]: Plane, sixteenths: number): number[][] => {
  const angle = (sixteenths * Math.PI) / 8
  const exactly = (value: number): number => (sixteenths % 4 === 0 ? Math.round(value) : value)
  const [cosine, sine] = [exactly(Math.cos(angle)), exactly(Math.sin(angle))]
  return matrix.map((row, index) =>
    row.map((entry, column) => {
      const [one = 0, other = 0] = [matrix[first]?.[column], matrix[second]?.[column]]
      if (index === first) return cosine * one - sine * other
      return index === second ? sine * one + cosine * other : entry
    }),
  )
}
