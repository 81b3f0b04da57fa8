import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { thinned } from './thinned.js'

describe('thinning', () => {
  test('keeps all, or so many in order with both ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 2, max: 50 }), (length, most) => {
        const all = Array.from({ length }, (_, index) => index)
        const kept = thinned(all, most)
        expect(kept).toHaveLength(Math.min(length, most))
        expect(kept).toEqual([...new Set(kept)].toSorted((a, b) => a - b))
        expect([kept[0], kept.at(-1)]).toEqual([0, length - 1])
      }),
    )
  })
})
