import { uniform, split } from '@monge/random'
import type { Key } from '@monge/random'
import { dimensionOf, keyOf, moveTo, pointsOf, startWith } from '../chain.js'
import { diverged, requireFiniteChains } from '../diverged.js'
import { fieldAt } from '../field.js'
import type { FieldValues } from '../field.js'
import { roundedAt } from '../place.js'
import type { Potential } from '../potential.js'
import type { ChainState, Sampler } from '../sampler.js'

/** Particles with what their potential says of them, on the host. */
export interface Position extends FieldValues {
  /** `[n, d]`, row-major */
  readonly points: Float64Array
  readonly dimension: number
}

/** A way to propose where to go next. */
export interface Proposal {
  readonly name: string
  /** A place for each particle, drawn by the key: `[n, d]`, row-major. */
  propose(key: Key, from: Position): Float64Array
  /**
   * The logarithm of the density of proposing `to` from `from`, up to a constant, for each particle: `[n]`. Left out of
   * a symmetric proposal, which is as likely to go there as back.
   */
  readonly logDensity?: (from: Position, to: Position) => Float64Array
}

/** Where Metropolis chains stand, with the potential and its gradient there. */
export interface MetropolisState extends ChainState {
  /** `[n]` */
  readonly value: Float64Array
  /** `[n, d]` */
  readonly gradient: Float64Array
}

/** What is worth knowing of a Metropolis step. */
export interface MetropolisInfo {
  /** The probability of acceptance of each particle's proposal, `[n]`. */
  readonly probability: Float64Array
  /** The mean of those. */
  readonly acceptance: number
  /** 1 where the proposal was accepted, else 0: `[n]`. */
  readonly accepted: Uint8Array
}

/**
 * The logarithm of the ratio that decides, `[n]`: `V(x) - V(y) + log q(x | y) - log q(y | x)`, antisymmetric in x
 * (`from`) and y (`to`) to the last bit. Minus infinity where the potential at `to` is infinite.
 */
export const metropolisRatio =
  (proposal: Proposal) =>
  (from: Position, to: Position): Float64Array => {
    const there = proposal.logDensity?.(from, to)
    const back = proposal.logDensity?.(to, from)
    return from.value.map((value, chain) => {
      const fall = value - (to.value[chain] as number)
      return fall + ((back?.[chain] ?? 0) - (there?.[chain] ?? 0))
    })
  }

/**
 * The Metropolis-Hastings chain of a proposal: it goes where the proposal says with probability `min(1, exp(ratio))`,
 * and else stays, bit for bit. It samples the target itself, whatever the proposal. Where the potential is `+Infinity`
 * the density is 0, and what is proposed there is refused; so is what is out of the range of numbers.
 *
 * @throws Diverged where the potential or its gradient is no finite number at the start; where at a proposal the
 *   potential is NaN or `-Infinity`, or else its gradient is NaN
 * @see Hastings, Monte Carlo sampling methods using Markov chains and their applications (1970)
 */
export const metropolize =
  (proposal: Proposal) =>
  (potential: Potential): Sampler<MetropolisState, MetropolisInfo> => ({
    init: (key, start) =>
      startWith(proposal.name, potential, key, start, (chain) => {
        const field = fieldAt(potential, pointsOf(chain), dimensionOf(chain))
        requireFiniteChains(proposal.name, field.value, 1, 0, 'the potential')
        requireFiniteChains(proposal.name, field.gradient, dimensionOf(chain), 0, 'the gradient')
        return field
      }),
    step: (state) => metropolisStep(proposal, potential, state),
  })

const metropolisStep = (
  proposal: Proposal,
  potential: Potential,
  state: MetropolisState,
): { readonly state: MetropolisState; readonly info: MetropolisInfo } => {
  const stepKey = keyOf(state)
  const [ofProposal = stepKey, ofChoice = stepKey] = split(2)(stepKey)
  const dimension = dimensionOf(state)
  const from: Position = { points: pointsOf(state), value: state.value, gradient: state.gradient, dimension }
  const points = roundedAt(potential.place, proposal.propose(ofProposal, from))
  const to: Position = { points, ...fieldAt(potential, points, dimension), dimension }
  requireDensity(proposal.name, to, state.iteration + 1)
  const ratio = metropolisRatio(proposal)(from, to)
  const chance = uniform({}, ratio.length)(ofChoice)
  const probability = ratio.map((exponent) => (exponent >= 0 ? 1 : exponent < 0 ? Math.exp(exponent) : 0))
  const accepted = Uint8Array.from(probability, (share, chain) => ((chance[chain] as number) < share ? 1 : 0))
  const acceptance = probability.reduce((sum, share) => sum + share, 0) / Math.max(probability.length, 1)
  const info = { probability, acceptance, accepted }
  if (!accepted.includes(1)) return { state: { ...state, iteration: state.iteration + 1 }, info }
  accepted.forEach((yes, chain) => {
    if (yes === 1) return
    const [start, end] = [chain * dimension, (chain + 1) * dimension]
    to.points.set(from.points.subarray(start, end), start)
    to.gradient.set(from.gradient.subarray(start, end), start)
    to.value[chain] = from.value[chain] as number
  })
  return {
    state: { ...moveTo(proposal.name, potential, state, points), value: to.value, gradient: to.gradient },
    info,
  }
}

/** Checks what the potential says of proposals, of which those out of the range of numbers become ones of density 0. */
const requireDensity = (where: string, { points, value, gradient, dimension }: Position, iteration: number): void => {
  for (let chain = 0, i = 0; chain < value.length; chain++) {
    let [sloping, straying] = [true, false]
    for (let axis = 0; axis < dimension; axis++, i++) {
      if (Number.isNaN(gradient[i])) sloping = false
      if (!Number.isFinite(points[i])) straying = true
    }
    if (straying) value[chain] = Infinity
    const height = value[chain] as number
    if (height === Infinity) continue
    if (!(height > -Infinity)) throw diverged(where, chain, iteration, `the potential is ${height}`)
    if (!sloping) throw diverged(where, chain, iteration, 'the gradient is NaN')
  }
}
