import { tensor2d } from '@tensorflow/tfjs-core'
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import { cornersOf, dataOf, knownCopy } from './index.js'

const rows = fc
  .integer({ min: 1, max: 4 })
  .chain((d) => fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: d, maxLength: d }), { minLength: 1, maxLength: 80 }))

eachBackend('the box of points', (backend) => {
  describe('what is remembered by data', () => {
    test('is the least and the most along each axis, and a known copy has the same', () => {
      fc.assert(
        fc.property(rows, (points) => {
          backend().within(() => {
            const [x, copy] = [tensor2d(points), tensor2d(points)]
            const { low, high } = cornersOf(x)
            const along = (points[0] ?? []).map((_, k) => points.map((row) => row[k] ?? NaN))
            expect(Array.from(low)).toEqual(along.map((values) => Math.min(...values)))
            expect(Array.from(high)).toEqual(along.map((values) => Math.max(...values)))
            expect(dataOf(copy)).not.toBe(dataOf(x))
            knownCopy(copy, x)
            expect(dataOf(copy)).toBe(dataOf(x))
            expect(cornersOf(copy)).toBe(cornersOf(x))
            x.dispose()
            copy.dispose()
          })
        }),
      )
    })
  })
})
