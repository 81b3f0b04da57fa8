import type { MatchResult } from './result.js'
import { toBeCloseToMeasure } from './to-be-close-to-measure.js'
import type { ClosenessExpectation } from './to-be-close-to-measure.js'
import { toBeMeasure } from './to-be-measure.js'
import type { MeasureExpectation } from './to-be-measure.js'
import { toHaveMarginals } from './to-have-marginals.js'
import type { MarginalsExpectation } from './to-have-marginals.js'

/*
 * The matchers as functions that throw: for node:test, or no runner at all, where nothing is to be extended. The error
 * is as node:assert throws it, of name `AssertionError` and code `ERR_ASSERTION`, and says what a matcher says.
 */

/** Throws unless a value is a measure: see `toBeMeasure`. */
export const assertMeasure = (received: unknown, expected: MeasureExpectation = {}): void =>
  unlessPassed(toBeMeasure(received, expected), assertMeasure)

/** Throws unless a plan has these marginals: see `toHaveMarginals`. */
export const assertMarginals = (
  received: unknown,
  source: unknown,
  target: unknown,
  expected: MarginalsExpectation = {},
): void => unlessPassed(toHaveMarginals(received, source, target, expected), assertMarginals)

/** Throws unless two measures are the same up to rounding: see `toBeCloseToMeasure`. */
export const assertCloseToMeasure = (received: unknown, measure: unknown, expected: ClosenessExpectation = {}): void =>
  unlessPassed(toBeCloseToMeasure(received, measure, expected), assertCloseToMeasure)

/** The stack begins where the assertion was called, on engines that can cut it. */
const unlessPassed = ({ pass, message }: MatchResult, assertion: (...given: never[]) => void): void => {
  if (pass) return
  const error = Object.assign(new Error(message()), { name: 'AssertionError', code: 'ERR_ASSERTION' })
  const { captureStackTrace } = Error as { readonly captureStackTrace?: (of: Error, above: unknown) => void }
  captureStackTrace?.(error, assertion)
  throw error
}
