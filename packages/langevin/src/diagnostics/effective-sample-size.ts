import { requireBetween } from '@monge/errors'
import { autocovarianceOf } from './autocorrelation.js'
import { pooled, readChains, splitChains } from './chains.js'
import { meanOf, quantileOf, varianceOf } from './moments.js'
import { rankNormalised } from './ranks.js'
import type { Chains } from './chains.js'

/*
 * How many independent draws would estimate as well: `m n / τ`, with τ = 1 + 2 sum_t ρ_t over the lags before noise
 * takes over (Geyer's initial monotone sequence, Practical Markov chain Monte Carlo, 1992), and ρ_t from all chains
 * together (Vehtari et al. 2021, section 3.2). All cut each chain in two first.
 */

/** The autocorrelation at each lag, as all chains together tell it: `1 - (W - mean_j s_j² ρ_tj) / var⁺`. */
const joint = (chains: readonly Float64Array[]): ((lag: number) => number) => {
  const draws = chains[0]?.length ?? 0
  const covariances = chains.map(autocovarianceOf)
  const at = (lag: number): number => meanOf(covariances.map((covariance) => covariance[lag] ?? 0))
  const within = (at(0) * draws) / (draws - 1)
  const all = at(0) + (chains.length > 1 ? varianceOf(chains.map(meanOf)) : 0)
  return (lag) => (lag === 0 ? 1 : 1 - (within - at(lag)) / all)
}

/** Sums of neighbouring autocorrelations, `ρ_0 + ρ_1, ρ_2 + ρ_3, …`, as long as they are positive; then one more ρ. */
const positivePairs = (rho: (lag: number) => number, draws: number): readonly [pairs: number[], rest: number] => {
  const pairs = [rho(0) + rho(1)]
  let even = 1
  for (let lag = 2; lag - 1 < draws - 3 && (pairs.at(-1) ?? 0) > 0; lag += 2) {
    even = rho(lag)
    pairs.push(even + rho(lag + 1))
  }
  // The pair that ends the sequence is not in it, but its first improves the estimate where that is positive.
  const last = pairs.pop() ?? 0
  return [pairs, even > 0 || last >= 0 ? even : 0]
}

const effectiveSampleSize = (chains: readonly Float64Array[]): number => {
  const draws = chains[0]?.length ?? 0
  const total = chains.length * draws
  const all = pooled(chains)
  if (all.every((value) => value === all[0])) return total
  const [pairs, rest] = positivePairs(joint(chains), draws)
  let [sum, ceiling] = [0, Infinity]
  for (const pair of pairs) {
    ceiling = Math.min(ceiling, pair)
    sum += ceiling
  }
  const time = Math.max(-1 + 2 * sum + rest, 1 / Math.log10(total))
  return total / time
}

/**
 * The effective sample size for the mean of the draws themselves.
 *
 * @throws InvalidArgument for fewer than four draws, chains of different lengths, or a draw that is not finite
 */
export const meanEss = (chains: Chains): number => effectiveSampleSize(splitChains(readChains('meanEss', chains)))

/** The bulk's effective sample size: of rank-normalised draws (Vehtari et al. 2021). */
export const bulkEss = (chains: Chains): number =>
  effectiveSampleSize(rankNormalised(splitChains(readChains('bulkEss', chains))))

/** The effective sample size for a quantile: of the indicator of draws not above it. */
export const quantileEss =
  (probability: number) =>
  (chains: Chains): number => {
    requireBetween(0, 1)('quantileEss: probability', probability)
    const read = readChains('quantileEss', chains)
    const quantile = quantileOf(pooled(read).toSorted(), probability)
    return effectiveSampleSize(splitChains(read.map((chain) => chain.map((value) => (value <= quantile ? 1 : 0)))))
  }

/** The tails' effective sample size: the smaller of those for the 5 % and 95 % quantiles (Vehtari et al. 2021). */
export const tailEss = (chains: Chains): number => Math.min(quantileEss(0.05)(chains), quantileEss(0.95)(chains))
