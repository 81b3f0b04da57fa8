import type { Key } from '@monge/random'
import { mongeError, requireInteger, requireKnownKeys, requireNonNegative } from '@monge/errors'
import { choice, normal, split } from '@monge/random'
import { dimensionOf, keyOf, moveTo, pointsOf, startOf } from '../chain.js'
import { bringBack } from '../constraint.js'
import type { Constraint } from '../constraint.js'
import { requireDimension } from '../dimension.js'
import { gradientAt } from '../field.js'
import type { ChainState, Sampler } from '../sampler.js'
import { scheduleOf } from '../schedule.js'
import type { Schedule } from '../schedule.js'
import type { StochasticPotential } from '../stochastic.js'
import { colour, multiplyRows } from '../symmetric.js'
import type { Symmetric } from '../symmetric.js'
import { preconditionerOf } from './ula.js'
import type { LangevinInfo } from './ula.js'

/** Choices of stochastic gradient Langevin dynamics. */
export interface SgldOptions {
  /** The time step η, or one for each iteration. */
  readonly step: number | Schedule
  /** How many terms a step looks at, drawn without replacement, the same for all particles. */
  readonly batch: number
  /**
   * A point near the mode, `[d]` (see `modeOf`). Estimates are then taken of the difference of the gradient from that
   * there, which is computed once, and is the less noisy the nearer the particles are.
   */
  readonly controlVariates?: readonly number[]
  /** 1 by default; at 0 it is stochastic gradient descent. */
  readonly temperature?: number
  /** M, a variance for each axis or a covariance like the target's. */
  readonly preconditioner?: Symmetric
  /** Where particles must stay. */
  readonly constraint?: Constraint
}

/**
 * Stochastic gradient Langevin dynamics, `ula` with the gradient estimated from a few of the terms: with steps that get
 * shorter (`polynomialDecay`) it samples the target, with steps that do not, what the noise of its estimates makes of it.
 *
 * @throws InvalidOption; Diverged; DimensionMismatch
 * @see Welling, Teh, Bayesian learning via stochastic gradient Langevin dynamics (2011); Baker, Fearnhead, Fox, Nemeth,
 *   Control variates for stochastic gradient MCMC (2019)
 */
export const sgld = (potential: StochasticPotential, options: SgldOptions): Sampler<ChainState, LangevinInfo> => {
  requireKnownKeys(['step', 'batch', 'controlVariates', 'temperature', 'preconditioner', 'constraint'])('sgld', options)
  const schedule = scheduleOf('sgld: step', options.step)
  const batch = requireInteger(1)('sgld: batch', options.batch)
  if (batch > potential.terms)
    throw mongeError('InvalidOption', 'sgld: batch', `expected at most ${potential.terms}, the number of terms, got ${batch}`)
  const temperature = requireNonNegative('sgld: temperature', options.temperature ?? 1)
  const factorOf = preconditionerOf('sgld: preconditioner', options.preconditioner)
  const { constraint } = options
  const estimate = estimator(potential, batch, options.controlVariates)
  return {
    init: (key, start) => {
      const d = start.points.shape[1]
      requireDimension('sgld: constraint', constraint?.domain.dimension, d)
      requireDimension('sgld: controlVariates', options.controlVariates?.length, d)
      return startOf('sgld', potential, key, start)
    },
    step: (state) => {
      const step = schedule(state.iteration)
      const stepKey = keyOf(state)
      const [ofBatch = stepKey, ofNoise = stepKey] = split(2)(stepKey)
      const [points, d] = [pointsOf(state), dimensionOf(state)]
      const factor = factorOf?.(d)
      const slopes = estimate(ofBatch, points, d)
      const gradient = factor === undefined ? slopes : multiplyRows(factor, slopes)
      const white = normal(points.length)(ofNoise)
      const noise = factor === undefined ? white : colour(factor, white)
      const scale = Math.sqrt(2 * step * temperature)
      for (let i = 0; i < points.length; i++)
        points[i] = (points[i] as number) - step * (gradient[i] as number) + scale * (noise[i] as number)
      if (constraint !== undefined) bringBack(constraint, points, d)
      return { state: moveTo('sgld', potential, state, points), info: { step } }
    },
  }
}

type Estimate = (key: Key, points: Float64Array, dimension: number) => Float64Array

const estimator = (potential: StochasticPotential, size: number, centre: readonly number[] | undefined): Estimate => {
  const draw = (key: Key): Int32Array => choice(potential.terms, size)(key).toSorted()
  if (centre === undefined) return (key, points, d) => potential.batchGradient(points, d, draw(key))
  const point = Float64Array.from(centre)
  let whole: Float64Array | undefined
  return (key, points, d) => {
    const batch = draw(key)
    whole ??= gradientAt(potential, point, d)
    const [there, here] = [potential.batchGradient(point, d, batch), potential.batchGradient(points, d, batch)]
    for (let i = 0; i < here.length; i++)
      here[i] = (here[i] as number) - (there[i % d] as number) + (whole[i % d] as number)
    return here
  }
}
