import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { placeBeside, placeOf, places, valueAt } from './slider.js'

const place = fc.integer({ min: 0, max: places })
const sliders = fc
  .record({ min: fc.double({ min: 1e-4, max: 100, noNaN: true }), factor: fc.double({ min: 2, max: 1e4, noNaN: true }) })
  .map(({ min, factor }) => ({ min, max: min * factor, step: 0, logarithmic: true as const }))

describe('a slider that moves by factors', () => {
  test('gives what its range allows, from end to end', () => {
    fc.assert(
      fc.property(sliders, place, (slider, at) => {
        const value = valueAt(slider, at)
        expect(value).toBeGreaterThanOrEqual(slider.min)
        expect(value).toBeLessThanOrEqual(slider.max)
        expect(placeOf(slider, slider.min)).toBe(0)
        expect(placeOf(slider, slider.max)).toBe(places)
      }),
    )
  })

  test('gives more the farther it is moved', () => {
    fc.assert(
      fc.property(sliders, place, place, (slider, one, other) => {
        const [near, far] = [Math.min(one, other), Math.max(one, other)]
        expect(valueAt(slider, near)).toBeLessThanOrEqual(valueAt(slider, far))
      }),
    )
  })

  test('stands where its value is, as far as two digits tell', () => {
    fc.assert(
      fc.property(sliders, place, (slider, at) => {
        const value = valueAt(slider, at)
        // Half a unit of the second digit is at most a twentieth of the value.
        const slack = (places * Math.log(1.06)) / Math.log(slider.max / slider.min) + 1
        expect(Math.abs(placeOf(slider, value) - at)).toBeLessThanOrEqual(slack)
      }),
    )
  })

  test('moves by keyboard to another value, unless it is at its end', () => {
    fc.assert(
      fc.property(sliders, place, fc.constantFrom(-1 as const, 1 as const), (slider, at, way) => {
        const beside = placeBeside(slider, at, way)
        expect(beside).toBeGreaterThanOrEqual(0)
        expect(beside).toBeLessThanOrEqual(places)
        const moved = Math.sign(valueAt(slider, beside) - valueAt(slider, at))
        expect(moved === way || beside === (way === 1 ? places : 0)).toBe(true)
      }),
    )
  })

  test('keeps to its steps', () => {
    fc.assert(
      fc.property(place, (at) => {
        const value = valueAt({ min: 50, max: 5000, step: 50, logarithmic: true }, at)
        expect(value % 50).toBe(0)
      }),
    )
  })
})
