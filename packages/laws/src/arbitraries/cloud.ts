import fc from 'fast-check'
import { cloudShapes, shaped } from './cloud-shapes.js'
import type { CloudShape } from './cloud-shapes.js'
import { lastOf, simplestOf, simplifying, thorough } from './simplifying.js'

/** A measure as plain data: `n` rows of `d` coordinates and `n` weights, the form in which counterexamples print. */
export interface Cloud {
  readonly points: readonly (readonly number[])[]
  readonly weights: readonly number[]
}

/** Where clouds lie: `x -> size x + offset` of coordinates in `[-2, 2]`. */
export type Setting = 'near' | 'far' | 'tiny' | 'huge'

/** Powers of two, and an offset that leaves room for the digits: all coordinates are exact in float32. */
const settings: Readonly<Record<Setting, { readonly size: number; readonly offset: number }>> = {
  near: { size: 1, offset: 0 },
  far: { size: 1, offset: 10_000 },
  tiny: { size: 2 ** -20, offset: 0 },
  huge: { size: 2 ** 20, offset: 0 },
}

/** The most points of a cloud, where options do not say. */
export const defaultMaxPoints = 8

/** What clouds to make. */
export interface CloudOptions {
  /** Default 8. */
  readonly maxPoints?: number
  /** The dimension, or the largest one of those from 1 on; default `{ max: 3 }`. */
  readonly dimension?: number | { readonly max: number }
  /** Default: all. */
  readonly shapes?: readonly CloudShape[]
  /** Default: all. */
  readonly settings?: readonly Setting[]
  /** `one`: weights sum to 1 (the default); `any`: to a multiple of 1/16 between 1/16 and 16. */
  readonly mass?: 'one' | 'any'
}

/** Two or more clouds of one dimension in one setting. */
export interface Clouds {
  readonly clouds: readonly Cloud[]
  readonly dimension: number
  readonly setting: Setting
  /** The unit of length of the setting: clouds span up to 4 of it. */
  readonly size: number
}

/**
 * `count` clouds of one dimension in one setting, of shapes of their own: uniform, weighted, with zero weights,
 * duplicates, collinear, clustered, a single point; near the origin, far from it (10⁴), tiny (10⁻⁶) and huge (10⁶).
 *
 * Float32 holds all coordinates exactly. They shrink towards few points of small
 * coordinates, equal weights, dimension 1, near the origin.
 */
export const cloudsArbitrary = (count: number, options: CloudOptions = {}): fc.Arbitrary<Clouds> => {
  const { maxPoints = defaultMaxPoints, dimension = { max: 3 }, shapes = cloudShapes, settings: places = allSettings, mass = 'one' } = options
  const most = typeof dimension === 'number' ? dimension : dimension.max
  const dimensions = typeof dimension === 'number' ? fc.constant(dimension) : fc.integer({ min: 1, max: most })
  const axes = dimensions.map((d) => Array.from({ length: d }, (_, axis) => axis))
  const raw = fc.record({ shape: simplestOf(shapes), rows: rawPoints(maxPoints, most) })
  return fc
    .record({
      raws: fc.tuple(...Array.from({ length: count }, () => raw)),
      // A fault in one of several axes needs it alone.
      axes: typeof dimension === 'number' ? axes : simplifying(axes, withoutOne),
      setting: simplestOf(places),
      // Clouds of as many points each can lose them only together.
      points: lastOf([1, ...Array.from({ length: maxPoints - 1 }, (_, index) => index + 2)]),
    })
    .map(({ raws, axes: those, setting, points }) => ({
      clouds: raws.map(({ shape, rows }) => {
        const cut = rows.slice(0, points).map((row) => ({ ...row, position: those.map((axis) => inUnits(row.position[axis] ?? 0)) }))
        return placed(setting, withMass(mass, shaped(shape, cut)))
      }),
      dimension: those.length,
      setting,
      size: settings[setting].size,
    }))
}

/** One cloud; see `cloudsArbitrary`. */
export const cloudArbitrary = (options: CloudOptions = {}): fc.Arbitrary<Cloud> =>
  cloudsArbitrary(1, options).map(({ clouds }) => clouds[0] ?? { points: [[0]], weights: [1] })

/** Two clouds to compare. */
export interface CloudPair {
  readonly mu: Cloud
  readonly nu: Cloud
  readonly dimension: number
  readonly setting: Setting
  /** The unit of length of the setting. */
  readonly size: number
}

/** Two clouds of one dimension in one setting: of mass 1 each, or with `mass: 'any'` of masses of their own. */
export const pairArbitrary = (options: CloudOptions = {}): fc.Arbitrary<CloudPair> =>
  cloudsArbitrary(2, options).map(({ clouds, ...rest }) => {
    const [mu, nu] = clouds as [Cloud, Cloud]
    return { mu, nu, ...rest }
  })

const allSettings: readonly Setting[] = ['near', 'far', 'tiny', 'huge']

const withoutOne = (axes: readonly number[]): number[][] =>
  axes.length > 1 ? axes.map((left) => axes.filter((axis) => axis !== left)) : []

/** Raw points whose positions are still whole numbers. */
const rawPoints = (maxPoints: number, dimension: number) =>
  thorough(
    fc.array(
      fc.record({
        position: fc.array(fc.integer({ min: -512, max: 512 }), { minLength: dimension, maxLength: dimension }),
        weight: fc.integer({ min: 1, max: 16 }),
        choice: fc.nat({ max: 1023 }),
      }),
      { minLength: 1, maxLength: maxPoints },
    ),
  )

const inUnits = (whole: number): number => whole / 256

const withMass = (mass: 'one' | 'any', cloud: Cloud): Cloud => {
  const total = cloud.weights.reduce((sum, weight) => sum + weight, 0)
  return { ...cloud, weights: cloud.weights.map((weight) => (mass === 'one' ? weight / total : weight / 16)) }
}

const placed = (setting: Setting, cloud: Cloud): Cloud => {
  const { size, offset } = settings[setting]
  return { ...cloud, points: cloud.points.map((point) => point.map((entry) => Math.fround(size * entry + offset))) }
}
