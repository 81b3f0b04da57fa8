import { mongeError, requireFinite, requireKnownKeys } from '@monge/errors'
import type { Place } from '@monge/backend'
import type { Either } from 'fp-ts/lib/Either.js'
import { build } from './build.js'
import { shares } from './from-density.js'
import { refuse } from './measure-error.js'
import type { MeasureError } from './measure-error.js'
import type { Measure } from './measure.js'

/** Counts in bins that lie side by side on a line. */
export interface Histogram {
  /** `[n]` */
  readonly counts: ArrayLike<number>
  /** `[n + 1]`, ascending: bin `i` is from `edges[i]` to `edges[i + 1]`. Instead of `low` and `high`. */
  readonly edges?: ArrayLike<number>
  /** Where the first of `n` equal bins starts; 0 by default. */
  readonly low?: number
  /** Where the last of `n` equal bins ends; 1 by default. */
  readonly high?: number
  /** Whether the weights are divided by their sum; true by default. */
  readonly normalise?: boolean
}

/**
 * The measure on a line with the weight of each bin at the bin's centre, empty bins included.
 *
 * @returns the measure `[n, 1]`, of mass 1 unless `normalise` is false, or what is wrong with the data
 * @throws InvalidOption if an option is unknown, both edges and bounds are given, or `low` is not below `high`
 */
export const fromHistogram = (histogram: Histogram, place?: Place): Either<MeasureError, Measure> => {
  requireKnownKeys(['counts', 'edges', 'low', 'high', 'normalise'])('fromHistogram', histogram)
  const counts = Array.from(histogram.counts)
  const n = counts.length
  const edges = edgesOf(histogram, n)
  if (edges.length !== n + 1) return refuse({ tag: 'WrongLength', where: 'edges', length: edges.length, expected: n + 1 })
  const unordered = edges.findIndex((edge, index) => index > 0 && !(edge > (edges[index - 1] ?? NaN)))
  if (unordered > 0) return refuse({ tag: 'UnorderedEdges', index: unordered })
  const points = counts.map((_, index) => ((edges[index] ?? NaN) + (edges[index + 1] ?? NaN)) / 2)
  return build({ points, weights: histogram.normalise === false ? counts : shares(counts), n, d: 1 }, place)
}

const edgesOf = (histogram: Histogram, n: number): readonly number[] => {
  if (histogram.edges !== undefined) {
    if (histogram.low !== undefined || histogram.high !== undefined)
      throw mongeError('InvalidOption', 'fromHistogram: edges', 'expected either edges or low and high, got both')
    return Array.from(histogram.edges)
  }
  const low = requireFinite('fromHistogram: low', histogram.low ?? 0)
  const high = requireFinite('fromHistogram: high', histogram.high ?? 1)
  if (!(low < high))
    throw mongeError('InvalidOption', 'fromHistogram: low', `expected less than high, ${high}, got ${low}`)
  return Array.from({ length: n + 1 }, (_, index) => low + ((high - low) * index) / n)
}
