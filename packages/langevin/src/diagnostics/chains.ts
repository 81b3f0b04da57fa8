import { mongeError, requireInteger } from '@monge/errors'
import type { Draws } from '../draws.js'

/** One quantity along several chains: `[chains][draws]`, all chains of one length. */
export type Chains = readonly ArrayLike<number>[]

/** The chains of one coordinate of the points that were drawn. */
export const chainsOf =
  (coordinate: number) =>
  ({ values, draws, chains, dimension }: Draws): Chains => {
    requireInteger(0)('chainsOf: coordinate', coordinate)
    if (coordinate >= dimension)
      throw mongeError('InvalidArgument', 'chainsOf: coordinate', `there is no ${coordinate} of ${dimension}`)
    return Array.from({ length: chains }, (_, chain) =>
      Float64Array.from({ length: draws }, (__, draw) => values[(draw * chains + chain) * dimension + coordinate] ?? 0),
    )
  }

/** Copies of the chains, checked: at least `least` draws of each, all finite, all chains as long as the first. */
export const readChains = (where: string, chains: Chains, least = 4): readonly Float64Array[] => {
  if (chains.length === 0) throw mongeError('InvalidArgument', where, 'has no chains')
  const draws = chains[0]?.length ?? 0
  if (draws < least) throw mongeError('InvalidArgument', where, `expected at least ${least} draws, got ${draws}`)
  return chains.map((chain, index) => {
    if (chain.length !== draws)
      throw mongeError('InvalidArgument', where, `chain ${index} has ${chain.length} draws, chain 0 has ${draws}`)
    const copy = Float64Array.from(chain)
    const bad = copy.findIndex((value) => !Number.isFinite(value))
    if (bad >= 0) throw mongeError('InvalidArgument', where, `draw ${bad} of chain ${index} is ${copy[bad]}`)
    return copy
  })
}

/** Each chain's first and second half, as chains of their own; of an odd length the middle draw is left out. */
export const splitChains = (chains: readonly Float64Array[]): readonly Float64Array[] => {
  const half = Math.floor((chains[0]?.length ?? 0) / 2)
  return [...chains.map((chain) => chain.subarray(0, half)), ...chains.map((chain) => chain.subarray(chain.length - half))]
}

/** All draws of all chains. */
export const pooled = (chains: readonly Float64Array[]): Float64Array => {
  const length = chains[0]?.length ?? 0
  const all = new Float64Array(chains.length * length)
  chains.forEach((chain, index) => all.set(chain, index * length))
  return all
}
