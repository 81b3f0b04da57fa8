import { requireNonNegative } from '@monge/errors'
import { max, sqrt, square, sum, tidy } from '@tensorflow/tfjs-core'
import type { FlowState } from './flow.js'

/** A rule that ends a run. */
export type Until = (state: FlowState) => boolean

/** The loss is down to a value. */
export const untilValue = (goal: number): Until => ({ value }) => value <= goal

/** No point is faster than this any more, in units of distance over time. */
export const untilSlow = (speed: number): Until => {
  requireNonNegative('untilSlow: speed', speed)
  return ({ velocity }) => tidy(() => max(sqrt(sum(square(velocity), 1))).dataSync()[0]) <= speed
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
