import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keep } from './history.js'

const counts = fc.integer({ min: 1, max: 400 })
const limits = fc.integer({ min: 2, max: 30 })

const kept = (count: number, most: number): readonly number[] => {
  const history = keep<number>(most)
  for (let index = 0; index < count; index++) history.add(index)
  return history.all()
}

describe('what is kept along a run', () => {
  test('is everything, while it is not too much', () => {
    fc.assert(
      fc.property(limits, (most) => {
        expect(kept(most, most)).toEqual(Array.from({ length: most }, (_, index) => index))
      }),
    )
  })

  test('is never more than asked for, and the latest', () => {
    fc.assert(
      fc.property(counts, limits, (count, most) => {
        expect(kept(count, most).length).toBeLessThanOrEqual(most + 1)
      }),
    )
  })

  test('begins with the first, ends with the latest, and is evenly spaced between', () => {
    fc.assert(
      fc.property(counts, limits, (count, most) => {
        const all = kept(count, most)
        expect(all[0]).toBe(0)
        expect(all.at(-1)).toBe(count - 1)
        const gaps = new Set(all.slice(1, -1).map((value, index) => value - (all[index] ?? 0)))
        expect(gaps.size).toBeLessThanOrEqual(1)
      }),
    )
  })
})
