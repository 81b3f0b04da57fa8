import { requireFinite, requireNonNegative } from '@monge/errors'
import type { FlowState } from './flow.js'

/** A rule that ends a run. */
export type Until = (state: FlowState) => boolean

/** The loss is down to a value. */
export const untilValue = (goal: number): Until => {
  requireFinite('untilValue: goal', goal)
  return ({ value }) => value <= goal
}

/** No point is faster than this any more, in units of distance over time. */
export const untilSlow = (speed: number): Until => {
  requireNonNegative('untilSlow: speed', speed)
  return ({ velocity }) => {
    const [n, d] = velocity.shape
    // On the host: an operation would take the tensor, and its precision, to whichever backend is current.
    const values = velocity.dataSync()
    return Array.from({ length: n }, (_, i) => Math.hypot(...values.subarray(i * d, (i + 1) * d))).every(
      (length) => length <= speed,
    )
  }
}

/** The given time is over. */
export const untilTime = (end: number): Until => {
  requireNonNegative('untilTime: end', end)
  // Steps are added up, so the last of them may end a rounding error before its time.
  return ({ time }) => time >= end * (1 - 1e-9)
}

/** Any of the rules says so. */
export const untilAny =
  (...rules: readonly Until[]): Until =>
  (state) =>
    rules.some((rule) => rule(state))
