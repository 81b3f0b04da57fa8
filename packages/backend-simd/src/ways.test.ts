import type { Pairwise } from '@monge/backend'
import { emptyLogarithm } from '@monge/backend'
import { beforeEach, describe, expect, test } from 'vitest'
import { cloud } from '../../../tooling/testing/src/geometry-cases.ts'
import { watched } from '../../../tooling/testing/src/watched.ts'
import type { Watched } from '../../../tooling/testing/src/watched.ts'
import { cloudOf } from './cloud.js'
import { denseDirection, knownCost, pointDirection } from './direction.js'
import type { Direction } from './direction.js'
import { flags, formats, operations } from './layout.js'
import { machineOf } from './machine.js'
import type { Machine } from './machine.js'
import { reduce } from './reductions.js'
import { kernelBytes } from './stored-kernel.js'
import { sweepsOf } from './sweeps.js'
import type { Sweeps } from './sweeps.js'

/*
 * Which way is taken, as far as no sum tells: all ways come to the same, some sooner, some with more digits.
 */

const budget = 2 ** 20
const [n, m] = [20, 30]
const most = 8
/** Exponents reach farther than short expansions do, and less far than float32 holds. */
const epsilon = most / 14

let machine: Machine
let watch: Watched<Machine>

beforeEach(async () => {
  watch = watched(await machineOf({ precision: 'float32', memoryBudget: budget, threads: 1 }), operations)
  ;({ machine } = watch)
})

const squares: Pairwise = { tag: 'radial', profile: { tag: 'power', scale: 0.5, shift: 0, exponent: 1 } }

const pointsOf = (seed: number, count: number, d: number) =>
  cloudOf(machine, Float64Array.from(cloud(seed, count, d).flat()), count, new Float64Array(d))

const ways = (d = 2): { readonly there: Direction; readonly back: Direction } => {
  const cost = knownCost(squares)
  if (cost === undefined) throw new Error('the kernels know no squares')
  const [x, y] = [pointsOf(1, n, d), pointsOf(2, m, d)]
  return { there: pointDirection(machine, cost, x, y, most), back: pointDirection(machine, cost, y, x, most) }
}

const matrix = (): Direction => {
  const at = machine.heap.allocate(n * 48 * 4)
  machine.heap.float32(at, n * 48).forEach((_, k, entries) => (entries[k] = most * Math.cos(k) ** 2))
  return denseDirection(machine, n, m, 2, at, 1, most)
}

const never = (): Direction => {
  throw new Error('the other way was asked for')
}

const p = (height = 0): Float64Array => new Float64Array(n).fill(height)
const q = (height = 0): Float64Array => Float64Array.from({ length: m }, (_, j) => height + Math.cos(j))

const kernel = ['scalings', 'kernelRows', 'potentials']
const stored = ['absorb', ...kernel]

