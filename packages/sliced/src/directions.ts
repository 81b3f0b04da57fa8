import { mongeError, requireInteger, requireOneOf } from '@monge/errors'
import { directions as randomDirections, fold, normal, uniform } from '@monge/random'
import type { Key } from '@monge/random'

/** Directions as rows `[L, d]`, or row-major data with its shape; they are scaled to unit length. */
export type DirectionsLike =
  | readonly (readonly number[])[]
  | { readonly data: ArrayLike<number>; readonly shape: readonly [count: number, dimension: number] }

/** How directions are drawn: independent; orthonormal in groups of d; or spread evenly, turned at random. */
export type DirectionKind = 'random' | 'orthogonal' | 'quasi'

/** Which directions to slice along: given ones, or `count` of them from a key. */
export interface Directions {
  readonly directions?: DirectionsLike
  readonly key?: Key
  readonly count?: number
  /** `random` unless told. */
  readonly kind?: DirectionKind
}

/** The options that say which directions. */
export const directionKeys = ['directions', 'key', 'count', 'kind'] as const

/** Unit directions `[L, d]` on the host. */
export interface UnitDirections {
  readonly count: number
  readonly dimension: number
  readonly rows: readonly Float64Array[]
}

const requireKind = requireOneOf(['random', 'orthogonal', 'quasi'])

/** Checks the options and returns what gives the directions for a dimension; drawn ones are drawn once. */
export const directionsOf = (where: string, options: Directions): ((dimension: number) => UnitDirections) => {
  const { directions, key, count } = options
  if (directions !== undefined) {
    if (key !== undefined || count !== undefined || options.kind !== undefined)
      throw mongeError('InvalidOption', where, 'expected directions or a key and a count, got both')
    const given = readDirections(`${where}: directions`, directions)
    return (dimension) => {
      if (dimension !== given.dimension)
        throw mongeError('DimensionMismatch', where, `directions of dimension ${given.dimension}, points of ${dimension}`)
      return given
    }
  }
  if (key === undefined || count === undefined)
    throw mongeError('InvalidOption', where, 'expected directions, or a key and a count')
  requireInteger(1)(`${where}: count`, count)
  const kind = requireKind(`${where}: kind`, options.kind ?? 'random')
  const known = new Map<number, UnitDirections>()
  return (dimension) => {
    const drawn = known.get(dimension) ?? draw(kind, count, dimension, key)
    known.set(dimension, drawn)
    return drawn
  }
}

const readDirections = (where: string, given: DirectionsLike): UnitDirections => {
  const rows = 'shape' in given ? rowsOf(given.data, given.shape) : given.map((row) => Float64Array.from(row))
  const dimension = rows[0]?.length ?? 0
  if (dimension === 0) throw mongeError('InvalidOption', where, 'expected at least one direction')
  return {
    count: rows.length,
    dimension,
    rows: rows.map((row, l) => {
      const length = Math.hypot(...row)
      if (row.length !== dimension)
        throw mongeError('InvalidOption', where, `direction ${l} has ${row.length} numbers, direction 0 has ${dimension}`)
      if (!(Number.isFinite(length) && length > 0))
        throw mongeError('InvalidOption', where, `direction ${l} has length ${length}`)
      return row.map((value) => value / length)
    }),
  }
}

const rowsOf = (data: ArrayLike<number>, [count, dimension]: readonly [number, number]): readonly Float64Array[] =>
  Array.from({ length: count }, (_, l) => Float64Array.from({ length: dimension }, (__, k) => data[l * dimension + k]))

const draw = (kind: DirectionKind, count: number, dimension: number, key: Key): UnitDirections => ({
  count,
  dimension,
  rows:
    kind === 'random'
      ? rowsOf(randomDirections(count, dimension)(key), [count, dimension])
      : kind === 'orthogonal'
        ? orthogonal(count, dimension, key)
        : dimension === 1
          ? rowsOf(new Float64Array(count).fill(1), [count, 1])
          : quasi(count, dimension, key),
})

/** Groups of d directions that are orthonormal, each group turned at random (Rowland and others 2019). */
const orthogonal = (count: number, d: number, key: Key): readonly Float64Array[] =>
  Array.from({ length: Math.ceil(count / d) }, (_, group) => {
    const raw = rowsOf(normal(d * d)(fold(group)(key)), [d, d])
    const basis: Float64Array[] = []
    for (const row of raw) basis.push(unit(rest(rest(row, basis), basis)))
    return basis
  })
    .flat()
    .slice(0, count)

const rest = (row: Float64Array, basis: readonly Float64Array[]): Float64Array =>
  basis.reduce((left, axis) => {
    const along = left.reduce((sum, value, k) => sum + value * axis[k], 0)
    return left.map((value, k) => value - along * axis[k])
  }, row)

const unit = (row: Float64Array): Float64Array => {
  const length = Math.hypot(...row)
  return row.map((value) => value / length)
}

/**
 * Directions spread evenly. In the plane equal angles over half a turn (opposite directions are the same slice); in
 * space Fibonacci's spiral over half the sphere; in higher dimensions normal vectors from the additive recurrence of
 * the generalised golden ratio (Roberts 2018) by Box and Muller's map. All are shifted or turned at random.
 */
const quasi = (count: number, d: number, key: Key): readonly Float64Array[] => {
  const shift = uniform({}, d + 1)(fold(0)(key))
  if (d === 2)
    return Array.from({ length: count }, (_, l) => {
      const angle = (Math.PI * (l + shift[0])) / count
      return Float64Array.of(Math.cos(angle), Math.sin(angle))
    })
  const turned = rotated(orthogonal(d, d, fold(1)(key)))
  if (d === 3)
    return Array.from({ length: count }, (_, l) => {
      const height = (l + 0.5) / count
      const angle = 2 * Math.PI * (l / ((1 + Math.sqrt(5)) / 2) + shift[0])
      const radius = Math.sqrt(1 - height * height)
      return turned(Float64Array.of(radius * Math.cos(angle), radius * Math.sin(angle), height))
    })
  const uniforms = d + (d % 2)
  const ratio = goldenRatio(uniforms)
  return Array.from({ length: count }, (_, l) => {
    const u = Array.from({ length: uniforms }, (__, k) => (shift[k] + (l + 1) * ratio ** -(k + 1)) % 1)
    const values = Float64Array.from({ length: d }, (__, k) => {
      const pair = k - (k % 2)
      const radius = Math.sqrt(-2 * Math.log(1 - u[pair]))
      return radius * (k % 2 === 0 ? Math.cos(2 * Math.PI * u[pair + 1]) : Math.sin(2 * Math.PI * u[pair + 1]))
    })
    return turned(unit(values))
  })
}

const rotated =
  (basis: readonly Float64Array[]) =>
  (row: Float64Array): Float64Array =>
    Float64Array.from(basis, (axis) => axis.reduce((sum, value, k) => sum + value * row[k], 0))

/** The positive root of `x^(d+1) = x + 1`. */
const goldenRatio = (d: number): number => Array.from({ length: 60 }).reduce<number>((x) => (1 + x) ** (1 / (d + 1)), 2)
