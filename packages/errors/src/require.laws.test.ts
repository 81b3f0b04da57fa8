import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isMongeError,
  mongeError,
  requireBetween,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireNonNegative,
  requireOneOf,
  requirePositive,
} from './index.js'

const anything = fc.oneof(
  fc.anything(),
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, Number.MIN_VALUE, 2 ** 53, '1', null, undefined),
)

const isNumber = (value: unknown): value is number => typeof value === 'number'

/** A check returns what it is given where `holds`, and elsewhere throws a typed error that names the place. */
const expectAccepts = (check: (where: string, value: never) => unknown, holds: (value: unknown) => boolean) => {
  fc.assert(
    fc.property(anything, fc.string(), (value, where) => {
      const outcome = (() => {
        try {
          return { returned: check(where, value as never) }
        } catch (error) {
          return { typed: isMongeError(error) && error.tag === 'InvalidOption' && error.where === where && error.message.startsWith(`${where}: `) }
        }
      })()
      expect(outcome).toEqual(holds(value) ? { returned: value } : { typed: true })
    }),
    { numRuns: 500 },
  )
}

describe('checks of options', () => {
  test('take finite numbers alone', () => {
    expectAccepts(requireFinite, (value) => isNumber(value) && Number.isFinite(value))
  })

  test('take positive numbers alone, zero too where it is said', () => {
    expectAccepts(requirePositive, (value) => isNumber(value) && value > 0 && value < Infinity)
    expectAccepts(requireNonNegative, (value) => isNumber(value) && value >= 0 && value < Infinity)
  })

  test('take numbers between bounds', () => {
    expectAccepts(requireBetween(-1, 2.5), (value) => isNumber(value) && value >= -1 && value <= 2.5)
  })

  test('take whole numbers from a bound on', () => {
    expectAccepts(requireInteger(-3), (value) => Number.isSafeInteger(value) && (value as number) >= -3)
  })

  test('take one of the words', () => {
    expectAccepts(requireOneOf(['one', '1', 'constructor']), (value) => value === 'one' || value === '1' || value === 'constructor')
  })

  test('take no key that they do not know', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('p', 'blur', 'reach', '__proto__', 'toString'), anything, { noNullPrototype: false }), (options) => {
        const check = () => {
          requireKnownKeys(['p', 'blur'])('f', options)
        }
        const stray = Object.keys(options).find((key) => key !== 'p' && key !== 'blur')
        const caught = (() => {
          try {
            check()
          } catch (error) {
            return isMongeError(error) ? error.message : 'untyped'
          }
          return undefined
        })()
        expect(caught).toBe(stray === undefined ? undefined : `f: unknown option "${stray}" (known: p, blur)`)
      }),
    )
  })
})

describe('a typed error', () => {
  test('is an error that keeps what it is made of', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.anything(), (where, what, cause) => {
        const error = mongeError('Diverged', where, what, cause)
        expect(error).toBeInstanceOf(Error)
        expect([error.tag, error.where, error.message]).toEqual(['Diverged', where, `${where}: ${what}`])
        expect(error.cause).toBe(cause)
        expect(isMongeError(error)).toBe(true)
      }),
    )
  })

  test('is not just anything', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(isMongeError(value)).toBe(false)
      }),
    )
    expect(isMongeError(new Error('MongeError'))).toBe(false)
  })
})
