import { fc } from '@fast-check/vitest'
import { dispose } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, runs, tolerance } from '../../../tooling/testing/src/index.ts'
import { scalarProfile, tensorFrom } from './index.js'
import type { Profile } from './index.js'
import { tensorProfile } from './portable/tensor-profile.js'

const quarters = (min: number, max: number) => fc.integer({ min: 4 * min, max: 4 * max }).map((whole) => whole / 4)
const exponents = fc.constantFrom(1, 2, 0.5, -0.5, -1, 0, 1.5, -2)
// Shifts are positive where a power of zero would not be finite.
const simple: fc.Arbitrary<Profile> = fc.oneof(
  fc.record({ tag: fc.constant('power' as const), scale: quarters(-2, 2), shift: quarters(1, 2), exponent: exponents }),
  fc.record({
    tag: fc.constant('exponential' as const),
    scale: quarters(-2, 2),
    rate: quarters(0, 1),
    shift: quarters(1, 2),
    exponent: fc.constantFrom(1, 0.5, 1.5),
  }),
)
const profiles: fc.Arbitrary<Profile> = fc.oneof(
  simple,
  fc.array(simple, { maxLength: 3 }).map((terms) => ({ tag: 'sum', terms }) as const),
  fc.array(simple, { maxLength: 3 }).map((factors) => ({ tag: 'product', factors }) as const),
)

const value = (profile: Profile, s: number): number => {
  if (profile.tag === 'power') return profile.scale * (s + profile.shift) ** profile.exponent
  if (profile.tag === 'exponential') return profile.scale * Math.exp(-profile.rate * (s + profile.shift) ** profile.exponent)
  if (profile.tag === 'sum') return profile.terms.reduce((all, term) => all + value(term, s), 0)
  if (profile.tag === 'product') return profile.factors.reduce((all, factor) => all * value(factor, s), 1)
  return NaN
}

/** By differences of the fourth order. */
const slope = (profile: Profile, s: number): number => {
  const h = 1e-3
  const at = (steps: number): number => value(profile, s + steps * h)
  return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h)
}

const distances = fc.array(quarters(0, 4), { minLength: 1, maxLength: 4 })
const expectNear = (found: number, expected: number, within: number): void => {
  expect(Math.abs(found - expected), `${found} for ${expected}`).toBeLessThanOrEqual(within * (1 + Math.abs(expected)))
}

test('a profile on numbers has the value of its formula, and the slope of its differences', () => {
  fc.assert(
    fc.property(profiles, distances, (profile, squares) => {
      const scalar = scalarProfile(profile)
      for (const s of squares) {
        expectNear(scalar?.value(s) ?? NaN, value(profile, s), 1e-12)
        expectNear(scalar?.derivative(s) ?? NaN, slope(profile, s), 1e-6)
      }
    }),
  )
})

test('a profile on numbers has no slope where that is infinite, and is none where a user’s function is in it', () => {
  for (const exponent of [0.5, -0.5, -1]) {
    const power: Profile = { tag: 'power', scale: 2, shift: 0, exponent }
    expect(scalarProfile(power)?.derivative(0)).toBe(0)
    expect(scalarProfile({ tag: 'exponential', scale: 1, rate: 1, shift: 0, exponent: 0.5 })?.derivative(0)).toBeCloseTo(0, 12)
  }
  const custom: Profile = { tag: 'custom', value: (s) => s }
  const half: Profile = { tag: 'power', scale: 0.5, shift: 0, exponent: 1 }
  for (const profile of [custom, { tag: 'sum', terms: [half, custom] }, { tag: 'product', factors: [custom, half] }] as const)
    expect(scalarProfile(profile)).toBeUndefined()
})

eachBackend('a profile on tensors', (backend) => {
  test('is the one on numbers', () => {
    fc.assert(
      fc.property(profiles, distances, (profile, squares) => {
        const within = tolerance(backend(), { float64: 1e-11, float32: 2e-4 })
        const scalar = scalarProfile(profile)
        backend().within(() => {
          const s = tensorFrom<Tensor2D>(squares, [1, squares.length])
          const onTensors = tensorProfile(profile)
          const [values, slopes] = [onTensors.value(s), onTensors.derivative(s)]
          const found = [Array.from(values.dataSync()), Array.from(slopes.dataSync())]
          squares.forEach((at, i) => {
            expectNear(found[0]?.[i] ?? NaN, scalar?.value(at) ?? NaN, within)
            expectNear(found[1]?.[i] ?? NaN, scalar?.derivative(at) ?? NaN, within)
          })
          dispose([s, values, slopes])
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test.each([1, 2, 0.5, -0.5, -1, 0, 1.5, -2])('has powers of the exponent %s', (exponent) => {
    const within = tolerance(backend(), { float64: 1e-12, float32: 1e-4 })
    const squares = [0.25, 1, 4]
    backend().within(() => {
      const s = tensorFrom<Tensor2D>(squares, [1, 3])
      const { value: powers, derivative } = tensorProfile({ tag: 'power', scale: 1, shift: 0, exponent })
      const [values, slopes] = [powers(s), derivative(s)]
      squares.forEach((at, i) => {
        expectNear(values.dataSync()[i] ?? NaN, at ** exponent, within)
        expectNear(slopes.dataSync()[i] ?? NaN, exponent * at ** (exponent - 1), within)
      })
      // A power of one is the tensor itself.
      dispose([...new Set([s, values, slopes])])
    })
  })

  test('says its slope where that is one number', () => {
    const power = (exponent: number, scale: number): Profile => ({ tag: 'power', scale, shift: 0, exponent })
    expect([power(1, 0.5), power(1, 3), power(2, 1), power(0.5, 1)].map((profile) => tensorProfile(profile).slope)).toEqual(
      [0.5, 3, undefined, undefined],
    )
  })
})
