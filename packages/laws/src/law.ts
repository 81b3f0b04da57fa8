import fc from 'fast-check'

/** A named property, for any runner of tests. `Property` is fast-check's; `fc.assert(law.property)` checks it. */
export interface Law {
  readonly name: string
  readonly property: fc.IProperty<unknown>
}

/** What registers a test: the `test` or `it` of vitest, jest, node:test and others. */
export type RegisterTest = (name: string, body: () => void) => unknown

/** How laws are checked. */
export interface CheckOptions {
  readonly test: RegisterTest
  /** fast-check's parameters, such as `{ numRuns: 1000, seed: 42 }`; its global ones by default. */
  readonly parameters?: fc.Parameters<unknown>
}

/**
 * Makes a test of each law.
 *
 * @example
 * import { describe, test } from 'vitest' // or node:test, or jest's globals
 * describe('my loss', () => checkLaws(lossLaws(myLoss, { symmetric: true }), { test }))
 */
export const checkLaws = (laws: readonly Law[], { test, parameters = {} }: CheckOptions): void => {
  for (const { name, property } of laws)
    test(name, () => {
      // Not all runners print an error's cause, where fast-check puts what broke unless it is told otherwise.
      fc.assert(property, { includeErrorInReport: true, ...parameters })
    })
}

/** The names of the laws that do not hold, in order: for tests of tests, and for reports. */
export const brokenLaws = (laws: readonly Law[], parameters: fc.Parameters<unknown> = {}): readonly string[] =>
  laws.filter(({ property }) => fc.check(property, parameters).failed).map(({ name }) => name)

/** The law that a body raises no error for any value of an arbitrary. */
export const law = <A>(name: string, arbitrary: fc.Arbitrary<A>, body: (value: A) => void): Law => ({
  name,
  property: fc.property(arbitrary, body) as fc.IProperty<unknown>,
})
