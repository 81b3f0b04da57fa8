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
