import { readChains, splitChains } from './chains.js'
import { meanOf, varianceOf } from './moments.js'
import { folded, rankNormalised } from './ranks.js'
import type { Chains } from './chains.js'

/*
 * Potential scale reduction: how much wider all chains together are than each alone. Of chains that have forgotten
 * where they began it is close to 1; Vehtari, Gelman, Simpson, Carpenter and Bürkner, 'Rank-normalization, folding, and
 * localization: an improved R-hat', Bayesian Analysis 16 (2021), advise to go on above 1.01.
 */

const reduction = (chains: readonly Float64Array[]): number => {
  const draws = chains[0]?.length ?? 0
  const between = draws * varianceOf(chains.map(meanOf))
  const within = meanOf(chains.map(varianceOf))
  // Chains that stand still agree if they stand at one place.
  if (within === 0) return between === 0 ? 1 : Infinity
  return Math.sqrt((between / within + draws - 1) / draws)
}

/**
 * Split R-hat: each chain cut in two, `sqrt((B/W + n - 1) / n)` of the variances between and within (Gelman et al.,
 * Bayesian Data Analysis, third edition).
 *
 * @throws InvalidArgument for fewer than four draws, chains of different lengths, or a draw that is not finite
 */
export const splitRHat = (chains: Chains): number => reduction(splitChains(readChains('splitRHat', chains)))

/** Split R-hat of rank-normalised draws, which exists whatever the tails (Vehtari et al. 2021, section 4.1). */
export const rankRHat = (chains: Chains): number => reduction(rankNormalised(splitChains(readChains('rankRHat', chains))))

/** The same of distances to the median: it sees chains of different widths about one centre. */
export const foldedRHat = (chains: Chains): number =>
  reduction(rankNormalised(folded(splitChains(readChains('foldedRHat', chains)))))

/** R-hat as Vehtari et al. (2021) advise it: the larger of the rank-normalised and the folded one. */
export const rHat = (chains: Chains): number => Math.max(rankRHat(chains), foldedRHat(chains))
