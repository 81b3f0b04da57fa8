import fc from 'fast-check'
import { matrix } from '@monge/costs'
import type { Cost } from '@monge/costs'
import { cloudsArbitrary, pairArbitrary } from './arbitraries/cloud.js'
import type { Cloud, CloudOptions } from './arbitraries/cloud.js'
import { vectorArbitrary } from './arbitraries/maps.js'
import { largest, requireAllClose, requireAtLeast, requireThat, unitOf } from './expectations.js'
import { law } from './law.js'
import type { Law } from './law.js'
import { entriesOf, mapped } from './with-measures.js'

/** What a cost is tried on. */
export interface CostLawOptions {
  /** By default of all shapes, near the origin. */
  readonly clouds?: CloudOptions
}

/**
 * The laws of a cost: its values are finite, and it keeps what it says of itself: symmetry, invariance under
 * translations, its degree of homogeneity, and, for a metric, that it is zero from a point to itself and obeys the
 * triangle inequality.
 *
 * Values are taken at tfjs's current backend.
 */
export const costLaws = (cost: Cost, options: CostLawOptions = {}): readonly Law[] => {
  const clouds: CloudOptions = { settings: ['near'], ...options.clouds }
  const pairs = pairArbitrary(clouds)
  const value = entriesOf(matrix(cost))
  const rounding = (entries: readonly number[]): number => 64 * unitOf() * largest(entries)
  const { degree } = cost

  return [
    law('is finite', pairs, ({ mu, nu }) => {
      requireThat('a value of the cost is not finite', value(mu, nu).every(Number.isFinite))
    }),
    ...(cost.symmetric
      ? [
          law('is symmetric', pairs, ({ mu, nu }) => {
            const [there, back] = [value(mu, nu), value(nu, mu)]
            const [n, m] = [mu.points.length, nu.points.length]
            const transposed = there.map((_, index) => back[(index % m) * n + Math.floor(index / m)] ?? NaN)
            requireAllClose('c(y, x)', transposed, there, rounding(there))
          }),
        ]
      : []),
    ...(cost.translationInvariant
      ? [
          law(
            'is invariant under translations',
            pairs.chain((pair) => fc.record({ pair: fc.constant(pair), vector: vectorArbitrary(pair.dimension) })),
            ({ pair: { mu, nu, size }, vector }) => {
              const move = (cloud: Cloud): Cloud =>
                mapped(cloud, (point) => point.map((entry, axis) => entry + size * (vector[axis] ?? 0)))
              const here = value(mu, nu)
              // Costs with features may round positions before they take differences.
              requireAllClose('c(x + t, y + t)', value(move(mu), move(nu)), here, rounding([...here, size]))
            },
          ),
        ]
      : []),
    ...(degree === undefined
      ? []
      : [
          law(`is homogeneous of degree ${degree}`, fc.tuple(pairs, fc.integer({ min: -3, max: 3 })), ([pair, exponent]) => {
            const larger = (cloud: Cloud): Cloud => mapped(cloud, (point) => point.map((entry) => entry * 2 ** exponent))
            const here = value(pair.mu, pair.nu)
            const there = value(larger(pair.mu), larger(pair.nu)).map((entry) => entry / 2 ** (exponent * degree))
            requireAllClose(`c at scale ${2 ** exponent}`, there, here, rounding(here))
          }),
        ]),
    ...(cost.metric
      ? [
          law('is zero from a point to itself', pairs, ({ mu, size }) => {
            const entries = value(mu, mu)
            const n = mu.points.length
            const diagonal = mu.points.map((_, index) => entries[index * (n + 1)] ?? NaN)
            requireAllClose('c(x, x)', diagonal, diagonal.map(() => 0), rounding([...entries, size ** (degree ?? 1)]))
          }),
          law('obeys the triangle inequality', cloudsArbitrary(3, clouds), ({ clouds: [mu, nu, between] }) => {
            if (mu === undefined || nu === undefined || between === undefined) return
            const [direct, first, second] = [value(mu, nu), value(mu, between), value(between, nu)]
            const [n, m, k] = [mu.points.length, nu.points.length, between.points.length]
            for (let i = 0; i < n; i++)
              for (let j = 0; j < m; j++)
                for (let via = 0; via < k; via++)
                  requireAtLeast(
                    `the way from x ${i} to y ${j} over z ${via}`,
                    (first[i * k + via] ?? NaN) + (second[via * m + j] ?? NaN),
                    direct[i * m + j] ?? NaN,
                    rounding([...direct, ...first, ...second]),
                  )
          }),
        ]
      : []),
  ]
}
