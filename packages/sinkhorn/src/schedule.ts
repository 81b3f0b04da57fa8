import { mongeError, requireBetween, requireInteger, requirePositive } from '@monge/errors'

/**
 * The values of epsilon to go through, one sweep each, as a function of where annealing starts: the largest cost that
 * can occur, `diameter^p`. The last value is the problem's own epsilon.
 */
export type Schedule = (largestCost: number, epsilon: number) => readonly number[]

/**
 * GeomLoss's annealing: `diameter^p` twice, then down by `scaling^p` a sweep, and `epsilon = blur^p` last.
 *
 * @param scaling the ratio of successive blurs, in (0, 1): larger is slower and more accurate
 * @param p the degree of the cost
 * @see Feydy, Geometric data analysis, beyond convolutions (2020), section 3.3
 */
export const annealing = (scaling: number, p: number): Schedule => {
  if (!(scaling > 0 && scaling < 1))
    throw mongeError('InvalidOption', 'annealing: scaling', `expected a number between 0 and 1, got ${scaling}`)
  requirePositive('annealing: p', p)
  return (largestCost, epsilon) => {
    if (!(largestCost > 0)) return [epsilon]
    const start = Math.log(largestCost)
    const step = p * Math.log(scaling)
    const length = Math.max(0, Math.ceil((Math.log(epsilon) - start) / step))
    return [largestCost, ...Array.from({ length }, (_, k) => Math.exp(start + k * step)), epsilon]
  }
}

/**
 * As few values as lead an accelerated solver to the problem's own epsilon: none before it where that is not far below
 * the largest cost, one where it is, and ever more below a thousandth, where what annealing does not find takes
 * acceleration long.
 */
export const leap: Schedule = (largestCost, epsilon) => {
  const ratio = largestCost / epsilon
  if (!(ratio > 1)) return [epsilon]
  const steps = ratio < 1000 ? Math.ceil(Math.log(ratio) / Math.log(30)) : Math.ceil(Math.log(ratio) / Math.log(4))
  return Array.from({ length: steps }, (_, k) => (k === steps - 1 ? epsilon : largestCost / ratio ** ((k + 1) / steps)))
}

/**
 * The same where costs are given as a matrix, whose kernel is soon stored: two sums of exponentials take as long as eight sweeps
 * of it, and annealing saves but one or two where epsilon is no smaller than this.
 */
export const shortLeap: Schedule = (largestCost, epsilon) =>
  largestCost / epsilon > 128 ? leap(largestCost, epsilon) : [epsilon]

/** The problem's epsilon, `sweeps` times. */
export const constantSchedule = (sweeps: number): Schedule => {
  requireInteger(1)('constantSchedule: sweeps', sweeps)
  return (_, epsilon) => Array.from({ length: sweeps }, () => epsilon)
}

/** Annealing in `sweeps` equal ratios from the largest cost down to epsilon. */
export const geometricSchedule = (sweeps: number): Schedule => {
  requireInteger(2)('geometricSchedule: sweeps', sweeps)
  return (largestCost, epsilon) => {
    const start = Math.max(largestCost, epsilon)
    return Array.from({ length: sweeps }, (_, k) =>
      k === sweeps - 1 ? epsilon : start * (epsilon / start) ** (k / (sweeps - 1)),
    )
  }
}

export const requireScaling: (where: string, value: number) => number = requireBetween(Number.MIN_VALUE, 1 - 2 ** -53)
