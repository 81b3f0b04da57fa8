import { expect, test } from 'vitest'
import { cloud, geometryCases, oracle } from '../../../tooling/testing/src/geometry-cases.ts'
import { columnSoftmin } from './both.js'
import { cloudOf } from './cloud.js'
import { knownCost, pointDirection } from './direction.js'
import { expandedSoftmin } from './expansion.js'
import { machineOf } from './machine.js'
import { formatFor } from './reductions.js'
import { kernelBytes, storedKernel } from './stored-kernel.js'
import { storedPlan } from './stored-plan.js'
import { sweepsOf } from './sweeps.js'

const [half] = geometryCases
type Rows = readonly (readonly number[])[]

/** Both ways between two clouds around the origin. */
const between = async (x: Rows, y: Rows, most: number) => {
  const machine = await machineOf({ precision: 'float32', memoryBudget: 2 ** 24, threads: 1 })
  const cost = knownCost(half.pairwise(x, y))
  if (cost === undefined) throw new Error('the kernels know no squares')
  const d = x[0]?.length ?? 0
  const [from, to] = [x, y].map((points) => cloudOf(machine, Float64Array.from(points.flat()), points.length, new Float64Array(d)))
  const ways = [pointDirection(machine, cost, from, to, most), pointDirection(machine, cost, to, from, most)] as const
  return { machine, ways }
}

test.each([1, 2, 3])('the expansion is made, and right, where epsilon is large beside the clouds, in dimension %i', async (d) => {
  const [x, y] = [cloud(7, 500, d), cloud(8, 401, d)].map((points) => points.map((point) => point.map((value) => value / 8)))
  // The corners' cost: the points are within half a unit of each other's middle.
  const reach = Math.max(...[...x, ...y].flat().map(Math.abs))
  const most = 2 * d * reach ** 2
  const { machine, ways } = await between(x, y, most)
  const epsilon = 20 * most
  const q = y.map((_, j) => Math.cos(j) - 6)
  const found = expandedSoftmin(machine, ways[0], () => ways[1], epsilon, Float64Array.from(q))
  const wanted = half === undefined ? [] : oracle(half, x, y).softmin(epsilon, q)
  expect(found).toHaveLength(x.length)
  wanted.forEach((value, i) => expect(Math.abs((found?.[i] ?? NaN) - value)).toBeLessThanOrEqual(1e-6 * epsilon))
  expect(expandedSoftmin(machine, ways[0], () => ways[1], most / 100, Float64Array.from(q))).toBeUndefined()
})

test('a stored kernel is raised to its largest entries wherever in a row they are', async () => {
  // The further on in the row, the nearer: every tile has a larger entry than those before.
  const x = Array.from({ length: 6 }, (_, i) => [1 + i / 8])
  const y = Array.from({ length: 1030 }, (_, j) => [-1 + j / 600])
  const { machine, ways } = await between(x, y, 8)
  const epsilon = 0.5
  const q = y.map((_, j) => Math.cos(j) - 6)
  const wanted = oracle(half, x, y).softmin(epsilon, q)
  const sweeps = sweepsOf(machine, () => ways[0], () => ways[1], false)
  sweeps.settle(epsilon)
  for (let call = 0; call < 3; call++) {
    const found = sweeps.rows(epsilon, Float64Array.from(q))
    wanted.forEach((value, i) => expect(Math.abs((found[i] ?? NaN) - value)).toBeLessThanOrEqual(2e-6))
  }
})

