import { mongeError } from './error.js'

/*
 * Checks of options and arguments: each returns the value that it was given, or throws a typed error that names where
 * it stood and what was expected. They run before any work.
 */

const show = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'function':
      return 'a function'
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object'
    default:
      return String(value)
  }
}

const refuse = (where: string, value: unknown, expected: string): never => {
  throw mongeError('InvalidOption', where, `expected ${expected}, got ${show(value)}`)
}

/** A finite number. */
export const requireFinite = (where: string, value: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : refuse(where, value, 'a finite number')

/** A finite number above zero. */
export const requirePositive = (where: string, value: number): number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : refuse(where, value, 'a number above 0')

/** A finite number, zero or above. */
export const requireNonNegative = (where: string, value: number): number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? value
    : refuse(where, value, 'a number of at least 0')

/** A finite number within `[low, high]`. */
export const requireBetween = (low: number, high: number) => (where: string, value: number): number =>
  typeof value === 'number' && value >= low && value <= high
    ? value
    : refuse(where, value, `a number from ${low} to ${high}`)

/** A whole number of at least `low`. */
export const requireInteger = (low: number) => (where: string, value: number): number =>
  Number.isSafeInteger(value) && value >= low ? value : refuse(where, value, `a whole number of at least ${low}`)

/** One of the listed words. */
export const requireOneOf = <const A extends string>(choices: readonly A[]) => (where: string, value: unknown): A =>
  choices.find((choice) => choice === value) ?? refuse(where, value, `one of ${choices.join(', ')}`)

/** An options record with no key beyond the known ones: a misspelt option is an error, never ignored. */
export const requireKnownKeys = (known: readonly string[]) => (where: string, options: object): void => {
  const unknown = Object.keys(options).find((key) => !known.includes(key))
  if (unknown !== undefined)
    throw mongeError('InvalidOption', where, `unknown option "${unknown}" (known: ${known.join(', ')})`)
}
