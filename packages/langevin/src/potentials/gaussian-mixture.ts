import type { Place } from '@monge/backend'
import { mongeError, requireKnownKeys, requirePositive } from '@monge/errors'
import { mixtureMover, withMover } from '../engine/moves.js'
import { exponential, lowestExponent } from '../exponential.js'
import type { HostField, Potential } from '../potential.js'
import { factorise } from '../symmetric.js'
import type { Factor, Symmetric } from '../symmetric.js'
import { fromLoops } from './from-loops.js'
import { requireVector } from './gaussian.js'

/** A mixture of K Gaussian distributions. */
export interface GaussianMixtureOptions {
  /** `[K, d]` */
  readonly means: readonly (readonly number[])[]
  /** One covariance for all, as in `gaussian`; 1 by default. */
  readonly covariance?: Symmetric
  /** A covariance for each instead. */
  readonly covariances?: readonly Symmetric[]
  /** `[K]`, of any sum; equal by default. */
  readonly weights?: readonly number[]
}

/**
 * The potential of a mixture of Gaussians: `V(x) = -log sum_k w_k N(x; m_k, C_k)`, of mass 1.
 *
 * @throws InvalidOption
 */
export const gaussianMixture = (options: GaussianMixtureOptions): ((place: Place) => Potential) => {
  requireKnownKeys(['means', 'covariance', 'covariances', 'weights'])('gaussianMixture', options)
  const given: readonly (readonly number[])[] = options.means
  if (!Array.isArray(given) || given.length === 0)
    throw mongeError('InvalidOption', 'gaussianMixture: means', 'expected at least one point')
  const means = given.map((mean: readonly number[]) => requireVector('gaussianMixture: means', mean))
  const d = means[0]?.length ?? 0
  if (means.some(({ length }) => length !== d))
    throw mongeError('InvalidOption', 'gaussianMixture: means', 'expected points of one dimension')
  const factors = factorsOf(options, means.length, d)
  const weights = options.weights ?? means.map(() => 1)
  requireCount('gaussianMixture: weights', weights, means.length)
  const total = weights.reduce((sum, weight) => sum + requirePositive('gaussianMixture: weights', weight), 0)
  const constants = Float64Array.from(factors, ({ logDeterminant }, k) => {
    const weight = weights[k] ?? 0
    return Math.log(weight / total) - 0.5 * (logDeterminant + d * Math.log(2 * Math.PI))
  })
  const components = { count: means.length, means: concatenated(means), factors, constants }
  return fromLoops({
    name: 'gaussianMixture',
    dimension: d,
    onHost: !isIsotropic(factors) ? generalField(components) : d === 2 ? planarField(components) : isotropicField(components),
  })
}

const requireCount = (where: string, list: readonly unknown[], count: number): void => {
  if (list.length !== count) throw mongeError('InvalidOption', where, `expected ${count}, one for each mean, got ${list.length}`)
}

const factorsOf = ({ covariance, covariances }: GaussianMixtureOptions, count: number, d: number): readonly Factor[] => {
  if (covariances === undefined) {
    const factor = factorise('gaussianMixture: covariance', covariance ?? 1, d)
    return Array.from({ length: count }, () => factor)
  }
  if (covariance !== undefined)
    throw mongeError('InvalidOption', 'gaussianMixture: covariance', 'expected one covariance or several, got both')
  requireCount('gaussianMixture: covariances', covariances, count)
  return covariances.map((each) => factorise('gaussianMixture: covariances', each, d))
}

const concatenated = (rows: readonly Float64Array[]): Float64Array => Float64Array.from(rows.flatMap((row) => [...row]))

const isIsotropic = (factors: readonly Factor[]): boolean =>
  factors.every(({ lower, inverse }) => lower === undefined && inverse.every((entry) => entry === inverse[0]))

interface Components {
  readonly count: number
  /** `[K, d]` */
  readonly means: Float64Array
  readonly factors: readonly Factor[]
  /** The logarithms of what is in front of the exponentials, `[K]`. */
  readonly constants: Float64Array
}

/** Terms that are smaller than the largest by this exponent do not show in a double. */
const negligible = -38

