import { toBeCloseToMeasure } from './to-be-close-to-measure.js'
import type { ClosenessExpectation } from './to-be-close-to-measure.js'
import { toBeMeasure } from './to-be-measure.js'
import type { MeasureExpectation } from './to-be-measure.js'
import { toHaveMarginals } from './to-have-marginals.js'
import type { MarginalsExpectation } from './to-have-marginals.js'

export { assertCloseToMeasure, assertMarginals, assertMeasure } from './assertions.js'
export type { MatchResult } from './result.js'
export type { ClosenessExpectation, MarginalsExpectation, MeasureExpectation }
export { toBeCloseToMeasure, toBeMeasure, toHaveMarginals }

/** The matchers as `expect` has them, for the types of a runner. */
export interface MeasureMatchers<Result = unknown> {
  /** Finite points, non-negative weights, positive mass, shapes agreeing. */
  toBeMeasure(expected?: MeasureExpectation): Result
  /** No negative entry, and the sums of rows and columns are the weights of the source and of the target. */
  toHaveMarginals(source: unknown, target: unknown, expected?: MarginalsExpectation): Result
  /** The same measure up to rounding, order, splits and points of weight zero. */
  toBeCloseToMeasure(measure: unknown, expected?: ClosenessExpectation): Result
}

/**
 * All matchers, for `expect.extend` of vitest and jest.
 *
 * @example
 * import { expect } from 'vitest'
 * import { measureMatchers } from '@monge/laws/matchers'
 * import type { MeasureMatchers } from '@monge/laws/matchers'
 *
 * expect.extend(measureMatchers)
 * declare module 'vitest' {
 *   interface Matchers<T> extends MeasureMatchers<T> {}
 * }
 */
export const measureMatchers: {
  readonly toBeMeasure: typeof toBeMeasure
  readonly toHaveMarginals: typeof toHaveMarginals
  readonly toBeCloseToMeasure: typeof toBeCloseToMeasure
} = { toBeMeasure, toHaveMarginals, toBeCloseToMeasure }
