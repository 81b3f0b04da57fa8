import { tensor2d } from '@tensorflow/tfjs-core'
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import { cornersOf, dataOf, knownCopy } from './index.js'

const rows = fc
  .integer({ min: 1, max: 4 })
  .chain((d) => fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: d, maxLength: d }), { minLength: 1, maxLength: 80 }))

const odd = [NaN, Infinity, -Infinity]

/** Many points, some of them with what is no number. */
const manyPoints = fc.record({
  dimension: fc.constantFrom(1, 2, 3, 7, 8, 33, 784, 1030),
  more: fc.integer({ min: 0, max: 9 }),
  seed: fc.integer({ min: 0, max: 99 }),
  strange: fc.array(fc.record({ at: fc.nat(), what: fc.constantFrom(...odd) }), { maxLength: 2 }),
})

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

    test('is that of many points, too', () => {
      fc.assert(
        fc.property(manyPoints, ({ dimension, more, seed, strange }) => {
          const count = Math.ceil(4096 / dimension) + more
          const values = Float32Array.from({ length: count * dimension }, (_, k) => Math.sin(seed + k * (k % 7)))
          strange.forEach(({ at, what }) => (values[at % values.length] = what))
          const [least, most] = [Math.min, Math.max].map((extreme) =>
            Array.from({ length: dimension }, (_, axis) => {
              let sofar = values[axis] ?? NaN
              for (let k = axis; k < values.length; k += dimension) sofar = extreme(sofar, values[k] ?? NaN)
              return sofar
            }),
          )
          backend().within(() => {
            const x = tensor2d(values, [count, dimension])
            const { low, high } = cornersOf(x)
            expect(Array.from(low)).toEqual(least)
            expect(Array.from(high)).toEqual(most)
            x.dispose()
          })
        }),
      )
    })
  })
})
