import { emptyLogarithm } from '@monge/backend'
import { expect, test } from 'vitest'
import { cloud, geometryCases, oracle } from '../../../tooling/testing/src/geometry-cases.ts'
import { watched } from '../../../tooling/testing/src/watched.ts'
import { columnSoftmin } from './both.js'
import { cloudOf } from './cloud.js'
import { knownCost, pointDirection } from './direction.js'
import { expandedSoftmin } from './expansion.js'
import { operations } from './layout.js'
import { machineOf } from './machine.js'
import { formatFor } from './reductions.js'
import { kernelBytes, storedKernel } from './stored-kernel.js'
import { storedPlan } from './stored-plan.js'
import { sweepsOf } from './sweeps.js'

const [half] = geometryCases
type Rows = readonly (readonly number[])[]

/** Both ways between two clouds around the origin. */
const between = async (x: Rows, y: Rows, most: number, precision: 'float32' | 'float64' = 'float32') => {
  const { machine, jobs } = watched(await machineOf({ precision, memoryBudget: 2 ** 24, threads: 1 }), operations)
  const cost = knownCost(half.pairwise(x, y))
  if (cost === undefined) throw new Error('the kernels know no squares')
  const d = x[0]?.length ?? 0
  const [from, to] = [x, y].map((points) => cloudOf(machine, Float64Array.from(points.flat()), points.length, new Float64Array(d)))
  const ways = [pointDirection(machine, cost, from, to, most), pointDirection(machine, cost, to, from, most)] as const
  return { machine, jobs, ways }
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

// Scaled points' inner products are at most `reach`; the remainder of their exponential beside the least of them.
const remainder = (reach: number, degree: number): number =>
  Array.from({ length: degree + 1 }, (_, k) => reach / (k + 1)).reduce((product, ratio) => product * ratio, Math.exp(2 * reach))

const monomials = (d: number, degree: number): number =>
  Array.from({ length: d }, (_, k) => k + 1).reduce((count, k) => (count * (degree + k)) / k, 1)

test.each([
  [1, 'float32', 2 ** -28],
  [2, 'float32', 2 ** -28],
  [3, 'float32', 2 ** -28],
  [1, 'float64', 2 ** -54],
  [2, 'float64', 2 ** -54],
] as const)('in dimension %i an expansion goes as far as %s tells from the whole, where it takes half of the entries or less', async (d, precision, goal) => {
  for (const reach of d === 1 ? [0.01, 0.3, 1, 5.99] : [0.01, 0.3]) {
    const wanted = [...Array(200).keys()].find((degree) => remainder(reach, degree) <= goal) ?? NaN
    const terms = monomials(d, wanted)
    for (const [n, m] of [[4 * terms, 4 * terms], [3 * terms, 6 * terms], [6 * terms, 3 * terms]] as const)
      for (const less of [0, 1]) {
        const { machine, jobs, ways } = await between(cloud(1, n - less, d), cloud(2, m, d), 2 * reach, precision)
        const found = expandedSoftmin(machine, ways[0], () => ways[1], 1, new Float64Array(m))
        const asked = jobs()
        expect([found?.length, asked.length]).toEqual(less === 1 ? [undefined, 0] : [n, 2])
        expect(asked.map(({ width }) => width)).toEqual(asked.map(() => wanted))
      }
  }
  // Cancellation would take digits.
  const { machine, jobs, ways } = await between(cloud(1, 600, 1), cloud(2, 600, 1), 12, precision)
  expect([expandedSoftmin(machine, ways[0], () => ways[1], 1, new Float64Array(600)), jobs().length]).toEqual([undefined, 0])
})

test('an expansion of more monomials than threads have room for is not made', async () => {
  const [n, d] = [19_000, 3]
  const degreeOf = (reach: number): number => [...Array(200).keys()].find((degree) => remainder(reach, degree) <= 2 ** -28) ?? NaN
  const reaches = Array.from({ length: 600 }, (_, k) => (k + 1) / 100)
  // 4060 of them, and 4495.
  for (const [degree, made] of [[27, true], [28, false]] as const) {
    const reach = reaches.find((each) => degreeOf(each) === degree) ?? NaN
    const { machine, jobs, ways } = await between(cloud(1, n, d), cloud(2, n, d), 2 * reach)
    const found = expandedSoftmin(machine, ways[0], () => ways[1], 1, new Float64Array(n))
    expect([found?.length, jobs().length]).toEqual(made ? [n, 2] : [undefined, 0])
  }
})

test('an expansion is made of the whole of a large cloud on several threads, of a small one alone', async () => {
  for (const [n, alone] of [[300, true], [20_000, false]] as const) {
    const { machine, jobs, ways } = await between(cloud(1, 300, 1), cloud(2, n, 1), 2)
    const q = new Float64Array(n).fill(-Math.log(n))
    const found = expandedSoftmin(machine, ways[0], () => ways[1], 1, q)
    expect(jobs().map((job) => job.alone)).toEqual([alone, alone])
    // The first row's sum, in one loop.
    const at = cloud(1, 1, 1)[0]?.[0] ?? NaN
    const sum = cloud(2, n, 1).reduce((total, [value = NaN]) => total + Math.exp(-((at - value) ** 2) / 2) / n, 0)
    expect(found?.[0]).toBeCloseTo(-Math.log(sum), 6)
  }
})

test('the expansion of no weight is the softmin of nothing', async () => {
  const { machine, ways } = await between(cloud(1, 300, 1), cloud(2, 300, 1), 2)
  const found = expandedSoftmin(machine, ways[0], () => ways[1], 1, new Float64Array(300).fill(emptyLogarithm))
  expect(found?.every((value) => value === -emptyLogarithm)).toBe(true)
})
