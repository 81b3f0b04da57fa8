import { lowerTailQuantile } from '@monge/random'
import { pooled } from './chains.js'
import { quantileOf } from './moments.js'

const standardNormalQuantile = (probability: number): number =>
  probability <= 0.5 ? lowerTailQuantile(probability) : -lowerTailQuantile(1 - probability)

/** Ranks from 1 among all numbers; equal ones share the mean of their ranks. */
const ranksOf = (values: Float64Array): Float64Array => {
  const order = Uint32Array.from(values.keys()).toSorted((i, j) => (values[i] ?? 0) - (values[j] ?? 0))
  const ranks = new Float64Array(values.length)
  for (let first = 0; first < order.length; ) {
    let next = first + 1
    while (next < order.length && values[order[next] ?? 0] === values[order[first] ?? 0]) next++
    for (let place = first; place < next; place++) ranks[order[place] ?? 0] = (first + next + 1) / 2
    first = next
  }
  return ranks
}

/** Draws replaced by normal quantiles of their ranks among all chains, `Φ⁻¹((r - 3/8) / (S + 1/4))`. */
export const rankNormalised = (chains: readonly Float64Array[]): readonly Float64Array[] => {
  const length = chains[0]?.length ?? 0
  const ranks = ranksOf(pooled(chains))
  const scores = ranks.map((rank) => standardNormalQuantile((rank - 0.375) / (ranks.length + 0.25)))
  return chains.map((_, index) => scores.subarray(index * length, (index + 1) * length))
}

/** Distances to the median of all chains. */
export const folded = (chains: readonly Float64Array[]): readonly Float64Array[] => {
  const median = quantileOf(pooled(chains).toSorted(), 0.5)
  return chains.map((chain) => chain.map((value) => Math.abs(value - median)))
}
