import fc from 'fast-check'
import { memory } from '@tensorflow/tfjs-core'
import { toArrays } from '@monge/measures'
import type { Loss } from '@monge/losses'
import type { Measure } from '@monge/measures'
import { pairArbitrary } from './arbitraries/cloud.js'
import type { CloudOptions, CloudPair } from './arbitraries/cloud.js'
import { permutationArbitrary, rigidMapArbitrary, vectorArbitrary } from './arbitraries/maps.js'
import { requireAtLeast, requireClose, requireThat, total, unitOf } from './expectations.js'
import { law } from './law.js'
import type { Law } from './law.js'
import { at, bothMapped, mapped, reordered, valueOf, withMeasures } from './with-measures.js'

/** What a loss claims of itself, and on what it is tried. */
export interface LossLawOptions {
  /** `L(mu, nu) = L(nu, mu)` */
  readonly symmetric?: boolean
  /** `L(mu, nu) >= 0` */
  readonly nonNegative?: boolean
  /** `L(mu, mu) = 0` */
  readonly zeroOnDiagonal?: boolean
  /** `L(mu, nu) > 0` where the means of mu and nu are a setting's unit of length apart and their masses equal. */
  readonly definite?: boolean
  /** `L(mu + t, nu + t) = L(mu, nu)` */
  readonly translationInvariant?: boolean
  /** `L(R mu, R nu) = L(mu, nu)` for rigid maps R */
  readonly rigidInvariant?: boolean
  /** The degree p of `L(s mu, s nu) = s^p L(mu, nu)`, `s > 0` acting on points. */
  readonly homogeneous?: number
  /** `L((1 - t) mu + t mu', nu) <= (1 - t) L(mu, nu) + t L(mu', nu)` */
  readonly convexInFirst?: boolean
  /** What it is tried on; all shapes and settings by default, masses 1. */
  readonly clouds?: CloudOptions
  /** The relative accuracy that an iterative loss is run to; by default 64 units in the last place. */
  readonly accuracy?: number
  /**
   * The size of the numbers whose rounding the value carries; by default `4^p size^p max(m, m²)` for a homogeneous loss
   * (p = 0 for others), m being the larger mass.
   */
  readonly magnitude?: (pair: CloudPair) => number
}

/**
 * The laws of a function of two measures: it is a number; it depends on the measures and nothing else (not on the order
 * of points, on points of weight zero, on how the weight of a place is split); it is deterministic, changes no argument
 * and leaves no tensor behind; and what the options claim.
 *
 * Clouds are put at the loss's own place, or at tfjs's current backend.
 */
export const lossLaws = (loss: Loss, options: LossLawOptions = {}): readonly Law[] => {
  const pairs = pairArbitrary(options.clouds)
  const value = valueOf(loss)
  const allowed = allowedError(loss, options)
  const compare = (what: string, pair: CloudPair, changed: CloudPair): void => {
    requireClose(what, value(changed.mu, changed.nu), value(pair.mu, pair.nu), allowed(pair))
  }
  const when = (claimed: boolean | undefined, ...laws: readonly Law[]): readonly Law[] => (claimed === true ? laws : [])

  return [
    law('is finite', pairs, ({ mu, nu }) => {
      const found = value(mu, nu)
      requireThat(`the loss is ${found}`, Number.isFinite(found))
    }),
    law('gives the same twice', pairs, ({ mu, nu }) => {
      requireClose('the second value', value(mu, nu), value(mu, nu), 0)
    }),
    law('does not depend on the order of points', withOrders(pairs), ({ pair, ofMu, ofNu }) => {
      compare('reordered', pair, { ...pair, mu: reordered(pair.mu, ofMu), nu: reordered(pair.nu, ofNu) })
    }),
    law('does not see points of weight zero', pairs, (pair) => {
      const { mu, nu } = pair
      const [place] = nu.points
      const more = { points: [...mu.points, ...(place ? [place] : [])], weights: [...mu.weights, 0] }
      compare('with a point of weight zero', pair, { ...pair, mu: more })
    }),
    law('does not depend on how the weight of a place is split', pairs, (pair) => {
      const { points, weights } = pair.mu
      const [first] = points
      const [weight = 0] = weights
      const split = {
        points: [...points, ...(first ? [first] : [])],
        weights: [weight / 4, ...weights.slice(1), (3 * weight) / 4],
      }
      compare('with a point split in two', pair, { ...pair, mu: split })
    }),
    law('leaves its arguments as they are, and no tensor behind', pairs, ({ mu, nu }) => {
      requireClean(loss, mu, nu)
    }),
    ...when(
      options.symmetric,
      law('is symmetric', pairs, (pair) => {
        compare('exchanged', pair, { ...pair, mu: pair.nu, nu: pair.mu })
      }),
    ),
    ...when(
      options.nonNegative,
      law('is not negative', pairs, (pair) => {
        requireAtLeast('the loss', value(pair.mu, pair.nu), 0, allowed(pair))
      }),
    ),
    ...when(
      options.zeroOnDiagonal,
      law('is zero between a measure and itself', pairs, (pair) => {
        requireClose('the loss to itself', value(pair.mu, pair.mu), 0, allowed({ ...pair, nu: pair.mu }))
      }),
    ),
    ...when(
      options.definite,
      law('is positive between measures far apart', pairs, ({ mu, size }) => {
        const moved = mapped(mu, (point) => point.map((entry) => entry + 8 * size))
        const found = value(mu, moved)
        requireThat(`the loss of measures ${8 * size} apart is ${found}`, found > 0)
      }),
    ),
    ...when(
      options.translationInvariant,
      law('is invariant under translations', withVectors(pairs), ({ pair, vector }) => {
        compare('translated', pair, bothMapped(pair, translation(vector, pair.size)))
      }),
    ),
    ...when(
      options.rigidInvariant,
      law('is invariant under rigid maps', withRigidMaps(pairs), ({ pair, map: { matrix, offset } }) => {
        // Turned about where the clouds are: elsewhere, the turn itself would round more than the loss.
        const [middle = []] = pair.mu.points
        const move = translation(offset, pair.size)
        const turn = (point: readonly number[]): readonly number[] =>
          matrix.map(
            (row, k) => (middle[k] ?? 0) + total(row.map((entry, axis) => entry * ((point[axis] ?? 0) - (middle[axis] ?? 0)))),
          )
        const moved = bothMapped(pair, (point) => move(turn(point)))
        const rounding = pair.setting === 'far' ? 1e4 : 1
        requireClose('moved', value(moved.mu, moved.nu), value(pair.mu, pair.nu), rounding * allowed(pair))
      }),
    ),
    ...(options.homogeneous === undefined ? [] : [homogeneity(value, pairs, options.homogeneous, allowed)]),
    ...when(
      options.convexInFirst,
      law('is convex in its first argument', fc.tuple(pairs, fc.nat({ max: 8 })), ([pair, eighths]) => {
        const { mu, nu } = pair
        const t = eighths / 8
        const mixed = { points: [...mu.points, ...nu.points], weights: [...scaled(mu.weights, 1 - t), ...scaled(nu.weights, t)] }
        const target = mapped(nu, (point) => point.map((entry) => entry + pair.size))
        const bound = (1 - t) * value(mu, target) + t * value(nu, target)
        requireAtLeast('the bound less the loss of the mixture', bound - value(mixed, target), 0, 3 * allowed(pair))
      }),
    ),
  ]
}

