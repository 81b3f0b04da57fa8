import fc from 'fast-check'
import { positiveArbitrary, vectorArbitrary } from './maps.js'
import { simplestOf, told } from './simplifying.js'

/**
 * A potential `U` of a target density `exp(-U) / Z` on plain points, with its gradient: what a sampler draws from. Where
 * mean and covariance are known in closed form, they are given.
 */
export interface TargetPotential {
  readonly name: string
  readonly dimension: number
  readonly value: (x: readonly number[]) => number
  /** `[d]` */
  readonly gradient: (x: readonly number[]) => readonly number[]
  readonly mean?: readonly number[]
  /** `d` rows of `d` entries */
  readonly covariance?: readonly (readonly number[])[]
}

/** A normal law of independent coordinates: `sum_k (x_k - m_k)² / (2 s_k²)`. */
const normal = (mean: readonly number[], deviations: readonly number[]): TargetPotential => ({
  name: 'normal',
  dimension: mean.length,
  value: (x) => mean.reduce((sum, m, k) => sum + (((x[k] ?? NaN) - m) / (deviations[k] ?? 1)) ** 2 / 2, 0),
  gradient: (x) => mean.map((m, k) => ((x[k] ?? NaN) - m) / (deviations[k] ?? 1) ** 2),
  mean,
  covariance: mean.map((_, k) => mean.map((__, l) => (k === l ? (deviations[k] ?? 1) ** 2 : 0))),
})

/** Two equal normal laws of deviation s about m and -m: `-log(exp(-|x-m|²/2s²) + exp(-|x+m|²/2s²))`. */
const mixture = (centre: readonly number[], deviation: number): TargetPotential => {
  const square = (x: readonly number[], sign: number): number =>
    centre.reduce((sum, m, k) => sum + ((x[k] ?? NaN) - sign * m) ** 2, 0) / (2 * deviation ** 2)
  return {
    name: 'mixture of two',
    dimension: centre.length,
    value: (x) => {
      const [one, other] = [square(x, 1), square(x, -1)]
      const least = Math.min(one, other)
      return least - Math.log(Math.exp(least - one) + Math.exp(least - other))
    },
    gradient: (x) => {
      // The posterior weight of the first, less that of the second.
      const balance = Math.tanh((square(x, -1) - square(x, 1)) / 2)
      return centre.map((m, k) => ((x[k] ?? NaN) - balance * m) / deviation ** 2)
    },
    mean: centre.map(() => 0),
    covariance: centre.map((m, k) => centre.map((n, l) => m * n + (k === l ? deviation ** 2 : 0))),
  }
}

/** Two wells in every coordinate, steeper than any normal law: `sum_k h (x_k² - 1)²`. */
const wells = (dimension: number, height: number): TargetPotential => ({
  name: 'double well',
  dimension,
  value: (x) => x.reduce((sum, entry) => sum + height * (entry ** 2 - 1) ** 2, 0),
  gradient: (x) => x.map((entry) => 4 * height * entry * (entry ** 2 - 1)),
  mean: Array.from({ length: dimension }, () => 0),
})

/** A valley along a parabola, for dimensions from 2 on: `x_1²/2 + b sum_{k>1} (x_k - x_1²)²`. */
const banana = (dimension: number, bend: number): TargetPotential => ({
  name: 'banana',
  dimension,
  value: ([first = NaN, ...others]) =>
    first ** 2 / 2 + others.reduce((sum, entry) => sum + bend * (entry - first ** 2) ** 2, 0),
  gradient: ([first = NaN, ...others]) => [
    first + others.reduce((sum, entry) => sum - 4 * bend * first * (entry - first ** 2), 0),
    ...others.map((entry) => 2 * bend * (entry - first ** 2)),
  ],
})

/** What the kinds of potentials are made of. */
interface Parts {
  readonly centre: readonly number[]
  readonly deviations: readonly number[]
  readonly deviation: number
  readonly height: number
}

interface Kind {
  readonly made: (parts: Parts) => TargetPotential
  /** Those of its parts that tell it from others of its kind. */
  readonly parts: readonly (keyof Parts)[]
}

const kinds = (dimension: number): readonly Kind[] => [
  { made: ({ centre, deviations }) => normal(centre, deviations), parts: ['centre', 'deviations'] },
  { made: ({ centre, deviation }) => mixture(centre, deviation), parts: ['centre', 'deviation'] },
  { made: ({ height }) => wells(dimension, height), parts: ['height'] },
  ...(dimension > 1 ? [{ made: ({ height }: Parts) => banana(dimension, height), parts: ['height'] } as const] : []),
]

/**
 * Potentials of targets in dimension `d`: normal laws, mixtures of two, double wells and, from two dimensions on, a
 * valley that bends. They shrink towards the standard normal law, and a counterexample tells which one it is.
 */
export const potentialArbitrary = (dimension: number): fc.Arbitrary<TargetPotential> =>
  fc
    .record({
      kind: simplestOf(kinds(dimension)),
      centre: vectorArbitrary(dimension),
      deviations: fc.array(positiveArbitrary(-2, 2), { minLength: dimension, maxLength: dimension }),
      deviation: positiveArbitrary(-1, 1),
      height: positiveArbitrary(-1, 2),
    })
    .map(({ kind: { made, parts }, ...all }) => {
      const potential = made(all)
      const numbers = Object.fromEntries(parts.map((part) => [part, all[part]]))
      return told(`${potential.name} ${fc.stringify(numbers)}`, potential)
    })
