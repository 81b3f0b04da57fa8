import type { Pairwise } from '@monge/backend'
import { describe, expect, test } from 'vitest'
import { cloud, geometryCases } from '../../../tooling/testing/src/geometry-cases.ts'
import { watched } from '../../../tooling/testing/src/watched.ts'
import type { Watched } from '../../../tooling/testing/src/watched.ts'
import { cloudOf } from './cloud.js'
import type { Cloud } from './cloud.js'
import { denseDirection, knownCost, pointDirection } from './direction.js'
import type { Direction, KnownCost } from './direction.js'
import { operations } from './layout.js'
import { machineOf } from './machine.js'
import type { Machine } from './machine.js'
import { entries } from './reductions.js'

const watchedOf = async (precision: Machine['precision'], memoryBudget: number): Promise<Watched<Machine>> =>
  watched(await machineOf({ precision, memoryBudget, threads: 1 }), operations)

const known = (pairwise: Pairwise): KnownCost => {
  const cost = knownCost(pairwise)
  if (cost === undefined) throw new Error('the kernels do not know the cost')
  return cost
}

const power = (exponent: number, scale = 0.5, shift = 0): Pairwise => ({ tag: 'radial', profile: { tag: 'power', scale, shift, exponent } })
const lp = (order: number): Pairwise => ({ tag: 'lp', order, exponent: 1 / order, scale: 1 })
const sum = (...exponents: readonly number[]): Pairwise => ({
  tag: 'radial',
  profile: { tag: 'sum', terms: exponents.map((exponent) => ({ tag: 'power', scale: 1, shift: 1, exponent })) },
})

const put = (machine: Machine, seed: number, count: number, d: number): Cloud =>
  cloudOf(machine, Float64Array.from(cloud(seed, count, d).flat()), count, new Float64Array(d))

/** A direction, whose clouds are disposed of with it. */
const between = (machine: Machine, cost: Pairwise, n: number, m: number, d: number, most = 8 * d): Direction => {
  const clouds = n === m ? [put(machine, 1, n, d)] : [put(machine, 1, n, d), put(machine, 2, m, d)]
  const [from, to = from] = clouds as [Cloud, Cloud?]
  const direction = pointDirection(machine, known(cost), from, to, most)
  const dispose = (): void => [direction, ...clouds].forEach((each) => each.dispose())
  return { ...direction, dispose }
}

const inFloat32 = ['storePrecisely']
const plainly = ['storeCosts']
const mirrored = ['storeCosts', 'mirror']

