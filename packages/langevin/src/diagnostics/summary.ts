import { requireBetween, requireKnownKeys } from '@monge/errors'
import { chainsOf, pooled, readChains } from './chains.js'
import { bulkEss, tailEss } from './effective-sample-size.js'
import { meanOf, quantileOf, varianceOf } from './moments.js'
import { rHat } from './r-hat.js'
import { standardError } from './standard-error.js'
import type { Draws } from '../draws.js'

/** What the draws of one coordinate say of it, and how far that can be trusted. */
export interface CoordinateSummary {
  readonly mean: number
  readonly deviation: number
  readonly median: number
  /** The interval between quantiles that holds `probability` of the draws, as much beyond it on either side. */
  readonly interval: readonly [low: number, high: number]
  readonly standardError: number
  readonly bulkEss: number
  readonly tailEss: number
  readonly rHat: number
}

/**
 * A summary of each coordinate of the draws.
 *
 * @param options `probability` of the interval, 0.9 by default
 * @throws InvalidOption; InvalidArgument for fewer than four draws of each chain, or one that is not finite
 */
export const summary =
  (options: { readonly probability?: number } = {}) =>
  (draws: Draws): readonly CoordinateSummary[] => {
    requireKnownKeys(['probability'])('summary', options)
    const probability = requireBetween(0, 1)('summary: probability', options.probability ?? 0.9)
    return Array.from({ length: draws.dimension }, (_, coordinate) => {
      const chains = readChains('summary', chainsOf(coordinate)(draws))
      const sorted = pooled(chains).toSorted()
      return {
        mean: meanOf(sorted),
        deviation: Math.sqrt(varianceOf(sorted)),
        median: quantileOf(sorted, 0.5),
        interval: [quantileOf(sorted, (1 - probability) / 2), quantileOf(sorted, (1 + probability) / 2)],
        standardError: standardError(chains),
        bulkEss: bulkEss(chains),
        tailEss: tailEss(chains),
        rHat: rHat(chains),
      }
    })
  }
