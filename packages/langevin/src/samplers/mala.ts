import { requireKnownKeys, requirePositive } from '@monge/errors'
import { normal } from '@monge/random'
import type { Potential } from '../potential.js'
import type { Sampler } from '../sampler.js'
import { colour, multiplyRows, squaredLengths } from '../symmetric.js'
import type { Symmetric } from '../symmetric.js'
import { metropolize } from './metropolis.js'
import type { MetropolisInfo, MetropolisState, Position, Proposal } from './metropolis.js'
import { preconditionerOf } from './ula.js'

/** Choices of Metropolis samplers that take steps. */
export interface ProposalOptions {
  /** The time step η. */
  readonly step: number
  /** M, a variance for each axis or a covariance like the target's. */
  readonly preconditioner?: Symmetric
}

/**
 * A step of the unadjusted Langevin algorithm as a proposal: `y ~ N(x - η M ∇V(x), 2ηM)`.
 *
 * @throws InvalidOption
 */
export const langevinProposal = (options: ProposalOptions, name = 'langevinProposal'): Proposal => {
  requireKnownKeys(['step', 'preconditioner'])(name, options)
  const step = requirePositive(`${name}: step`, options.step)
  const factorOf = preconditionerOf(`${name}: preconditioner`, options.preconditioner)
  const scale = Math.sqrt(2 * step)
  const mean = ({ points, gradient, dimension }: Position): Float64Array => {
    const factor = factorOf?.(dimension)
    const slopes = factor === undefined ? gradient : multiplyRows(factor, gradient)
    const result = new Float64Array(points.length)
    for (let i = 0; i < result.length; i++) result[i] = (points[i] as number) - step * (slopes[i] as number)
    return result
  }
  return {
    name,
    propose: (key, from) => {
      const white = normal(from.points.length)(key)
      const factor = factorOf?.(from.dimension)
      const noise = factor === undefined ? white : colour(factor, white)
      const proposed = mean(from)
      for (let i = 0; i < proposed.length; i++) proposed[i] = (proposed[i] as number) + scale * (noise[i] as number)
      return proposed
    },
    logDensity: (from, to) => {
      const offsets = mean(from)
      for (let i = 0; i < offsets.length; i++) offsets[i] = (to.points[i] as number) - (offsets[i] as number)
      const factor = factorOf?.(from.dimension)
      const lengths = factor === undefined ? squares(offsets, from.dimension) : squaredLengths(factor, offsets)
      return lengths.map((length) => -length / (4 * step))
    },
  }
}

/**
 * A random walk as a proposal: `y ~ N(x, 2ηM)`.
 *
 * @throws InvalidOption
 */
export const randomWalkProposal = (options: ProposalOptions, name = 'randomWalkProposal'): Proposal => {
  requireKnownKeys(['step', 'preconditioner'])(name, options)
  const scale = Math.sqrt(2 * requirePositive(`${name}: step`, options.step))
  const factorOf = preconditionerOf(`${name}: preconditioner`, options.preconditioner)
  return {
    name,
    propose: (key, { points, dimension }) => {
      const white = normal(points.length)(key)
      const factor = factorOf?.(dimension)
      const noise = factor === undefined ? white : colour(factor, white)
      return noise.map((value, i) => (points[i] as number) + scale * value)
    },
  }
}

/**
 * The Metropolis-adjusted Langevin algorithm: it samples the target without the error of `ula`.
 *
 * @throws InvalidOption; Diverged as `metropolize` says; DimensionMismatch
 * @see Roberts, Tweedie (1996); Roberts, Rosenthal, Optimal scaling of discrete approximations to Langevin diffusions
 *   (1998): in many dimensions it is best where .574 of the proposals are accepted
 */
export const mala = (potential: Potential, options: ProposalOptions): Sampler<MetropolisState, MetropolisInfo> =>
  metropolize(langevinProposal(options, 'mala'))(potential)

/**
 * The random-walk Metropolis algorithm: of the potential it needs the value alone.
 *
 * @throws InvalidOption; Diverged as `metropolize` says; DimensionMismatch
 */
export const randomWalk = (potential: Potential, options: ProposalOptions): Sampler<MetropolisState, MetropolisInfo> =>
  metropolize(randomWalkProposal(options, 'randomWalk'))(potential)

const squares = (rows: Float64Array, dimension: number): Float64Array => {
  const lengths = new Float64Array(rows.length / dimension)
  for (let row = 0, i = 0; row < lengths.length; row++) {
    let sum = 0
    for (let axis = 0; axis < dimension; axis++, i++) sum += (rows[i] as number) ** 2
    lengths[row] = sum
  }
  return lengths
}