describe('softmins', () => {
  const taking = (times: number, call: () => unknown): readonly (readonly string[])[] =>
    Array.from({ length: times }, () => {
      call()
      return watch.asked()
    })

  const plain = { rows: ['softmin'], both: ['bothSums'] }

  test('are of a stored kernel from the seventh at one epsilon on, of all that are asked for', () => {
    const { there, back } = ways()
    const sweeps = sweepsOf(machine, () => there, () => back, false)
    expect(taking(8, () => sweeps.rows(epsilon, q()))).toEqual([...Array.from({ length: 6 }, () => plain.rows), stored, kernel])
    // Another epsilon begins anew, and so does one that is forgotten.
    expect(taking(7, () => sweeps.rows(epsilon / 2, q())).slice(5)).toEqual([plain.rows, stored])
    sweeps.dispose()
    expect(taking(7, () => sweeps.rows(epsilon / 2, q())).slice(5)).toEqual([plain.rows, stored])
    expect(taking(7, () => sweeps.columns(epsilon, p())).map(([first]) => first)).toEqual([
      ...Array.from({ length: 6 }, () => 'softmin'),
      // The other side is absorbed, and then the kernel is stored.
      'softmin',
    ])
    const [f, g] = [sweeps.rows(epsilon / 3, q()).map((value) => (3 * value) / epsilon), q()]
    watch.asked()
    const twoAtOnce = taking(4, () => sweeps.both(epsilon / 3, f, g))
    expect(twoAtOnce.slice(0, 2)).toEqual([plain.both, plain.both])
    expect(twoAtOnce[2]).toEqual(['absorb', 'scalings', 'scalings', 'kernelBoth', 'potentials', 'potentials'])
    expect(twoAtOnce[3]).toEqual(twoAtOnce[2]?.slice(1))
    // Points without weight have no sums that are safe: none is tried.
    for (const [from, to] of [[f.with(0, emptyLogarithm), g], [f, g.with(0, emptyLogarithm)]] as const)
      expect(taking(1, () => sweeps.both(epsilon / 4, from, to))).toEqual([['softmin', 'softmin']])
  })

  test('are of a stored kernel at once where epsilon stays', () => {
    const { there, back } = ways()
    const sweeps = sweepsOf(machine, () => there, () => back, false)
    sweeps.settle(epsilon)
    expect(taking(2, () => sweeps.rows(epsilon, q()))).toEqual([stored, kernel])
    expect(taking(1, () => sweeps.rows(epsilon / 2, q()))).toEqual([plain.rows])
  })

  test('take memory for one kernel at a time, and give it back', () => {
    const { there, back } = ways()
    const sweeps = sweepsOf(machine, () => there, () => back, false)
    const room = budget - kernelBytes(machine, there)
    // The points of both, in the formats that are asked for, stay with their clouds.
    for (const each of [epsilon, epsilon / 2]) {
      sweeps.settle(each)
      sweeps.rows(each, q())
    }
    sweeps.dispose()
    const before = watch.live.size
    for (const each of [epsilon, epsilon / 2]) {
      sweeps.settle(each)
      sweeps.rows(each, q())
      expect(machine.reserve(room + 1)).toBe(false)
      expect(machine.reserve(room)).toBe(true)
      machine.giveBack(room)
    }
    sweeps.dispose()
    expect(machine.reserve(budget)).toBe(true)
    expect(watch.live.size).toBe(before)
    // Without a budget they are sums each time.
    sweeps.settle(epsilon)
    watch.asked()
    expect(taking(2, () => sweeps.rows(epsilon, q()))).toEqual([plain.rows, plain.rows])
  })

  test('do without a kernel for which there is no memory, and do not try again', () => {
    const { there, back } = ways()
    const sweeps = sweepsOf(machine, () => there, () => back, false)
    const size = kernelBytes(machine, there)
    let tried = 0
    watch.refuse((bytes) => {
      if (bytes === size) tried += 1
      return bytes === size
    })
    sweeps.settle(epsilon)
    expect(taking(3, () => sweeps.rows(epsilon, q()))).toEqual([plain.rows, plain.rows, plain.rows])
    expect(tried).toBe(1)
    expect(machine.reserve(budget)).toBe(true)
    machine.giveBack(budget)
    watch.refuse(() => false)
    sweeps.settle(epsilon / 2)
    expect(taking(1, () => sweeps.rows(epsilon / 2, q()))).toEqual([stored])
  })

  test('give a kernel up after three failures, until epsilon changes', () => {
    const { there, back } = ways()
    const sweeps = sweepsOf(machine, () => there, () => back, false)
    const tries = (): readonly boolean[] => taking(5, () => sweeps.both(epsilon, p(500), q())).map((asked) => asked.includes('absorb'))
    sweeps.settle(epsilon)
    expect(tries()).toEqual([true, true, true, false, false])
    sweeps.settle(epsilon / 2)
    sweeps.settle(epsilon)
    expect(tries()).toEqual([true, true, true, false, false])
  })

  test('have float64 exponents once epsilon stays, where float32 would round off what counts', () => {
    const { there, back } = ways()
    expect(machine.reserve(budget)).toBe(true)
    const sweeps = sweepsOf(machine, () => there, () => back, false)
    const formatsOf = (times: number, call: () => unknown): readonly number[] => {
      for (let k = 0; k < times; k++) call()
      return watch.jobs().map(({ format }) => format)
    }
    const { float32, wide } = formats
    expect(formatsOf(8, () => sweeps.rows(epsilon, q()))).toEqual(Array.from({ length: 8 }, () => float32))
    expect(formatsOf(7, () => sweeps.rows(most / 15.9, q()))[6]).toBe(float32)
    expect(formatsOf(7, () => sweeps.rows(most / 16.1, q())).slice(5)).toEqual([float32, wide])
    expect(formatsOf(7, () => sweeps.columns(epsilon, p(17))).slice(5)).toEqual([float32, wide])
    expect(formatsOf(4, () => sweeps.both(0.9 * epsilon, p(), q(-17))).slice(2)).toEqual([float32, wide])
    sweeps.settle(epsilon / 3)
    expect(formatsOf(1, () => sweeps.rows(epsilon / 3, q()))).toEqual([wide])
  })

  test('are expansions where epsilon is large beside many points, each way by itself and both at once', () => {
    const cost = knownCost(squares)
    if (cost === undefined) throw new Error('the kernels know no squares')
    const [x, y] = [pointsOf(1, 300, 1), pointsOf(2, 200, 1)]
    const [there, back] = [pointDirection(machine, cost, x, y, 2), pointDirection(machine, cost, y, x, 2)]
    const sweeps = sweepsOf(machine, () => there, () => back, false)
    const [from, to] = [new Float64Array(300), new Float64Array(200)]
    const expanded = ['moments', 'expansion']
    expect(taking(8, () => sweeps.rows(1, to))).toEqual(Array.from({ length: 8 }, () => expanded))
    expect(taking(1, () => sweeps.columns(1, from))).toEqual([expanded])
    expect(taking(1, () => sweeps.both(1, from, to))).toEqual([[...expanded, ...expanded]])
    const marginal = (count: number) => ({ weights: new Float64Array(count).fill(1 / count), logWeights: new Float64Array(count), shift: Math.log(count) })
    expect(taking(1, () => sweeps.sweep(1, { source: marginal(300), target: marginal(200) }, to))).toEqual([[...expanded, ...expanded]])
    // Symmetric ones have but one way.
    const itself = pointDirection(machine, cost, x, x, 2)
    const one = sweepsOf(machine, () => itself, never, true)
    expect(taking(1, () => one.rows(1, from))).toEqual([expanded])
  })

  test('from a cloud to itself are of half of the entries, and one is both', () => {
    const cost = knownCost(squares)
    if (cost === undefined) throw new Error('the kernels know no squares')
    const x = pointsOf(1, m, 2)
    const there = pointDirection(machine, cost, x, x, most)
    const sweeps = sweepsOf(machine, () => there, () => there, true)
    // Scalings that make sums of about one.
    const near = sweeps.rows(epsilon, q()).map((value) => value / (2 * epsilon))
    watch.asked()
    expect(taking(1, () => sweeps.rows(epsilon, near))).toEqual([['symmetricSums']])
    expect(taking(1, () => sweeps.rows(epsilon, near.with(3, emptyLogarithm)))).toEqual([['softmin']])
    // Far from each other's updates sums are tried, and not safe.
    expect(taking(1, () => sweeps.rows(epsilon, q(-200)))).toEqual([['symmetricSums', 'softmin']])
    const { f, g } = sweeps.both(epsilon / 2, near, near.slice())
    expect(watch.asked()).toEqual(['symmetricSums'])
    expect(g).toBe(f)
    sweeps.both(epsilon / 2, near, near.map((value) => value + 1))
    expect(watch.asked()).toEqual(['bothSums'])
  })

  test('of a matrix are by its columns where costs lie within forty epsilons, and by its transpose elsewhere', () => {
    const there = matrix()
    const sweeps = sweepsOf(machine, () => there, never, false)
    expect(taking(1, () => sweeps.columns(most / 39, p()))).toEqual([['bothSums']])
    expect(() => sweeps.columns(most / 40, p())).toThrow('the other way')
    expect(() => sweeps.columns(most / 39, p().with(1, emptyLogarithm))).toThrow('the other way')
    // A wide one has no expansion, and asks for no transpose to find that out.
    expect(taking(2, () => [sweeps.columns(100 * most, p()), sweeps.rows(100 * most, q())])).toEqual([
      ['bothSums', 'softmin'],
      ['bothSums', 'softmin'],
    ])
    // Stored, it takes half of the largest cost for what it does not know, where that is near enough.
    for (const [each, first] of [[most / 29.9, 'storeKernel'], [most / 30, 'softmin']] as const) {
      const sides = [matrix(), ways().back] as const
      const settled = sweepsOf(machine, () => sides[0], () => sides[1], false)
      settled.settle(each)
      expect(taking(1, () => settled.columns(each, p()))[0]?.[0]).toBe(first)
    }
    // The other way of points is read by its rows.
    const turned = sweepsOf(machine, () => ways().there, () => ways().back, false)
    expect(taking(1, () => turned.columns(most / 39, p()))).toEqual([['softmin']])
  })
})

