import { tensorFrom } from '@monge/backend'
import { requireFinite, requireInteger, requireKnownKeys } from '@monge/errors'
import { normal, uniform } from '@monge/random'
import type { Interval } from '@monge/random'
import type { Noise } from './generator.js'

/** Standard normal noise, `[count, dimension]`. */
export const normalNoise = (dimension: number): Noise => {
  requireInteger(1)('normalNoise: dimension', dimension)
  return (key, count) => tensorFrom(normal(count * dimension)(key), [count, dimension])
}

/** Noise spread evenly over `[low, high)^dimension`, by default the unit cube. */
export const uniformNoise = (dimension: number, interval: Interval = {}): Noise => {
  requireInteger(1)('uniformNoise: dimension', dimension)
  requireKnownKeys(['low', 'high'])('uniformNoise', interval)
  requireFinite('uniformNoise: low', interval.low ?? 0)
  return (key, count) => tensorFrom(uniform(interval, count * dimension)(key), [count, dimension])
}
