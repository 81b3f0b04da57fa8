import { currentPrecision } from '@monge/backend'
import type { Precision } from '@monge/backend'

/*
 * Comparisons that say what broke, where and by how much. They raise plain errors, so that every runner understands.
 */

/** The spacing of the numbers next to 1. */
export const unitOf = (precision: Precision = currentPrecision()): number => (precision === 'float64' ? 2 ** -52 : 2 ** -23)

/** Asserts that two numbers are finite and differ by no more than `allowed`. */
export const requireClose = (what: string, found: number, expected: number, allowed: number): void => {
  if (!(Math.abs(found - expected) <= allowed))
    throw new Error(`${what}: found ${found}, expected ${expected} within ${allowed} (off by ${Math.abs(found - expected)})`)
}

/** Asserts it entry by entry; `allowed` may depend on the entry. */
export const requireAllClose = (
  what: string,
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  allowed: number | ((index: number) => number),
): void => {
  if (found.length !== expected.length)
    throw new Error(`${what}: found ${found.length} entries, expected ${expected.length}`)
  for (let index = 0; index < expected.length; index++)
    requireClose(
      `${what}, entry ${index}`,
      found[index] ?? NaN,
      expected[index] ?? NaN,
      typeof allowed === 'number' ? allowed : allowed(index),
    )
}

/** Asserts that a number is at least another, less `allowed`. */
export const requireAtLeast = (what: string, found: number, least: number, allowed: number): void => {
  if (!(found >= least - allowed)) throw new Error(`${what}: found ${found}, expected at least ${least} (less ${allowed})`)
}

/** Asserts anything else. */
export const requireThat = (what: string, holds: boolean): void => {
  if (!holds) throw new Error(what)
}

/** The sum, in float64. */
export const total = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index] ?? NaN
  return sum
}

/** The largest magnitude, 0 of nothing. */
export const largest = (values: ArrayLike<number>): number => {
  let most = 0
  for (let index = 0; index < values.length; index++) most = Math.max(most, Math.abs(values[index] ?? NaN))
  return most
}