describe('whole sweeps', () => {
  const marginal = (count: number) => ({ weights: new Float64Array(count).fill(1 / count), logWeights: new Float64Array(count), shift: Math.log(count) })
  const marginals = { source: marginal(n), target: marginal(m) }

  const sweepsBetween = (): Sweeps => {
    const { there, back } = ways()
    return sweepsOf(machine, () => there, () => back, false)
  }

  test('are two halves at first, and one reading of a stored kernel where epsilon stays', () => {
    const sweeps = sweepsBetween()
    sweeps.sweep(epsilon, marginals, new Float64Array(m))
    expect(watch.asked()).toEqual(['softmin', 'softmin'])
    sweeps.settle(epsilon)
    sweeps.sweep(epsilon, marginals, new Float64Array(m))
    expect(watch.asked()).toEqual(['scalings', 'absorbingSweep', 'potentials'])
    sweeps.sweep(epsilon, marginals, new Float64Array(m))
    expect(watch.asked()).toEqual(['wholeSweep'])
    // Potentials that have gone far are absorbed anew.
    sweeps.sweep(epsilon, marginals, new Float64Array(m).fill(40 * epsilon))
    expect(watch.asked()).toEqual(['scalings', 'absorbingSweep', 'potentials'])
    sweeps.sweep(epsilon, marginals, new Float64Array(m).fill(50 * epsilon))
    expect(watch.asked()).toEqual(['wholeSweep'])
  })
})

