import { requireBetween, requireInteger, requireKnownKeys } from '@monge/errors'
import { toNumber } from '@monge/losses'
import { mass } from '@monge/measures'
import { categorical, fold, split } from '@monge/random'
import { tensorFrom } from '@monge/backend'
import type { Loss } from '@monge/losses'
import type { Measure } from '@monge/measures'
import type { Key } from '@monge/random'
import type { Tensor1D } from '@tensorflow/tfjs-core'

/** How to resample. */
export interface BootstrapOptions {
  readonly key: Key
  /** How many times both measures are resampled. Default 100. */
  readonly resamples?: number
  /** The interval's nominal coverage, in (0, 1). Default 0.95. */
  readonly level?: number
}

/** A loss between two samples, and how far that may be from the loss between their laws. */
export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
  /** The standard deviation over the resamples. */
  readonly standardError: number
}

/**
 * The basic bootstrap interval of any loss between two samples: points are redrawn with replacement in proportion to
 * their weights, in each measure as many as it has; the interval is `[2 L - q_high, 2 L - q_low]` for the quantiles `q`
 * of the loss between resamples, which undoes most of the bias that few points bring (the percentile interval would
 * double it). As with every such interval, where the laws agree a divergence is at the edge of its values and the level
 * is nominal only: test equality with `kernelTest`.
 *
 * @throws InvalidOption; on evaluation what the loss throws
 * @see Davison and Hinkley, Bootstrap methods and their application, 1997, section 5.2
 */
export const bootstrapInterval = (options: BootstrapOptions): ((loss: Loss) => (mu: Measure, nu: Measure) => Interval) => {
  requireKnownKeys(['key', 'resamples', 'level'])('bootstrapInterval', options)
  const resamples = requireInteger(2)('bootstrapInterval: resamples', options.resamples ?? 100)
  const level = requireBetween(0, 1)('bootstrapInterval: level', options.level ?? 0.95)
  return (loss) => (mu, nu) => {
    const value = toNumber(loss)(mu, nu)
    const draws = Array.from({ length: resamples }, (_, draw) => {
      const [ofMu = options.key, ofNu = options.key] = split(2)(fold(draw)(options.key))
      return within(loss, () => {
        const [from, to] = [resampled(mu, ofMu), resampled(nu, ofNu)]
        try {
          return toNumber(loss)(from, to)
        } finally {
          from.weights.dispose()
          to.weights.dispose()
        }
      })
    }).toSorted((one, other) => one - other)
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / resamples
    return {
      value,
      low: 2 * value - quantile(draws, (1 + level) / 2),
      high: 2 * value - quantile(draws, (1 - level) / 2),
      standardError: Math.sqrt(draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / (resamples - 1)),
    }
  }
}

const within = <A>({ place }: Loss, body: () => A): A => (place === undefined ? body() : place.within(body))

/** The same points, weighted by how often each was drawn. */
const resampled = (measure: Measure, key: Key): Measure => {
  const count = measure.weights.shape[0]
  const share = mass(measure) / count
  const weights = new Float64Array(count)
  for (const index of categorical(measure.weights.dataSync(), count)(key)) weights[index] = (weights[index] ?? 0) + share
  return { weights: tensorFrom<Tensor1D>(weights, [count]), points: measure.points }
}

/** Between order statistics, linearly. */
const quantile = (ascending: readonly number[], part: number): number => {
  const place = part * (ascending.length - 1)
  const [low = Number.NaN, high = low] = [ascending[Math.floor(place)], ascending[Math.ceil(place)]]
  return low + (high - low) * (place - Math.floor(place))
}