const isotropicField = ({ count, means, factors, constants }: Components): HostField => {
  const precisions = Float64Array.from(factors, ({ inverse }) => inverse[0] ?? 1)
  return (points, d, gradient, value) => {
    const logs = new Float64Array(count)
    for (let start = 0, row = 0; start < points.length; start += d, row++) {
      let most = -Infinity
      for (let k = 0, j = 0; k < count; k++) {
        let square = 0
        for (let axis = 0; axis < d; axis++, j++) {
          const offset = (points[start + axis] as number) - (means[j] as number)
          square += offset * offset
        }
        const log = (constants[k] as number) - 0.5 * (precisions[k] as number) * square
        logs[k] = log
        if (log > most) most = log
      }
      for (let axis = 0; axis < d; axis++) gradient[start + axis] = 0
      let sum = 0
      for (let k = 0; k < count; k++) {
        const depth = (logs[k] as number) - most
        if (depth < negligible) continue
        const share = exponential(depth)
        sum += share
        const pull = share * (precisions[k] as number)
        for (let axis = 0; axis < d; axis++)
          gradient[start + axis] =
            (gradient[start + axis] as number) + pull * ((points[start + axis] as number) - (means[k * d + axis] as number))
      }
      for (let axis = 0; axis < d; axis++) gradient[start + axis] = (gradient[start + axis] as number) / sum
      if (value !== undefined) value[row] = -most - Math.log(sum)
    }
  }
}

/**
 * The same in the plane, particle by particle and without branches: their mispredictions would take longer than the
 * exponentials that they save.
 */
const planarField = ({ count, means, factors, constants }: Components): HostField => {
  // Each component in a row: its mean, minus half its precision, its precision, its constant.
  const rows = Float64Array.from({ length: 5 * count }, (_, index) => {
    const k = Math.floor(index / 5)
    const precision = factors[k]?.inverse[0] ?? 1
    return [means[2 * k] ?? 0, means[2 * k + 1] ?? 0, -0.5 * precision, precision, constants[k] ?? 0][index % 5] ?? 0
  })
  return withMover(mixtureMover(rows), (points, _, gradient, value) => {
    const logs = new Float64Array(count)
    for (let start = 0; start < points.length; start += 2) {
      const x = points[start] as number
      const y = points[start + 1] as number
      let most = -Infinity
      for (let k = 0, j = 0; k < count; k++, j += 5) {
        const right = x - (rows[j] as number)
        const up = y - (rows[j + 1] as number)
        const log = (rows[j + 4] as number) + (rows[j + 2] as number) * (right * right + up * up)
        logs[k] = log
        most = Math.max(most, log)
      }
      let sum = 0
      let pullRight = 0
      let pullUp = 0
      for (let k = 0, j = 0; k < count; k++, j += 5) {
        const share = exponential(Math.max((logs[k] as number) - most, lowestExponent))
        const pull = share * (rows[j + 3] as number)
        sum += share
        pullRight += pull * (x - (rows[j] as number))
        pullUp += pull * (y - (rows[j + 1] as number))
      }
      gradient[start] = pullRight / sum
      gradient[start + 1] = pullUp / sum
      if (value !== undefined) value[start >> 1] = -most - Math.log(sum)
    }
  })
}

const generalField = ({ count, means, factors, constants }: Components): HostField =>
  (points, d, gradient, value) => {
    const logs = new Float64Array(count)
    const slopes = new Float64Array(count * d)
    for (let start = 0, row = 0; start < points.length; start += d, row++) {
      let most = -Infinity
      for (let k = 0; k < count; k++) {
        const { inverse, lower } = factors[k] as Factor
        let square = 0
        for (let axis = 0; axis < d; axis++) {
          const own = (points[start + axis] as number) - (means[k * d + axis] as number)
          let slope = lower === undefined ? (inverse[axis] as number) * own : 0
          if (lower !== undefined)
            for (let other = 0; other < d; other++)
              slope +=
                (inverse[axis * d + other] as number) * ((points[start + other] as number) - (means[k * d + other] as number))
          slopes[k * d + axis] = slope
          square += slope * own
        }
        const log = (constants[k] as number) - 0.5 * square
        logs[k] = log
        if (log > most) most = log
      }
      gradient.fill(0, start, start + d)
      let sum = 0
      for (let k = 0; k < count; k++) {
        const share = exponential(Math.max((logs[k] as number) - most, lowestExponent))
        sum += share
        for (let axis = 0; axis < d; axis++)
          gradient[start + axis] = (gradient[start + axis] as number) + share * (slopes[k * d + axis] as number)
      }
      for (let axis = 0; axis < d; axis++) gradient[start + axis] = (gradient[start + axis] as number) / sum
      if (value !== undefined) value[row] = -most - Math.log(sum)
    }
  }
