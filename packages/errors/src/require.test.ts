import { describe, expect, test } from 'vitest'
import { isMongeError } from './error.js'
import {
  requireBetween,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireNonNegative,
  requireOneOf,
  requirePositive,
} from './require.js'

type Check = (where: string, value: number) => number

const checks: readonly (readonly [name: string, check: Check, good: readonly number[], bad: readonly unknown[]])[] = [
  ['requireFinite', requireFinite, [0, -1, 1e308], [NaN, Infinity, '1', null, undefined, 1n, Symbol('1'), {}, [1]]],
  ['requirePositive', requirePositive, [Number.MIN_VALUE, 1, 1e308], [0, -0, -1, NaN, Infinity, '1', undefined]],
  ['requireNonNegative', requireNonNegative, [0, -0, 1], [-Number.MIN_VALUE, NaN, Infinity, '0', undefined]],
  ['requireBetween(0, 1)', requireBetween(0, 1), [0, 0.5, 1], [-0.01, 1.01, NaN, Infinity, '0.5', undefined]],
  ['requireInteger(1)', requireInteger(1), [1, 2, Number.MAX_SAFE_INTEGER], [0, 1.5, NaN, Infinity, 2 ** 53, '1']],
]

const faultOf = (body: () => unknown): unknown => {
  try {
    return body()
  } catch (fault) {
    return fault
  }
}

describe.each(checks)('%s', (_, check, good, bad) => {
  test.each([...good])('returns %s', (value) => {
    expect(check('f: a', value)).toBe(value)
  })

  test.each(bad.map((value) => [String(value), value] as const))('refuses %s', (_name, value) => {
    const fault = faultOf(() => check('f: a', value as number))
    expect(isMongeError(fault)).toBe(true)
    expect(fault).toMatchObject({ tag: 'InvalidOption', where: 'f: a' })
  })
})

describe('requireOneOf', () => {
  test('returns one of the choices and refuses what is none', () => {
    expect(requireOneOf(['a', 'b'])('f: a', 'b')).toBe('b')
    expect(() => requireOneOf(['a', 'b'])('f: a', 'c')).toThrow('f: a: expected one of a, b, got "c"')
  })
})

describe('requireKnownKeys', () => {
  test('takes what is known, all or some of it', () => {
    expect(() => requireKnownKeys(['a', 'b'])('f', {})).not.toThrow()
    expect(() => requireKnownKeys(['a', 'b'])('f', { a: 1, b: undefined })).not.toThrow()
  })

  test('names the key that it does not know, and those that it does', () => {
    expect(() => requireKnownKeys(['blur'])('gaussian', { blurr: 1 })).toThrow(
      'gaussian: unknown option "blurr" (known: blur)',
    )
  })
})
