import type { Place } from '@monge/backend'
import type { Measure } from '@monge/measures'
import { pairArbitrary } from './arbitraries/cloud.js'
import type { CloudOptions, CloudPair } from './arbitraries/cloud.js'
import { requireAllClose, requireAtLeast, requireClose, requireThat, total, unitOf } from './expectations.js'
import { law } from './law.js'
import type { Law } from './law.js'
import { at, withMeasures } from './with-measures.js'

/** A transport plan between two measures, as `n` rows of `m` entries. */
export type PlanBetween = (mu: Measure, nu: Measure) => readonly ArrayLike<number>[]

/** What a plan claims, and what it is tried on. */
export interface PlanLawOptions {
  /** Where the plan is computed; tfjs's current backend by default. */
  readonly place?: Place
  /** Whether at most `n + m - 1` entries are not zero, as of a vertex of the transport polytope. */
  readonly sparse?: boolean
  /** Error of the marginals, relative to the mass; by default 64 units in the last place. */
  readonly accuracy?: number
  /** Pairs of equal mass; by default of all shapes and settings, of mass 1. */
  readonly clouds?: CloudOptions
}

/**
 * The laws of a (balanced) transport plan P between measures of weights a and b: `P_ij >= 0`, `sum_j P_ij = a_i`,
 * `sum_i P_ij = b_j`, the mass is theirs, points of weight zero take no part, and, if claimed, P is sparse.
 */
export const planLaws = (plan: PlanBetween, options: PlanLawOptions = {}): readonly Law[] => {
  const { place } = options
  const pairs = pairArbitrary(options.clouds)
  const allowed = ({ mu }: CloudPair): number =>
    Math.max(options.accuracy ?? 0, 64 * unitOf(place?.precision)) * total(mu.weights)
  const entriesOf = ({ mu, nu }: CloudPair): readonly (readonly number[])[] =>
    at(place, () =>
      withMeasures([mu, nu], (measures) => {
        const [from, to] = measures as [Measure, Measure]
        return plan(from, to).map((row) => Array.from(row))
      }),
    )
  const column = (rows: readonly (readonly number[])[], j: number): readonly number[] => rows.map((row) => row[j] ?? NaN)

  return [
    law('is a matrix of finite, non-negative entries', pairs, (pair) => {
      const rows = entriesOf(pair)
      requireThat(
        `the plan is not of shape [${pair.mu.points.length}, ${pair.nu.points.length}]`,
        rows.length === pair.mu.points.length && rows.every((row) => row.length === pair.nu.points.length),
      )
      rows.forEach((row, i) => {
        row.forEach((entry, j) => {
          requireAtLeast(`P[${i}][${j}]`, entry, 0, 0)
        })
      })
    }),
    law('has mu for its first marginal', pairs, (pair) => {
      requireAllClose('the first marginal', entriesOf(pair).map(total), pair.mu.weights, allowed(pair))
    }),
    law('has nu for its second marginal', pairs, (pair) => {
      const rows = entriesOf(pair)
      const marginal = pair.nu.weights.map((_, j) => total(column(rows, j)))
      requireAllClose('the second marginal', marginal, pair.nu.weights, allowed(pair))
    }),
    law('has the mass of both', pairs, (pair) => {
      requireClose('the mass', total(entriesOf(pair).flat()), total(pair.mu.weights), allowed(pair))
    }),
    law('gives nothing to points of weight zero', pairs, (pair) => {
      const rows = entriesOf(pair)
      pair.mu.weights.forEach((weight, i) => {
        if (weight === 0) requireClose(`row ${i}`, total(rows[i] ?? []), 0, 0)
      })
      pair.nu.weights.forEach((weight, j) => {
        if (weight === 0) requireClose(`column ${j}`, total(column(rows, j)), 0, 0)
      })
    }),
    ...(options.sparse === true
      ? [
          law('is sparse', pairs, (pair) => {
            const filled = entriesOf(pair).flat().filter((entry) => entry !== 0).length
            const most = pair.mu.points.length + pair.nu.points.length - 1
            requireThat(`${filled} entries are not zero, expected at most ${most}`, filled <= most)
          }),
        ]
      : []),
  ]
}
