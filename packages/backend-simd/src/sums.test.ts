import type { Pairwise } from '@monge/backend'
import { describe, expect, test } from 'vitest'
import { cloud, geometryCases, oracle, transposedCase } from '../../../tooling/testing/src/geometry-cases.ts'
import type { GeometryCase } from '../../../tooling/testing/src/geometry-cases.ts'
import { bothSoftmins, columnSoftmin, symmetricSoftmin } from './both.js'
import { cloudOf, strideOf } from './cloud.js'
import { denseDirection, knownCost, pointDirection } from './direction.js'
import type { Direction } from './direction.js'
import { formats } from './layout.js'
import { machineOf } from './machine.js'
import type { Machine } from './machine.js'
import { kernelBytes, storedKernel } from './stored-kernel.js'

/*
 * Each way by itself: whoever asks for softmins gets them by another way where one gives up, and none may give up here.
 */

type Points = readonly (readonly number[])[]

const caseNamed = (name: string): GeometryCase => {
  const found = geometryCases.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no case ${name}`)
  return found
}

const [half, distance, l3, matrix] = ['half the squared distance', 'distance', 'l3', 'matrix'].map(caseNamed) as [
  GeometryCase,
  GeometryCase,
  GeometryCase,
  GeometryCase,
]

const machineIn = (precision: Machine['precision']): Promise<Machine> => machineOf({ precision, memoryBudget: 2 ** 24, threads: 1 })

const pointsWay = (machine: Machine, pairwise: Pairwise, x: Points, y: Points, most: number, uses: number): Direction => {
  const cost = knownCost(pairwise)
  if (cost === undefined) throw new Error('the kernels do not know the cost')
  const d = x[0]?.length ?? 0
  const put = (points: Points) => cloudOf(machine, Float64Array.from(points.flat()), points.length, new Float64Array(d))
  const from = put(x)
  const way = pointDirection(machine, cost, from, x === y ? from : put(y), most)
  way.use(uses)
  return way
}

const matrixWay = (machine: Machine, entries: Points, most: number): Direction => {
  const [n, m] = [entries.length, entries[0]?.length ?? 0]
  const [stride, wide] = [strideOf(m), machine.precision === 'float64']
  const at = machine.heap.allocate(n * stride * 8)
  const target = wide ? machine.heap.float64(at, n * stride) : machine.heap.float32(at, n * stride)
  target.fill(0)
  entries.forEach((row, i) => target.set(row, i * stride))
  return denseDirection(machine, n, m, 2, at, 1, most)
}

const directions = [
  { name: 'squares', of: half, d: 2, uses: 0 },
  { name: 'norms of another order', of: l3, d: 2, uses: 0 },
  { name: 'squares of many dimensions', of: half, d: 9, uses: 0 },
  { name: 'stored squares', of: half, d: 9, uses: 3 },
  { name: 'stored distances', of: distance, d: 9, uses: 3 },
  { name: 'a matrix', of: matrix, d: 2, uses: 0 },
] as const

const wayOver = (machine: Machine, { of, uses }: (typeof directions)[number], x: Points, y: Points) => {
  const exact = oracle(of, x, y)
  const most = exact.entries.flat().reduce((sofar, cost) => Math.max(sofar, Math.abs(cost)), 1)
  const way = of === matrix ? matrixWay(machine, exact.entries, most) : pointsWay(machine, of.pairwise(x, y), x, y, most, uses)
  const epsilon = most / 12
  const q = y.map((_, j) => Math.cos(j) - 6)
  const f = exact.softmin(epsilon, q)
  // Near what makes the rows' sums one.
  const p = f.map((value, i) => value / epsilon + 0.3 * Math.cos(3 * i))
  return { way, most, epsilon, q, f, p, g: oracle(transposedCase(of), y, x).softmin(epsilon, p) }
}

const near = (found: Float64Array | undefined, wanted: readonly number[], allowed: number): void => {
  expect(found).toHaveLength(wanted.length)
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - (found?.[i] ?? NaN))), 0)
  expect(worst).toBeLessThanOrEqual(allowed)
}

describe.each(directions)('over $name', (direction) => {
  describe.each([
    ['float32', formats.float32, 2e-6],
    ['float32', formats.wide, 1e-6],
    ['float64', formats.float64, 1e-13],
  ] as const)('in a machine of %s, in format %i', (precision, format, closeness) => {
    test.each([
      [1, 1],
      [3, 5],
      [21, 530],
      [522, 530],
    ])('of %i points and %i, sums by rows and by columns are softmins', async (n, m) => {
      const machine = await machineIn(precision)
      const [x, y] = [cloud(3, n, direction.d), cloud(4, m, direction.d)]
      const { way, most, epsilon, q, f, p, g } = wayOver(machine, direction, x, y)
      const [P, Q] = [Float64Array.from(p), Float64Array.from(q)]
      for (let again = 0; again < 2; again++) {
        const both = bothSoftmins(machine, way, format, epsilon, P, Q)
        near(both?.f, f, closeness * most)
        near(both?.g, g, closeness * most)
      }
      near(columnSoftmin(machine, way, format, epsilon, P), g, 4 * closeness * most)
      const kernel = storedKernel(machine, way, () => way, machine.heap.allocate(kernelBytes(machine, way)), epsilon)
      const marginals = {
        source: { weights: Float64Array.from({ length: n }, (_, i) => (1 + Math.cos(i) ** 2) / n), logWeights: new Float64Array(n), shift: Math.log(n) },
        target: { weights: Float64Array.from({ length: m }, (_, j) => (1 + Math.sin(j) ** 2) / m), logWeights: new Float64Array(m), shift: Math.log(m) },
      }
      const image = f.map((value) => value + epsilon * Math.log(m))
      const own = image.map((value, i) => value / epsilon + Math.log(n * (marginals.source.weights[i] ?? NaN)))
      const updated = oracle(transposedCase(direction.of), y, x).softmin(epsilon, own).map((value) => value + epsilon * Math.log(n))
      const taken = marginals.target.weights
      const excess = q.reduce(
        (sum, value, j) =>
          sum + (taken[j] ?? NaN) * Math.abs(Math.exp(value - Math.log(m * (taken[j] ?? NaN)) - (updated[j] ?? NaN) / epsilon) - 1),
        0,
      )
      for (let again = 0; again < 2; again++) {
        near(kernel.rows(Q), f, closeness * most)
        const both = kernel.both(P, Q)
        near(both?.f, f, closeness * most)
        near(both?.g, g, closeness * most)
        near(kernel.columns(P), g, closeness * most)
        const swept = kernel.sweep(Q, marginals)
        near(swept?.f, image, closeness * most)
        near(swept?.g, updated, closeness * most)
        expect(Math.abs((swept?.excess ?? NaN) - excess)).toBeLessThanOrEqual(12 * closeness * (1 + excess))
      }
      kernel.dispose()
    })
  })
})

describe.each(directions.filter(({ of }) => of !== matrix))('over $name', (direction) => {
  test.each([
    ['float32', formats.float32, 2e-6],
    ['float32', formats.wide, 1e-6],
    ['float64', formats.float64, 1e-13],
  ] as const)('of a cloud and itself, sums of half of the entries are softmins, in a machine of %s, in format %i', async (precision, format, closeness) => {
    for (const n of [1, 7, 150]) {
      const machine = await machineIn(precision)
      const x = cloud(5, n, direction.d)
      const { way, most, epsilon, q, f } = wayOver(machine, direction, x, x)
      const middle = q.map((value, i) => (value + (f[i] ?? NaN) / epsilon) / 2)
      const found = symmetricSoftmin(machine, way, format, epsilon, Float64Array.from(middle))
      expect(found).toBeDefined()
      near(found, oracle(direction.of, x, x).softmin(epsilon, middle), closeness * most)
    }
  })
})