/**
 * The laws of a divergence: those of a loss, and that it is symmetric, not negative, zero between a measure and itself
 * and positive between measures far apart. (That a root of it is a metric, or that it is jointly convex, is false of
 * the Sinkhorn divergence, and asserted of nothing.)
 */
export const divergenceLaws = (loss: Loss, options: LossLawOptions = {}): readonly Law[] =>
  lossLaws(loss, { symmetric: true, nonNegative: true, zeroOnDiagonal: true, definite: true, ...options })

/** The error that rounding (or a stated accuracy) explains. */
export const allowedError =
  (loss: Loss, { accuracy, magnitude, homogeneous = 0 }: LossLawOptions) =>
  (pair: CloudPair): number => {
    const mass = Math.max(total(pair.mu.weights), total(pair.nu.weights))
    const size = magnitude?.(pair) ?? (4 * pair.size) ** homogeneous * Math.max(mass, mass ** 2)
    return Math.max(accuracy ?? 0, 64 * unitOf(loss.place?.precision)) * size
  }

const homogeneity = (
  value: (mu: CloudPair['mu'], nu: CloudPair['nu']) => number,
  pairs: fc.Arbitrary<CloudPair>,
  degree: number,
  allowed: (pair: CloudPair) => number,
): Law =>
  law(`is homogeneous of degree ${degree}`, fc.tuple(pairs, fc.integer({ min: -3, max: 3 })), ([pair, exponent]) => {
    const factor = 2 ** exponent
    const larger = bothMapped(pair, (point) => scaled(point, factor))
    requireClose(
      `scaled by ${factor}`,
      value(larger.mu, larger.nu) / factor ** degree,
      value(pair.mu, pair.nu),
      2 * allowed(pair),
    )
  })

const requireClean = (loss: Loss, mu: CloudPair['mu'], nu: CloudPair['nu']): void => {
  at(loss.place, () =>
    withMeasures([mu, nu], (measures) => {
      const [from, to] = measures as [Measure, Measure]
      const before = JSON.stringify([toArrays(from), toArrays(to)])
      const tensors = memory().numTensors
      loss(from, to).dispose()
      const left = memory().numTensors - tensors
      requireThat(`the loss leaves ${left} tensors behind`, left === 0)
      requireThat('the loss has changed its arguments', JSON.stringify([toArrays(from), toArrays(to)]) === before)
    }),
  )
}

const scaled = (values: readonly number[], factor: number): readonly number[] => values.map((value) => value * factor)

const translation =
  (vector: readonly number[], size: number) =>
  (point: readonly number[]): readonly number[] =>
    point.map((entry, axis) => entry + size * (vector[axis] ?? 0))

const withOrders = (
  pairs: fc.Arbitrary<CloudPair>,
): fc.Arbitrary<{ readonly pair: CloudPair; readonly ofMu: number[]; readonly ofNu: number[] }> =>
  pairs.chain((pair) =>
    fc.record({
      pair: fc.constant(pair),
      ofMu: permutationArbitrary(pair.mu.points.length),
      ofNu: permutationArbitrary(pair.nu.points.length),
    }),
  )

const withVectors = (pairs: fc.Arbitrary<CloudPair>): fc.Arbitrary<{ readonly pair: CloudPair; readonly vector: number[] }> =>
  pairs.chain((pair) => fc.record({ pair: fc.constant(pair), vector: vectorArbitrary(pair.dimension) }))

const withRigidMaps = (
  pairs: fc.Arbitrary<CloudPair>,
): fc.Arbitrary<{
  readonly pair: CloudPair
  readonly map: { readonly matrix: readonly (readonly number[])[]; readonly offset: readonly number[] }
}> => pairs.chain((pair) => fc.record({ pair: fc.constant(pair), map: rigidMapArbitrary(pair.dimension) }))
