import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { onBackends } from '../../../tooling/testing/src/index.ts'
import { cloudOf, strideOf } from './cloud.js'
import { machineOf } from './machine.js'
import type { Machine } from './machine.js'

onBackends(['simd'])('a cloud', () => {
  let machine: Machine
  beforeAll(async () => {
    machine = await machineOf({ precision: 'float32', memoryBudget: 2 ** 20, threads: 1 })
  })

  const size = fc.integer({ min: 1, max: 21 })
  /** Numbers that float32 cannot hold. */
  const draw = (count: number, seed: number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => 100 * Math.sin(12.9898 * (i + 1) + seed))

  describe.each([
    ['float32', Float32Array],
    ['float64', Float64Array],
  ] as const)('of %s numbers', (_, Numbers) => {
    test('lies point by point and coordinate by coordinate, less its middle, rounded once', () => {
      fc.assert(
        fc.property(size, size, fc.nat(1000), (count, dimension, seed) => {
          const points = new Numbers(draw(count * dimension, seed))
          const middle = draw(dimension, seed + 0.5)
          const cloud = cloudOf(machine, points, count, middle)
          const less = (i: number, k: number): number => (points[i * dimension + k] ?? NaN) - (middle[k] ?? NaN)
          const rows = Array.from(points, (_value, at) => less(Math.floor(at / dimension), at % dimension))
          const stride = strideOf(count)
          const columns = Array.from({ length: stride * dimension }, (_value, at) =>
            at % stride < count ? less(at % stride, Math.floor(at / stride)) : 0,
          )
          expect(Array.from(machine.heap.float64(cloud.rows(8), rows.length))).toEqual(rows)
          expect(Array.from(machine.heap.float64(cloud.columns(8), columns.length))).toEqual(columns)
          expect(Array.from(machine.heap.float32(cloud.rows(4), rows.length))).toEqual(rows.map(Math.fround))
          expect(Array.from(machine.heap.float32(cloud.columns(4), columns.length))).toEqual(columns.map(Math.fround))
          cloud.dispose()
        }),
      )
    })
  })
})
