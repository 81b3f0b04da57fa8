import { requireKnownKeys, requirePositive } from '@monge/errors'
import { pooled, readChains } from './chains.js'
import { meanOf, varianceOf } from './moments.js'
import type { Chains } from './chains.js'

/** How well steps kept the energy that exact dynamics would keep. */
export interface EnergyErrorSummary {
  readonly mean: number
  readonly deviation: number
  readonly largest: number
  /** The mean of `min(1, exp(-ΔH))`: how often Metropolis's rule would accept. */
  readonly acceptance: number
  /** The mean of `exp(-ΔH)`: at stationarity it is 1, whatever the step. */
  readonly exponentialMean: number
  /** How many errors are beyond the limit: the integrator has left the energy's level there. */
  readonly divergent: number
}

/**
 * What the energy errors `ΔH = H(proposed) - H(current)` of steps come to, `[chains][steps]`. For `ULA` and `MALA` ΔH is
 * minus the logarithm of Metropolis's ratio.
 *
 * @param options `limit`: errors above it count as divergent, 1000 by default, as in Stan
 * @throws InvalidArgument, InvalidOption
 */
export const energyErrorSummary =
  (options: { readonly limit?: number } = {}) =>
  (errors: Chains): EnergyErrorSummary => {
    requireKnownKeys(['limit'])('energyErrorSummary', options)
    const limit = requirePositive('energyErrorSummary: limit', options.limit ?? 1000)
    const all = pooled(readChains('energyErrorSummary', errors, 1))
    return {
      mean: meanOf(all),
      deviation: all.length > 1 ? Math.sqrt(varianceOf(all)) : 0,
      largest: all.reduce((most, error) => Math.max(most, Math.abs(error)), 0),
      acceptance: meanOf(all.map((error) => Math.min(1, Math.exp(-error)))),
      exponentialMean: meanOf(all.map((error) => Math.exp(-error))),
      divergent: all.filter((error) => error > limit).length,
    }
  }
