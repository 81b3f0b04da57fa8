import { expect, test } from 'vitest'
import { cloudOf } from './cloud.js'
import { knownCost, pointDirection } from './direction.js'
import type { Direction } from './direction.js'
import { machineOf } from './machine.js'
import { sweepsOf } from './sweeps.js'

test('over costs of many dimensions have both softmins of one way, so that costs are stored once', async () => {
  const machine = await machineOf({ precision: 'float32', memoryBudget: 2 ** 20, threads: 1 })
  const cost = knownCost({ tag: 'radial', profile: { tag: 'power', scale: 1, shift: 0, exponent: 1 } })
  if (cost === undefined) throw new Error('the kernels know no squares')
  const [rows, columns, dimension] = [20, 30, 9]
  const cloud = (count: number) =>
    cloudOf(machine, Float64Array.from({ length: count * dimension }, (_, k) => Math.cos(k * k)), count, new Float64Array(dimension))
  const there = pointDirection(machine, cost, cloud(rows), cloud(columns), 4 * dimension)
  const back = (): Direction => {
    throw new Error('the other way was asked for')
  }
  const sweeps = sweepsOf(machine, () => there, back, false)
  for (const epsilon of [100, 10, 2]) {
    const { f, g } = sweeps.both(epsilon, new Float64Array(rows).fill(-3), new Float64Array(columns).fill(-4))
    expect([f.length, g.length]).toEqual([rows, columns])
  }
})

test.each([
  ['float32', 61, 83, 1e-6],
  ['float32', 701, 605, 1e-6],
  ['float64', 61, 83, 1e-12],
  ['float64', 605, 701, 1e-12],
] as const)('whole sweeps by a kernel of %s are two softmins and the error of where they come from: %i by %i', async (precision, rows, columns, allowed) => {
  for (const threads of [1, 3]) {
    const machine = await machineOf({ precision, memoryBudget: 2 ** 24, threads })
    const cost = knownCost({ tag: 'radial', profile: { tag: 'power', scale: 0.5, shift: 0, exponent: 1 } })
    if (cost === undefined) throw new Error('the kernels know no squares')
    const points = (count: number, seed: number) => Float64Array.from({ length: count * 2 }, (_, k) => Math.cos(seed + k * k))
    const [x, y] = [points(rows, 1), points(columns, 2)]
    const [from, to] = [cloudOf(machine, x, rows, new Float64Array(2)), cloudOf(machine, y, columns, new Float64Array(2))]
    const there = pointDirection(machine, cost, from, to, 4)
    const sweeps = sweepsOf(machine, () => there, () => pointDirection(machine, cost, to, from, 4), false)
    const marginal = (count: number, empty: number) => {
      const weights = Float64Array.from({ length: count }, (_, k) => (k === empty ? 0 : (2 + Math.sin(k)) / (2 * count)))
      return { weights, logWeights: weights.map((weight) => (weight > 0 ? Math.log(count * weight) : -1e30)), shift: Math.log(count) }
    }
    const epsilon = 0.05
    sweeps.settle(epsilon)
    const between = (i: number, j: number) => ((x[2 * i] - y[2 * j]) ** 2 + (x[2 * i + 1] - y[2 * j + 1]) ** 2) / 2
    const softmin = (count: number, terms: number, exponent: (i: number, k: number) => number) =>
      Float64Array.from({ length: count }, (_, i) => {
        let sum = 0
        for (let k = 0; k < terms; k++) sum += Math.exp(exponent(i, k))
        return -epsilon * Math.log(sum)
      })
    for (const empty of [-1, 5]) {
      const [source, target] = [marginal(rows, empty), marginal(columns, empty)]
      for (const size of [0.1, 0.11, 4]) {
        const given = Float64Array.from({ length: columns }, (_, j) => size * Math.sin(j / 9))
        const { f, g, excess } = sweeps.sweep(epsilon, { source, target }, given)
        const wantedF = softmin(rows, columns, (i, j) => Math.log(target.weights[j]) + (given[j] - between(i, j)) / epsilon)
        const wantedG = softmin(columns, rows, (j, i) => Math.log(source.weights[i]) + (wantedF[i] - between(i, j)) / epsilon)
        const wanted = wantedG.reduce((sum, value, j) => sum + target.weights[j] * Math.abs(Math.exp((given[j] - value) / epsilon) - 1), 0)
        expect(Math.max(...f.map((value, i) => Math.abs(value - wantedF[i])))).toBeLessThan(allowed)
        expect(Math.max(...g.map((value, j) => Math.abs(value - wantedG[j])))).toBeLessThan(allowed)
        expect(Math.abs(excess / wanted - 1)).toBeLessThan(40 * allowed)
      }
    }
    sweeps.dispose()
  }
})
