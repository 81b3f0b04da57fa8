import { scalarProfile, tfjsPlace } from '@monge/backend'
import type { Profile } from '@monge/backend'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arrayProfile } from './profile.ts'

const numbers = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true })
const exponents = fc.constantFrom(-0.5, -0.25, 0.5, 1, 1.5, 2)

const { profile } = fc.letrec<{ profile: Profile; leaf: Profile }>((tie) => ({
  leaf: fc.oneof(
    fc.record({
      tag: fc.constant('power' as const),
      scale: numbers(-2, 2),
      shift: fc.constantFrom(0, 0.25),
      exponent: exponents,
    }),
    fc.record({
      tag: fc.constant('exponential' as const),
      scale: numbers(-2, 2),
      rate: numbers(0, 2),
      shift: fc.constantFrom(0, 0.25),
      exponent: fc.constantFrom(0.5, 1, 1.5),
    }),
  ),
  profile: fc.oneof(
    { maxDepth: 2 },
    tie('leaf'),
    fc.record({ tag: fc.constant('sum' as const), terms: fc.array(tie('profile'), { maxLength: 3 }) }),
    fc.record({ tag: fc.constant('product' as const), factors: fc.array(tie('profile'), { maxLength: 3 }) }),
  ),
}))

const same = (actual: Float64Array, expected: readonly number[]): void =>
  expected.forEach((value, i) => {
    if (Number.isFinite(value)) expect(Math.abs(actual[i] - value)).toBeLessThan(1e-12 * (1 + Math.abs(value)))
    else expect(actual[i]).toBe(value)
  })

test('a profile on an array is the profile on each of its numbers', () => {
  fc.assert(
    fc.property(profile, fc.array(fc.oneof(numbers(0.01, 9), fc.constant(0)), { minLength: 1 }), (given, squares) => {
      const scalar = scalarProfile(given)
      const onArray = arrayProfile(given, tfjsPlace('none', 'float64'))
      const s = Float64Array.from(squares)
      same(onArray.value(s), squares.map((one) => scalar?.value(one) ?? NaN))
      same(onArray.derivative(s), squares.map((one) => scalar?.derivative(one) ?? NaN))
      expect(Array.from(s)).toEqual(squares)
    }),
  )
})