describe('costs', () => {
  test.each([
    ['squares of few dimensions', power(1), 20, 30, 7, [], []],
    ['squares of many', power(1), 20, 30, 8, inFloat32, plainly],
    ['squares of many, of a cloud and itself', power(1), 30, 30, 8, inFloat32, mirrored],
    ['squares of so many points that both formats would take long', power(1), 200, 201, 8, plainly, plainly],
    ['squares with a shift', power(1, 0.5, 1), 20, 30, 8, plainly, plainly],
    ['distances of few dimensions', power(0.5), 20, 30, 7, [], []],
    ['distances of many', power(0.5), 20, 30, 8, plainly, plainly],
    ['powers that take multiplications and roots', sum(0, 1, 2, 0.5, -0.5, -0.25, -1), 20, 30, 2, [], []],
    ['powers that take a logarithm', sum(1, 1.5), 20, 30, 2, plainly, plainly],
    ['sums of differences', lp(1), 20, 30, 2, [], []],
    ['norms', lp(2), 20, 30, 2, [], []],
    ['norms of another order', lp(3), 20, 30, 2, plainly, plainly],
    ['sums of many differences, of a cloud and itself', lp(1), 30, 30, 8, mirrored, mirrored],
  ] as const)('that are %s are stored where reading is faster than computing, at the third use', async (_name, cost, n, m, d, single, double) => {
    for (const [precision, wanted] of [['float32', single], ['float64', double]] as const) {
      const { machine, asked, live } = await watchedOf(precision, 2 ** 24)
      const direction = between(machine, cost, n, m, d)
      const before = Array.from(entries(machine, direction, 0, n))
      asked()
      direction.use(1)
      direction.use(1)
      expect(asked()).toEqual([])
      direction.use(1)
      expect(asked()).toEqual(wanted)
      direction.use(1)
      direction.use(3)
      expect(asked()).toEqual([])
      // Stored once: an entry's bytes in the machine's format, and where it is so, in float64 too.
      const bytes = wanted.length === 0 ? 0 : n * direction.stride * (wanted === inFloat32 ? 12 : precision === 'float64' ? 8 : 4)
      expect(machine.reserve(2 ** 24 - bytes + 1)).toBe(false)
      expect(machine.reserve(2 ** 24 - bytes)).toBe(true)
      const after = entries(machine, direction, 0, n)
      const size = before.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      const worst = before.reduce((most, value, k) => Math.max(most, Math.abs(value - (after[k] ?? NaN))), 0)
      expect(worst).toBeLessThanOrEqual((precision === 'float64' ? 1e-14 : 1e-6) * size)
      machine.giveBack(2 ** 24 - bytes)
      direction.dispose()
      expect(machine.reserve(2 ** 24)).toBe(true)
      expect(live.size).toBe(0)
    }
  })

  test('of uses that are announced are stored at once, and where there is no room for them not at all', async () => {
    const { machine, asked } = await watchedOf('float32', 2 ** 14)
    const small = between(machine, power(0.5), 20, 30, 8)
    small.use(3)
    expect(asked()).toEqual(plainly)
    for (const [n, cost] of [[300, power(0.5)], [100, power(1)]] as const) {
      const large = between(machine, cost, n, 30, 8)
      large.use(2)
      large.use(2)
      expect(asked()).toEqual([])
      large.dispose()
    }
    small.dispose()
    expect(machine.reserve(2 ** 14)).toBe(true)
  })

  test('of a cloud and itself are computed on one side of the diagonal', async () => {
    const { machine, jobs } = await watchedOf('float32', 2 ** 24)
    for (const cost of [power(1), power(0.5)])
      for (const m of [30, 31]) {
        between(machine, cost, 30, m, 8).use(3)
        expect(jobs()[0]?.flags).toBe(m === 30 ? 1 : 0)
      }
  })

  test.each([
    [8, 64 * Math.sqrt(8)],
    [30, 64 * Math.sqrt(30)],
    [64, 512],
    [100, 512],
  ])('of dimension %i that are stored do for exponents up to %f epsilons, and points in float64 beyond', async (d, range) => {
    const { machine } = await watchedOf('float32', 2 ** 24)
    const direction = between(machine, power(1), 9, 17, d, 8)
    expect(direction.preparePoints?.(8)).toBe(true)
    direction.use(3)
    expect(direction.preparePoints?.((8 / range) * 1.001)).toBe(false)
    expect(direction.preparePoints?.((8 / range) * 0.999)).toBe(true)
  })

  test.each([
    ['squares', power(1), 7, 200, false],
    ['squares', power(1), 8, 200, true],
    ['distances', power(0.5), 8, 200, false],
    ['sums of differences', lp(1), 8, 200, false],
  ] as const)('of %s in %i dimensions have points prepared for sparse plans: %s', async (_name, cost, d, n, prepares) => {
    for (const precision of ['float32', 'float64'] as const) {
      const { machine } = await watchedOf(precision, 2 ** 24)
      const direction = between(machine, cost, n, n + 1, d)
      expect(direction.preparePoints !== undefined).toBe(prepares)
      direction.use(3)
      // Stored in one format alone, they never do for exponents.
      expect(direction.preparePoints?.(1e9)).toBe(prepares ? true : undefined)
    }
  })

  test('have short expansions where they are multiples of squares in few dimensions', async () => {
    const { machine } = await watchedOf('float32', 2 ** 24)
    const expands = (cost: Pairwise, d: number): boolean => between(machine, cost, 5, 6, d).expands
    expect([1, 2, 3, 4].map((d) => expands(power(1), d))).toEqual([true, true, true, false])
    expect([power(1, -1), power(1, 1, 1), power(0.5), lp(1), lp(2)].map((cost) => expands(cost, 2))).toEqual(Array.from({ length: 5 }, () => false))
    expect(denseDirection(machine, 2, 3, 1, 0, 1, 1).expands).toBe(false)
  })
})

// All but what tfjs alone can compute, and matrices.
const recognised = geometryCases.filter(({ name }) => !/user|function|matrix/.test(name))

test('the kernels know all costs but those that tfjs alone can compute', () => {
  for (const each of geometryCases.filter(({ name }) => name !== 'matrix'))
    expect(knownCost(each.pairwise([], [])) !== undefined, each.name).toBe(recognised.includes(each))
})

test.each(recognised)('the bound of $name is its larger value at no distance and across the box', ({ pairwise, value }) => {
  const { most } = known(pairwise([], []))
  const [low, high] = [
    [-1, 0.5, 3],
    [0.25, 2, 3.5],
  ]
  const [near, far] = [Math.abs(value(low, low, 0, 0)), Math.abs(value(low, high, 0, 0))]
  expect(most({ low: Float64Array.from(low), high: Float64Array.from(high) })).toBeCloseTo(Math.max(near, far), 12)
})

test('a matrix is used as it stands: it is given, has no points, and is not freed with its direction', async () => {
  const { machine, live } = await watchedOf('float32', 2 ** 24)
  const at = machine.heap.allocate(64)
  const direction = denseDirection(machine, 3, 5, 2, at, 2, 7)
  expect([direction.rows, direction.columns, direction.stride, direction.dimension]).toEqual([3, 5, 16, 2])
  expect([direction.given, direction.scale, direction.slopeScale, direction.most]).toEqual([true, 2, 0, 7])
  expect([direction.columnPoints(), direction.preparePoints]).toEqual([0, undefined])
  direction.use(3)
  direction.dispose()
  expect(Array.from(live.keys())).toEqual([at])
})
