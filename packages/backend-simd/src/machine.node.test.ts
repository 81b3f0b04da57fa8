import { availableParallelism } from 'node:os'
import { portableBackend, tensorFrom, tfjsPlace } from '@monge/backend'
import type { Geometry, Pairwise } from '@monge/backend'
import '@tensorflow/tfjs-backend-cpu'
import { dispose } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { cloud } from '../../../tooling/testing/src/geometry-cases.ts'
import { simdGeometry } from './geometry.ts'
import { machineOf } from './machine.ts'

const half: Pairwise = { tag: 'radial', profile: { tag: 'power', scale: 0.5, shift: 0, exponent: 1 } }
const place = tfjsPlace('cpu', 'float32')
const tensorOf = (seed: number, n: number, d: number): Tensor2D =>
  place.within(() => tensorFrom<Tensor2D>(cloud(seed, n, d).flat(), [n, d]))

test('it has as many threads as the place, up to sixteen, or as it is told', async () => {
  const count = async (threads: number | undefined): Promise<number> =>
    (await machineOf({ precision: 'float32', memoryBudget: 1, threads })).scratches.length
  expect(await count(undefined)).toBe(Math.min(availableParallelism(), 16))
  expect(await count(1)).toBe(1)
})

test('the budget is what may be taken at a time', async () => {
  const { reserve, giveBack } = await machineOf({ precision: 'float32', memoryBudget: 1000, threads: 1 })
  expect([reserve(600), reserve(600), reserve(400), reserve(1)]).toEqual([true, false, true, false])
  giveBack(600)
  expect([reserve(601), reserve(600)]).toEqual([false, true])
})

test('idle geometries are released where the budget asks for it, the oldest first, and of many', async () => {
  const { parking, reserve } = await machineOf({ precision: 'float32', memoryBudget: 1000, threads: 1 })
  const clouds = [1, 2, 3, 4].map((seed) => tensorOf(seed, 3, 2))
  const released: number[] = []
  const woken: number[] = []
  const geometries = clouds.map((points, which) => {
    const geometry = {} as Geometry<Float64Array>
    parking.park(half, points, points, 2)({
      geometry,
      wake: () => woken.push(which),
      release: () => released.push(which),
    })
    return geometry
  })
  // Three are kept.
  expect(released).toEqual([0])
  expect(reserve(900)).toBe(true)
  expect(released).toEqual([0])
  const [, second, third] = clouds as [Tensor2D, Tensor2D, Tensor2D]
  expect(parking.take(half, third, third, 2)).toBe(geometries[2])
  expect(parking.take(half, third, third, 2)).toBeUndefined()
  expect(woken).toEqual([2])
  expect(parking.take(half, second, third, 2)).toBeUndefined()
  expect(parking.take(half, second, second, 3)).toBeUndefined()
  expect(parking.take({ ...half }, second, second, 2)).toBeUndefined()
  expect(reserve(900)).toBe(false)
  expect(released).toEqual([0, 1, 3])
  dispose(clouds)
})

test.each([
  [9, 7, true],
  [2049, 4096, false],
])('a matrix of %i by %i, laid out, waits for its next use between any points of its dimension: %s', async (n, m, waits) => {
  const machine = await machineOf({ precision: 'float32', memoryBudget: 2 ** 27, threads: 1 })
  const portable = await portableBackend('cpu')
  const entries = place.within(() => tensorFrom<Tensor2D>(new Float32Array(n * m).fill(0.5), [n, m]))
  const pairwise = { tag: 'matrix', entries } as const
  const [x, y, moved, flat] = [tensorOf(2, n, 2), tensorOf(3, m, 2), tensorOf(4, n, 2), tensorOf(5, n, 1)]
  place.within(() => {
    const geometryOf = simdGeometry(machine, place, portable)
    const first = geometryOf(pairwise, x, y)
    const [softmin] = first.softmin(0.1, new Float64Array(m))
    first.dispose()
    const second = geometryOf(pairwise, moved, y)
    expect(second === first).toBe(waits)
    expect(second.softmin(0.1, new Float64Array(m))[0]).toBe(softmin)
    const nested = geometryOf(pairwise, moved, y)
    expect(nested).not.toBe(second)
    nested.dispose()
    second.dispose()
    expect(geometryOf(pairwise, flat, y)).not.toBe(second)
  })
  while (machine.parking.clear());
  dispose([entries, x, y, moved, flat])
})

test.each([2, 12])('a geometry in dimension %i gives back all that it took of the budget', async (d) => {
  const memoryBudget = 2 ** 22
  const machine = await machineOf({ precision: 'float32', memoryBudget, threads: 1 })
  const portable = await portableBackend('cpu')
  const [x, y] = [tensorOf(1, 60, d), tensorOf(2, 70, d)]
  place.within(() => {
    const geometry = simdGeometry(machine, place, portable)(half, x, y)
    const q = Float64Array.from({ length: 70 }, (_, j) => -j / 100)
    const first = geometry.softmin(0.1, q)
    for (let call = 0; call < 12; call++) expect(geometry.softmin(0.1, q)[7]).toBeCloseTo(first[7] ?? NaN, 5)
    expect(machine.reserve(memoryBudget)).toBe(false)
    geometry.dispose()
  })
  while (machine.parking.clear());
  expect(machine.reserve(memoryBudget)).toBe(true)
  dispose([x, y])
})
