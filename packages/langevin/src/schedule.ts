import { requireBetween, requireInteger, requireKnownKeys, requireNonNegative, requirePositive } from '@monge/errors'

/** A length of step for each iteration, counted from 0. */
export type Schedule = (iteration: number) => number

/** The schedule that a number or a schedule stands for. */
export const scheduleOf = (where: string, step: number | Schedule): Schedule => {
  if (typeof step !== 'function') {
    requirePositive(where, step)
    return () => step
  }
  return (iteration) => requirePositive(where, step(iteration))
}

/** Steps that become shorter by a power. */
export interface PolynomialDecay {
  /** The first step. */
  readonly first: number
  /** After how many iterations the decay sets in; 1 by default. */
  readonly delay?: number
  /** In (1/2, 1] averages converge; 0.55 by default. */
  readonly power?: number
}

/**
 * `first (1 + t / delay)^-power`
 *
 * @throws InvalidOption
 * @see Welling, Teh, Bayesian learning via stochastic gradient Langevin dynamics (2011)
 */
export const polynomialDecay = (options: PolynomialDecay): Schedule => {
  requireKnownKeys(['first', 'delay', 'power'])('polynomialDecay', options)
  const first = requirePositive('polynomialDecay: first', options.first)
  const delay = requirePositive('polynomialDecay: delay', options.delay ?? 1)
  const power = requireNonNegative('polynomialDecay: power', options.power ?? 0.55)
  return (iteration) => first * (1 + iteration / delay) ** -power
}

/** Steps that fall and start anew. */
export interface CosineCycle {
  /** The step at the start of each cycle. */
  readonly first: number
  /** The number of iterations in a cycle. */
  readonly period: number
  /** The step at the end of each cycle as a share of the first; 0.01 by default. */
  readonly floor?: number
}

/**
 * Steps that fall along half a cosine and start anew: long ones find modes, short ones sample them.
 *
 * @throws InvalidOption
 * @see Zhang, Li, Zhang, Chen, Wilson, Cyclical stochastic gradient MCMC (2020)
 */
export const cosineCycle = (options: CosineCycle): Schedule => {
  requireKnownKeys(['first', 'period', 'floor'])('cosineCycle', options)
  const first = requirePositive('cosineCycle: first', options.first)
  const period = requireInteger(1)('cosineCycle: period', options.period)
  const floor = requireBetween(1e-12, 1)('cosineCycle: floor', options.floor ?? 0.01)
  return (iteration) =>
    first * (floor + (1 - floor) * 0.5 * (1 + Math.cos((Math.PI * (iteration % period)) / period)))
}
