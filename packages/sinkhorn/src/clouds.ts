import { cornersOf } from '@monge/backend'
import type { Precision } from '@monge/backend'
import type { Cost } from '@monge/costs'
import { mongeError } from '@monge/errors'
import { diameter, mass } from '@monge/measures'
import type { Measure } from '@monge/measures'
import type { Settings } from './options.js'
import { leap, shortLeap } from './schedule.js'

/** Masses may differ by this much relative to the larger one before exact marginals are called impossible. */
const massTolerance = 1e-3

/** The measure with its points taken through the cost's features, on tfjs's tape if there is one. */
export const featured = (cost: Cost, mu: Measure): Measure =>
  cost.features === undefined ? mu : { weights: mu.weights, points: cost.features(mu.points) }

/** Refuses measures between which the problem makes no sense. */
export const checkMeasures = (where: string, { cost, rho }: Settings, mu: Measure, nu: Measure): void => {
  const [n, m] = [mu.weights.shape[0], nu.weights.shape[0]]
  if (cost.pairwise.tag === 'matrix') {
    const [rows, columns] = cost.pairwise.entries.shape
    if (rows !== n || columns !== m)
      throw mongeError(
        'DimensionMismatch',
        where,
        `the cost matrix is ${rows} by ${columns}, but the measures have ${n} and ${m} points`,
      )
  } else if (mu.points.shape[1] !== nu.points.shape[1]) {
    throw mongeError(
      'DimensionMismatch',
      where,
      `the measures live in dimensions ${mu.points.shape[1]} and ${nu.points.shape[1]}`,
    )
  }
  if (rho !== undefined) return
  const [a, b] = [mass(mu), mass(nu)]
  if (Math.abs(a - b) > massTolerance * Math.max(a, b))
    throw mongeError(
      'MassMismatch',
      where,
      `the measures have masses ${a} and ${b}; normalise them, or give a reach to allow for the difference`,
    )
}

/** Entries of the cost matrix from which a sweep is long. */
const manyEntries = 2 ** 16

/**
 * The settings for two measures. Where only an optimum is wanted and sweeps are long, `leap` and acceleration take the
 * place of slow annealing. That finds, besides, what no marginal error sees, the constants between pieces of a plan that
 * share hardly any mass; so it stays where it is cheap.
 */
export const suited = (settings: Settings, mu: Measure, nu: Measure): Settings =>
  !settings.leaps
    ? settings
    : mu.weights.shape[0] * nu.weights.shape[0] < manyEntries
      ? { ...settings, leaps: false }
      : { ...settings, schedule: settings.cost.pairwise.tag === 'matrix' ? shortLeap : leap }

/** Above this, sums of costs are no numbers any more. */
const overflow: Readonly<Record<Precision, number>> = { float32: 1e36, float64: 1e300 }

/** Below this, the inverse of epsilon is no number any more, or next to none. */
const underflow: Readonly<Record<Precision, number>> = { float32: 1e-36, float64: 1e-300 }

/** Of more than this many epsilons a cost outweighs even the logarithm of no weight at all. */
const mostEpsilons = 1e29

/** The epsilons to go through for two measures (of features, if the cost has any). */
export const epsilonsOf = (
  settings: Settings,
  precision: Precision,
  mu: Measure,
  nu: Measure,
): readonly number[] => {
  const { schedule, epsilon, largestCost } = settings
  const largest = largestCost ?? largestCostOf(settings, mu, nu)
  if (Number.isNaN(largest))
    throw mongeError('Diverged', 'sinkhorn', 'the costs are not numbers: is the cost one between all points?')
  if (largest >= overflow[precision])
    throw mongeError('InvalidArgument', 'measures', `costs of up to ${largest} are too large for ${precision}`)
  if (epsilon < underflow[precision])
    throw mongeError('InvalidOption', 'blur', `an epsilon of ${epsilon} is too small for ${precision}; scale the points up`)
  if (largestCost === undefined && largest / epsilon > mostEpsilons)
    throw mongeError('InvalidArgument', 'measures', `costs of up to ${largest} are too large for an epsilon of ${epsilon}`)
  const epsilons = schedule(largest, epsilon).map((value) => (value > 0 ? Math.max(value, underflow[precision]) : value))
  if (!epsilons.every((value) => value > 0 && value < Infinity) || epsilons.at(-1) !== epsilon)
    throw mongeError('InvalidOption', 'schedule', `expected positive numbers, the last ${epsilon}, got [${epsilons.join()}]`)
  return epsilons
}

/** How far apart costs between two measures may be: for costs of points, the diameter to the power p. */
export const largestCostOf = ({ cost, p }: Settings, mu: Measure, nu: Measure): number => {
  if (cost.pairwise.tag !== 'matrix') return diameter(mu, nu) ** p
  const { low, high } = cornersOf(cost.pairwise.entries)
  return high.reduce((most, value) => Math.max(most, value)) - low.reduce((least, value) => Math.min(least, value))
}
