import { requireBetween } from '@monge/errors'
import { pooled, readChains } from './chains.js'
import { meanOf } from './moments.js'
import type { Chains } from './chains.js'

/** How often proposals were accepted. */
export interface AcceptanceSummary {
  /** Over all chains. */
  readonly mean: number
  /** Of each chain. */
  readonly chains: readonly number[]
  /** The longest run of steps of one chain that were not accepted (probability below one half): where it was stuck. */
  readonly longestStay: number
}

const longestStayOf = (chain: Float64Array): number => {
  let [longest, stay] = [0, 0]
  for (const accepted of chain) {
    stay = accepted < 0.5 ? stay + 1 : 0
    longest = Math.max(longest, stay)
  }
  return longest
}

/**
 * What chains' acceptances come to: ones and zeros, or probabilities, `[chains][steps]`.
 *
 * @throws InvalidArgument for no chains or steps, or chains of different lengths; InvalidOption for what is no
 *   probability
 */
export const acceptanceSummary = (accepted: Chains): AcceptanceSummary => {
  const read = readChains('acceptanceSummary', accepted, 1)
  for (const value of pooled(read)) requireBetween(0, 1)('acceptanceSummary', value)
  return { mean: meanOf(pooled(read)), chains: read.map(meanOf), longestStay: Math.max(...read.map(longestStayOf)) }
}