describe('sums over plans', () => {
  type Plan = NonNullable<Parameters<typeof reduce>[2]['plan']>
  const plan = (over: Partial<Plan> = {}): Plan => ({ epsilon, p: p(), q: q(), ...over })
  const jobOf = (direction: Direction, reduction: Parameters<typeof reduce>[2]) => {
    reduce(machine, direction, reduction)
    const [job] = watch.jobs()
    if (job === undefined) throw new Error('nothing was asked for')
    return job
  }
  const ones = (count: number, each = 1): Float64Array => new Float64Array(count).fill(each)

  test('have float64 exponents where float32 would round off what counts', () => {
    const { there } = ways()
    const formatOf = (over: Partial<Plan>): number => jobOf(there, { plan: plan(over), values: ones(m), width: 1 }).format
    expect(formatOf({ epsilon: most / 15.9 })).toBe(formats.float32)
    expect(formatOf({ epsilon: most / 16.1 })).toBe(formats.wide)
    expect(formatOf({ p: p(15.9) })).toBe(formats.float32)
    expect(formatOf({ p: p(-16.1) })).toBe(formats.wide)
    expect(formatOf({ q: ones(m, -16.1) })).toBe(formats.wide)
    // Points without weight ask for no digits.
    expect(formatOf({ p: p().with(2, emptyLogarithm), q: q().with(3, emptyLogarithm) })).toBe(formats.float32)
    expect(jobOf(there, { values: ones(m), cost: true, width: 1 }).format).toBe(formats.float32)
  })

  test('of slopes with ones leave the rows their factors', () => {
    const { there } = ways()
    const has = (slope: { readonly u: Float64Array; readonly v: Float64Array }, width: number, flag: number): boolean =>
      ((jobOf(there, { plan: plan(), slope, width }).flags ?? 0) & flag) !== 0
    const slopes = { u: ones(n, 3), v: ones(m) }
    expect([has(slopes, 1, flags.scaled), has(slopes, 1, flags.pair)]).toEqual([true, false])
    const others = { u: ones(n), v: ones(m).with(m - 1, 2) }
    expect([has(others, 1, flags.scaled), has(others, 1, flags.pair)]).toEqual([false, true])
    const two = { u: ones(2 * n), v: ones(2 * m) }
    expect([has(two, 2, flags.scaled), has(two, 2, flags.pair)]).toEqual([false, true])
  })

  test('of slopes are taken as sparse in many dimensions, where exponents are wide and points in float64 are prepared', () => {
    const { there } = ways(9)
    const sparse = (direction: Direction, each: number): boolean =>
      ((jobOf(direction, { plan: plan({ epsilon: each }), slope: { u: ones(n), v: ones(m) }, width: 1 }).flags ?? 0) & flags.sparse) !== 0
    expect([most / 100, most / 15].map((each) => sparse(there, each))).toEqual([true, false])
    expect(sparse(ways(2).there, most / 100)).toBe(false)
    there.use(3)
    // Costs are there in float64 now: points are asked for where not even these do.
    watch.jobs()
    expect([most / 100, most / 1000].map((each) => sparse(there, each))).toEqual([false, true])
    const sums = jobOf(there, { plan: plan({ epsilon: most / 1000 }), values: ones(m), width: 1 })
    expect((sums.flags ?? 0) & flags.sparse).toBe(0)
  })
})
