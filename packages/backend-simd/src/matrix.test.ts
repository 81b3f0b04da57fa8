import { tensorFrom, tfjsPlace } from '@monge/backend'
import '@tensorflow/tfjs-backend-cpu'
import { dispose } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { watched } from '../../../tooling/testing/src/watched.ts'
import { formats, operations } from './layout.js'
import { machineOf } from './machine.js'
import { matrixGeometry } from './matrix.js'
import type { Idle } from './parking.js'

const place = tfjsPlace('cpu', 'float32')
const [n, m] = [5, 7]
const tensorOf = (values: readonly number[]): Tensor2D => place.within(() => tensorFrom<Tensor2D>(values, [n, m]))
/** Nothing waits for another use. */
const atOnce = ({ release }: Idle): void => release()
const entries = Array.from({ length: n * m }, (_, k) => ((k * 5) % 11) / 16)
const [p, q, ones] = [new Float64Array(n), new Float64Array(m), new Float64Array(m).fill(1)]

test.each([
  ['the largest cost', entries.with(8, 2), 2],
  ['the least, if that is larger', entries.with(8, -2), 2],
  ['the last', entries.with(n * m - 1, 2), 2],
  ['the first', entries.with(0, -2), 2],
  ['the largest finite one', entries.with(8, 2).with(9, Infinity), 2],
  ['the largest finite size, of either sign', entries.with(n * m - 1, -2).with(9, Infinity).with(3, -Infinity), 2],
])('exponents are as wide as %s of a matrix over epsilon', async (_name, values, most) => {
  const { machine, jobs } = watched(await machineOf({ precision: 'float32', memoryBudget: 2 ** 20, threads: 1 }), operations)
  const matrix = tensorOf(values)
  const geometry = place.within(() => matrixGeometry(machine, matrix, 3, atOnce))
  const formatAt = (epsilon: number): number | undefined => {
    geometry.planCost(epsilon, p, q)
    return jobs()[0]?.format
  }
  for (let again = 0; again < 2; again++)
    expect([formatAt(most / 15.9), formatAt(most / 16.1)]).toEqual([formats.float32, formats.wide])
  geometry.dispose()
  dispose(matrix)
})

test('a matrix is copied once, turned when that is asked for and then once, and all is given back', async () => {
  for (const precision of ['float32', 'float64'] as const) {
    const { machine, asked, live } = watched(await machineOf({ precision, memoryBudget: 2 ** 20, threads: 1 }), operations)
    const matrix = tensorOf(entries)
    const before = live.size
    const geometry = place.within(() => matrixGeometry(machine, matrix, 3, atOnce))
    dispose(matrix)
    const back = geometry.transpose()
    expect([geometry.rows, geometry.columns, geometry.dimension, back.rows, back.columns, back.dimension]).toEqual([n, m, 3, m, n, 3])
    expect(back.transpose()).toBe(geometry)
    expect(asked()).toEqual([])
    const wide = precision === 'float64' ? 8 : 4
    expect([...live.values()]).toContain(n * 16 * wide)
    const rows = Array.from(geometry.entries(0, n))
    expect(rows).toEqual(entries)
    asked()
    expect(Array.from(back.entries(0, m))).toEqual(Array.from({ length: n * m }, (_, k) => entries[(k % n) * m + Math.floor(k / n)]))
    expect(asked()).toEqual(['turn', 'entries'])
    back.entries(1, 2)
    expect(asked()).toEqual(['entries'])
    // No points, no slopes.
    for (const [way, count] of [[geometry, n], [back, m]] as const) {
      expect(way.planGradient(1, p, q, ones, ones, 1)).toEqual(new Float64Array(3 * count))
      expect(way.sumGradient(ones, ones, 1)).toEqual(new Float64Array(3 * count))
    }
    expect(asked()).toEqual([])
    geometry.dispose()
    expect(live.size).toBe(before)
  }
})

test('a matrix for which there is no memory is refused, and leaves nothing', async () => {
  const { machine, live, refuse } = watched(await machineOf({ precision: 'float32', memoryBudget: 2 ** 20, threads: 1 }), operations)
  const matrix = tensorOf(entries)
  const make = (): unknown => place.within(() => matrixGeometry(machine, matrix, 3, atOnce))
  const before = live.size
  // The direction over the copy, which is smaller.
  refuse((bytes) => bytes === 96)
  expect(make).toThrow('no memory')
  expect(live.size).toBe(before)
  refuse(() => false)
  const geometry = place.within(() => matrixGeometry(machine, matrix, 3, atOnce))
  const held = live.size
  refuse((bytes) => bytes === 96)
  expect(() => geometry.transpose().entries(0, 1)).toThrow('no memory')
  expect(live.size).toBe(held)
  refuse(() => false)
  expect(geometry.transpose().entries(0, 1)).toHaveLength(n)
  geometry.dispose()
  expect(live.size).toBe(before)
  dispose(matrix)
})
