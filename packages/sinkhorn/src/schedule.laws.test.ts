import fc from 'fast-check'
import { expect, test } from 'vitest'
import { annealing, constantSchedule, geometricSchedule, leap } from './index.js'
import { shortLeap } from './schedule.js'

const positive = fc.oneof(
  fc.integer({ min: -30, max: 30 }).map((exponent) => 2 ** (exponent / 2)),
  fc.double({ min: 1e-5, max: 1e5, noNaN: true }),
)
const schedules = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 15 }), fc.constantFrom(0.5, 1, 2)).map(([sixteenths, p]) => annealing(sixteenths / 16, p)),
  fc.integer({ min: 1, max: 20 }).map(constantSchedule),
  fc.integer({ min: 2, max: 20 }).map(geometricSchedule),
  fc.constant(leap),
)

test('schedules fall, never below epsilon, and end with it', () => {
  fc.assert(
    fc.property(schedules, positive, positive, (schedule, largest, epsilon) => {
      const epsilons = schedule(largest, epsilon)
      expect(epsilons.at(-1)).toBe(epsilon)
      epsilons.slice(1).forEach((next, k) => {
        // Where epsilon is above the largest cost, annealing takes that one sweep first.
        expect(next).toBeLessThanOrEqual(Math.max(epsilons[k], epsilon) * (1 + 1e-12))
      })
      expect(epsilons.every((each) => each > 0 && Number.isFinite(each))).toBe(true)
      expect(epsilons.every((each) => each >= Math.min(epsilon, largest) * (1 - 1e-12))).toBe(true)
    }),
  )
})

test('schedules scale with the costs', () => {
  fc.assert(
    fc.property(schedules, positive, positive, fc.integer({ min: -8, max: 8 }), (schedule, largest, epsilon, exponent) => {
      const factor = 2 ** exponent
      const [here, there] = [schedule(largest, epsilon), schedule(factor * largest, factor * epsilon)]
      // A schedule whose last sweep falls on a rounding error may have one more or less.
      expect(Math.abs(there.length - here.length)).toBeLessThanOrEqual(1)
      here.slice(0, Math.min(here.length, there.length) - 1).forEach((each, k) => {
        expect(Math.abs((there[k] ?? NaN) - factor * each)).toBeLessThanOrEqual(1e-11 * factor * each)
      })
    }),
  )
})

test('annealing goes by equal ratios, twice at the start', () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 12 }), fc.constantFrom(1, 2), (sixteenths, p) => {
      const ratio = (sixteenths / 16) ** p
      const epsilons = annealing(sixteenths / 16, p)(1, 2 ** -10)
      expect(epsilons[0]).toBe(epsilons[1])
      epsilons.slice(2, -1).forEach((next, k) => {
        expect(next / (epsilons[k + 1] ?? NaN)).toBeCloseTo(ratio, 10)
      })
    }),
  )
})

test('a leap takes fewer steps than annealing by a half, and is one step where there is nothing to anneal', () => {
  fc.assert(
    fc.property(positive, positive, (largest, epsilon) => {
      expect(leap(largest, epsilon).length).toBeLessThan(annealing(0.5, 2)(largest, epsilon).length)
      expect(leap(Math.min(largest, epsilon), epsilon)).toEqual([epsilon])
    }),
  )
})

test('a leap goes down from the largest cost by equal ratios', () => {
  fc.assert(
    fc.property(positive, positive, (largest, epsilon) => {
      const epsilons = leap(largest, epsilon)
      const ratio = Math.min(1, epsilon / largest) ** (1 / epsilons.length)
      epsilons.forEach((each, k) => {
        const before = k === 0 ? Math.max(largest, epsilon) : (epsilons[k - 1] ?? NaN)
        expect(Math.abs(each / before / ratio - 1)).toBeLessThanOrEqual(1e-11)
      })
    }),
  )
})

test('schedules of few steps end with epsilon to the last digit', () => {
  for (let k = 1; k < 60; k++)
    for (const largest of [3.7, 11, 1234.5]) {
      const epsilon = 0.7 / k
      for (const schedule of [leap, shortLeap, geometricSchedule(5), annealing(0.5, 2)])
        expect(schedule(largest, epsilon).at(-1)).toBe(epsilon)
    }
})

test('a leap has a step for each factor of thirty, and of four where epsilon is less than a thousandth', () => {
  const steps = (ratio: number): number => leap(ratio, 1).length
  expect([1, 1.001, 30, 30.1, 900, 901, 999].map(steps)).toEqual([1, 1, 1, 2, 2, 3, 3])
  expect([1000, 4 ** 5 * 0.99, 4 ** 5 * 1.01, 4 ** 8 * 1.01].map(steps)).toEqual([5, 5, 6, 9])
})

test('a leap over a matrix is none where costs lie within 128 epsilons', () => {
  expect(shortLeap(128, 1)).toEqual([1])
  expect(shortLeap(128.5, 1)).toEqual(leap(128.5, 1))
  expect(leap(128.5, 1).length).toBe(2)
})

test('annealing by nothing, by no less than before or by no number is refused', () => {
  for (const scaling of [0, -0.5, 1, 1.5, NaN]) expect(() => annealing(scaling, 2)).toThrow(expect.objectContaining({ tag: 'InvalidOption' }))
})
