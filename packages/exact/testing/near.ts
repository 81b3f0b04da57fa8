import { expect } from 'vitest'

/** Asserts that numbers agree, entry by entry. */
export const expectNear = (actual: ArrayLike<number>, expected: ArrayLike<number>, within: number = 1e-9): void => {
  expect(actual.length).toBe(expected.length)
  for (let k = 0; k < expected.length; k++) expect(Math.abs(actual[k] - expected[k])).toBeLessThanOrEqual(within)
}
