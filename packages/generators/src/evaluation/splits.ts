import { fold, permutation } from '@monge/random'
import type { Key } from '@monge/random'

/** Ways to take some of a pooled sample's points as the first sample, the given one first. */
export interface Splits {
  /** Each the positions of the first sample's points. */
  readonly chosen: readonly (readonly number[])[]
  /** Whether these are all the ways that there are. */
  readonly exhaustive: boolean
}

/** All splits of `total` points with `count` in the first part if they are at most `limit`, else `limit` random ones. */
export const splits = (total: number, count: number, limit: number, key: Key): Splits => {
  const given = Array.from({ length: count }, (_, position) => position)
  if (binomial(total, count) <= limit + 1) return { chosen: combinations(total, count), exhaustive: true }
  const drawn = Array.from({ length: limit }, (_, draw) =>
    Array.from(permutation(total)(fold(draw)(key)).subarray(0, count)),
  )
  return { chosen: [given, ...drawn], exhaustive: false }
}

const binomial = (total: number, count: number): number =>
  Array.from({ length: count }).reduce<number>((product, _, k) => (product * (total - k)) / (k + 1), 1)

/** In lexicographic order, so that the first `count` come first. */
const combinations = (total: number, count: number, from = 0): readonly (readonly number[])[] => {
  if (count === 0) return [[]]
  const firsts = Array.from({ length: total - from - count + 1 }, (_, k) => from + k)
  return firsts.flatMap((first) => combinations(total, count - 1, first + 1).map((rest) => [first, ...rest]))
}
