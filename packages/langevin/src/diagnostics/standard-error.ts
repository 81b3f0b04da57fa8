import { pooled, readChains } from './chains.js'
import { meanEss } from './effective-sample-size.js'
import { meanOf, varianceOf } from './moments.js'
import type { Chains } from './chains.js'

/**
 * The Monte Carlo standard error of the mean, `sd / sqrt(ESS)`.
 *
 * @throws InvalidArgument for fewer than four draws, chains of different lengths, or a draw that is not finite
 */
export const standardError = (chains: Chains): number =>
  Math.sqrt(varianceOf(pooled(readChains('standardError', chains))) / meanEss(chains))

/**
 * The Monte Carlo standard error of the standard deviation, by the delta method from the squares about the mean
 * (Kenney and Keeping, Mathematics of Statistics II, 1951), as ArviZ has it.
 */
export const deviationStandardError = (chains: Chains): number => {
  const read = readChains('deviationStandardError', chains)
  const mean = meanOf(pooled(read))
  const squares = read.map((chain) => chain.map((value) => (value - mean) ** 2))
  const all = pooled(squares)
  const variance = meanOf(all)
  if (variance === 0) return 0
  return Math.sqrt((meanOf(all.map((square) => square * square)) - variance ** 2) / meanEss(squares) / variance / 4)
}
