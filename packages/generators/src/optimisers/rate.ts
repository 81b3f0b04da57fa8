import { mongeError, requireBetween, requireFinite, requireInteger, requirePositive } from '@monge/errors'

/** A number that changes with the count of updates, from 0. */
export type RateSchedule = (count: number) => number

/** A learning rate: a number, or a schedule. */
export type Rate = number | RateSchedule

/** The schedule of a rate; a number is checked. */
export const scheduleOf = (where: string, rate: Rate): RateSchedule => {
  if (typeof rate === 'function') return rate
  requirePositive(where, rate)
  return () => rate
}

/** The same rate always. */
export const constantRate = (rate: number): RateSchedule => scheduleOf('constantRate: rate', rate)

/**
 * Half a cosine from `initial` down to `share * initial` in so many updates: `initial ((1 - share) (1 + cos(pi t)) / 2 +
 * share)` with `t = min(count / steps, 1)`.
 *
 * @see Loshchilov, Hutter, SGDR: stochastic gradient descent with warm restarts (2017)
 */
export const cosineRate = (initial: number, steps: number, share = 0): RateSchedule => {
  requirePositive('cosineRate: initial', initial)
  requireInteger(1)('cosineRate: steps', steps)
  requireBetween(0, 1)('cosineRate: share', share)
  return (count) => initial * ((1 - share) * 0.5 * (1 + Math.cos((Math.PI * Math.min(count, steps)) / steps)) + share)
}

/** `initial decay^(count / steps)` */
export const exponentialRate = (initial: number, decay: number, steps = 1): RateSchedule => {
  requirePositive('exponentialRate: initial', initial)
  requirePositive('exponentialRate: decay', decay)
  requirePositive('exponentialRate: steps', steps)
  return (count) => initial * decay ** (count / steps)
}

/** A line from `start * rate` to the rate in so many updates, and then the rate as it goes on from there. */
export const warmUp = (steps: number, start = 0): ((rate: Rate) => RateSchedule) => {
  requireInteger(1)('warmUp: steps', steps)
  requireBetween(0, 1)('warmUp: start', start)
  return (rate) => {
    const after = scheduleOf('warmUp: rate', rate)
    return (count) =>
      count >= steps ? after(count - steps) : after(0) * (start + (1 - start) * (count / steps))
  }
}

/**
 * `initial`, multiplied by each factor from its count on: `piecewiseRate(1, [[100, 0.1], [200, 0.5]])` is 1, then 0.1, then
 * 0.05.
 */
export const piecewiseRate = (initial: number, changes: readonly (readonly [count: number, factor: number])[]): RateSchedule => {
  requirePositive('piecewiseRate: initial', initial)
  changes.forEach(([count, factor], i) => {
    requireInteger(0)('piecewiseRate: changes', count)
    requirePositive('piecewiseRate: changes', factor)
    if (i > 0 && count <= (changes[i - 1]?.[0] ?? -1))
      throw mongeError('InvalidOption', 'piecewiseRate: changes', `expected counts in ascending order, got ${count}`)
  })
  return (count) => changes.reduce((rate, [from, factor]) => (count >= from ? rate * factor : rate), initial)
}

/** What a schedule says, if it is a number that one can use. */
export const rateAt = (where: string, schedule: RateSchedule, count: number): number =>
  requireFinite(`${where} after ${count} updates`, schedule(count))
