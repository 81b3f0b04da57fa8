import type { Place } from '@monge/backend'
import { draw, mala } from '@monge/langevin'
import type { Potential } from '@monge/langevin'
import { disposeMeasure, fromTypedArray, measureOrThrow } from '@monge/measures'
import { fold, key, uniform } from '@monge/random'
import { means, shares, variance } from './targets.js'

/** A mode's share in a long run. */
export interface Share {
  readonly mode: number
  readonly expected: number
  readonly found: number
  readonly standardError: number
  /** How far they are apart, in standard errors. */
  readonly apart: number
}

const [draws, thin, burnIn] = [100, 3, 100]

/**
 * The share of each mode in a run of MALA: the mean of the probability, given a point, that it is of that mode; on the
 * target that is the mode's weight. Chains are independent, so the spread of their means gives the standard error.
 */
export const sharesOf = (place: Place, potential: Potential, samples: number, seed: number): readonly Share[] => {
  const chains = Math.ceil(samples / draws)
  const from = uniform({ low: -4, high: 4 }, 2 * chains)(fold(20)(key(seed)))
  const start = measureOrThrow(fromTypedArray(from, 2, undefined, place))
  const options = { steps: burnIn + thin * draws, burnIn, thin }
  const { values } = draw(mala(potential, { step: 0.7 }), fold(21)(key(seed)), start, options)
  disposeMeasure(start)
  const sums = shares.map(() => new Float64Array(chains))
  for (let i = 0; i < draws * chains; i++) {
    const heights = means.map(
      ([x = 0, y = 0], k) =>
        (shares[k] ?? 0) *
        Math.exp(-(((values[2 * i] ?? 0) - x) ** 2 + ((values[2 * i + 1] ?? 0) - y) ** 2) / (2 * variance)),
    )
    const total = heights.reduce((sum, height) => sum + height, 0)
    sums.forEach((sum, k) => {
      sum[i % chains] = (sum[i % chains] ?? 0) + (heights[k] ?? 0) / total / draws
    })
  }
  return sums.map((sum, mode) => {
    const found = sum.reduce((partial, share) => partial + share, 0) / chains
    const spread = sum.reduce((partial, share) => partial + (share - found) ** 2, 0) / (chains - 1)
    const standardError = Math.sqrt(spread / chains)
    const expected = shares[mode] ?? 0
    return { mode, expected, found, standardError, apart: Math.abs(found - expected) / standardError }
  })
}