test('a stored kernel has its softmins by rows, by columns and both at once', async () => {
  const [x, y] = [cloud(1, 70, 2), cloud(2, 603, 2)]
  const { machine, ways } = await between(x, y, 8)
  const [there, back] = ways
  const epsilon = 0.5
  const kernel = storedKernel(machine, there, () => back, machine.heap.allocate(kernelBytes(machine, there)), epsilon)
  const q = y.map((_, j) => Math.cos(j) - 6)
  const f = oracle(half, x, y).softmin(epsilon, q)
  const p = f.map((value) => value / epsilon)
  const g = oracle(half, y, x).softmin(epsilon, p)
  const near = (found: Float64Array | undefined, wanted: readonly number[]): void => {
    expect(found).toHaveLength(wanted.length)
    wanted.forEach((value, i) => expect(Math.abs((found?.[i] ?? NaN) - value)).toBeLessThanOrEqual(5e-6))
  }
  const [P, Q] = [Float64Array.from(p), Float64Array.from(q)]
  for (let call = 0; call < 2; call++) {
    const both = kernel.both(P, Q)
    near(both?.f, f)
    near(both?.g, g)
    near(kernel.rows(Q), f)
    near(kernel.columns(P), g)
  }
  kernel.dispose()
})

test('a stored kernel has no softmin of a column that is far from every row, and so not both at once', async () => {
  const [x, y] = [cloud(1, 70, 2), [...cloud(2, 12, 2), [30, 0]]]
  const { machine, ways } = await between(x, y, 600)
  const [there, back] = ways
  const epsilon = 0.5
  const kernel = storedKernel(machine, there, () => back, machine.heap.allocate(kernelBytes(machine, there)), epsilon)
  const q = y.map(() => -3)
  const f = oracle(half, x, y).softmin(epsilon, q)
  const [P, Q] = [Float64Array.from(f, (value) => value / epsilon), Float64Array.from(q)]
  for (let call = 0; call < 2; call++) {
    expect(kernel.rows(Q)).toHaveLength(x.length)
    expect(kernel.columns(P)).toBeUndefined()
    expect(kernel.both(P, Q)).toBeUndefined()
  }
  kernel.dispose()
})

test.each([-2000, 0, 2000])('sums over the rows make the softmins of columns, of scalings about %i', async (height) => {
  const [x, y] = [cloud(1, 70, 2), cloud(2, 45, 2)]
  const { machine, ways } = await between(x, y, 8)
  const epsilon = 0.5
  const p = x.map((_, i) => Math.cos(i) + height)
  const found = columnSoftmin(machine, ways[0], formatFor(machine, 3000), epsilon, Float64Array.from(p))
  expect(found).toHaveLength(y.length)
  oracle(half, y, x)
    .softmin(epsilon, p)
    .forEach((value, j) => expect(Math.abs((found?.[j] ?? NaN) - value)).toBeLessThanOrEqual(5e-6))
})

test('a small plan is stored where the budget has room for it, and another in its place', async () => {
  const [x, y] = [cloud(1, 20, 2), cloud(2, 45, 2)]
  const { machine, ways } = await between(x, y, 8)
  const p = new Float64Array(20).fill(0.5)
  const [q, v] = [new Float64Array(45).fill(0.5), new Float64Array(45).fill(0.5)]
  const plan = storedPlan(machine)
  for (const epsilon of [0.5, 0.5, 0.25]) {
    const sums = plan.sum(ways[0], epsilon, p, q, v)
    expect(sums).toHaveLength(x.length)
    x.forEach((point, i) => {
      const costs = y.map((other) => point.reduce((sofar, value, k) => sofar + (value - (other[k] ?? NaN)) ** 2 / 2, 0))
      const sum = costs.reduce((sofar, cost) => sofar + Math.exp(1 - cost / epsilon) / 2, 0)
      expect(Math.abs((sums?.[i] ?? NaN) - sum)).toBeLessThanOrEqual(5e-6 * sum)
    })
  }
  const room = 2 ** 24 - kernelBytes(machine, ways[0])
  expect(machine.reserve(room + 1)).toBe(false)
  plan.dispose()
  expect(machine.reserve(2 ** 24)).toBe(true)
  expect(plan.sum(ways[0], 0.5, p, q, v)).toBeUndefined()
})
