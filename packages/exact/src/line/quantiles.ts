import { requireFinite, requireKnownKeys } from '@monge/errors'
import { readNumbers, readWeights } from '../input.js'
import { sortOrder } from './sorted.js'

/** A law on the line. */
export interface Law {
  /** `F⁻¹(t)` for t in (0, 1), non-decreasing. */
  readonly quantile: (t: number) => number
  /** `F(x)`, where it is known. */
  readonly distribution?: (x: number) => number
  /** The t in (0, 1) at which `F⁻¹` jumps, in ascending order, where they are known: integrals are then exact there. */
  readonly jumps?: ArrayLike<number>
}

/** A law whose distribution function is known. */
export interface FullLaw extends Law {
  readonly distribution: (x: number) => number
}

const checkKeys = requireKnownKeys(['x', 'a'])

/**
 * The law of weighted points on a line, normalised: `F(x)` is the share of the mass at most x, `F⁻¹(t)` the first point
 * at which that reaches t.
 *
 * @throws `InvalidArgument`, `InvalidMeasure`, `DimensionMismatch`
 */
export const empiricalLaw = (sample: { readonly x: ArrayLike<number>; readonly a?: ArrayLike<number> }): FullLaw => {
  checkKeys('empiricalLaw', sample)
  const x = readNumbers('empiricalLaw: x', sample.x)
  const a = readWeights('empiricalLaw: a', sample.a, x.length)
  const order = sortOrder(x).filter((i) => a[i] > 0)
  const points = Float64Array.from(order, (i) => x[i])
  const upTo = new Float64Array(points.length)
  order.reduce((sum, i, k) => (upTo[k] = sum + a[i]), 0)
  const total = upTo[upTo.length - 1]
  return {
    quantile: (t) => points[Math.min(firstAtLeast(upTo, t * total), points.length - 1)],
    jumps: upTo.slice(0, -1).map((mass) => mass / total),
    distribution: (location) => {
      const count = firstAbove(points, location)
      return count === 0 ? 0 : upTo[count - 1] / total
    },
  }
}

/** The first index whose value is at least `bound`, in sorted values. */
export const firstAtLeast = (values: Float64Array, bound: number): number => search(values, (value) => value >= bound)

/** The first index whose value is above `bound`, in sorted values. */
export const firstAbove = (values: Float64Array, bound: number): number => search(values, (value) => value > bound)

const search = (values: Float64Array, isPast: (value: number) => boolean): number => {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isPast(values[middle])) high = middle
    else low = middle + 1
  }
  return low
}

/** The uniform law on `[low, high]`. */
export const uniformLaw = (low: number, high: number): FullLaw => {
  requireFinite('uniformLaw: low', low)
  requireFinite('uniformLaw: high', high)
  return {
    quantile: (t) => low + t * (high - low),
    distribution: (x) => (x <= low ? 0 : x >= high ? 1 : (x - low) / (high - low)),
  }
}
