import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { dispose } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, tolerance } from '../../../tooling/testing/src/index.ts'
import { annealing, constantSchedule, geometricSchedule, leap, solve } from './index.js'
import type { Solution, SolveOptions } from './index.js'
import { solveSymmetric } from './least-squares.js'

type Vector = readonly number[]

const [x, y] = [[[0, 1], [1.5, -0.5], [0.25, 0.75]], [[1, 1], [-0.5, 0.5], [0, 2], [2, 0]]]
const costs = x.map((from) => y.map((to) => from.reduce((sum, value, axis) => sum + (value - (to[axis] ?? NaN)) ** 2 / 2, 0)))

/** Sinkhorn's algorithm in plain loops, on weights a and b of any mass, with soft marginals where rho is finite. */
const plain = (a: Vector, b: Vector, rho: number) => {
  const damping = (epsilon: number): number => (rho === Infinity ? 1 : 1 / (1 + epsilon / rho))
  const softmin = (epsilon: number, weights: Vector, potential: Vector, costOf: (j: number) => number): number =>
    -damping(epsilon) * epsilon * Math.log(weights.reduce((sum, w, j) => sum + w * Math.exp(((potential[j] ?? NaN) - costOf(j)) / epsilon), 0))
  const sourceFrom = (epsilon: number, g: Vector): Vector => x.map((_, i) => softmin(epsilon, b, g, (j) => costs[i]?.[j] ?? NaN))
  const targetFrom = (epsilon: number, f: Vector): Vector => y.map((_, j) => softmin(epsilon, a, f, (i) => costs[i]?.[j] ?? NaN))
  const mass = (weights: Vector, potential: Vector): number => weights.reduce((sum, w, k) => sum + w * Math.exp(-(potential[k] ?? NaN) / rho), 0)
  /** Masses of both soft marginals are made equal. */
  const translated = (f: Vector, g: Vector): readonly [Vector, Vector] => {
    const shift = rho === Infinity ? 0 : (rho / 2) * Math.log(mass(a, f) / mass(b, g))
    return [f.map((value) => value + shift), g.map((value) => value - shift)]
  }
  return { sourceFrom, targetFrom, translated }
}

const between = (from: Vector, to: Vector, factor: number): Vector => from.map((value, k) => (1 - factor) * value + factor * (to[k] ?? NaN))

eachBackend('sweeps are what they are in plain loops', (backend) => {
  const weights = [[0.5, 1, 0.25], [0.5, 0.25, 0.75, 0.25]] as const
  const expectNear = (found: ArrayLike<number>, expected: Vector): void => {
    const within = tolerance(backend(), { float64: 1e-10, float32: 1e-4 })
    expect(found).toHaveLength(expected.length)
    expected.forEach((value, k) => expect(Math.abs((found[k] ?? NaN) - value)).toBeLessThan(within * (1 + Math.abs(value))))
  }
  const solved = (options: SolveOptions, b: Vector, check: (solution: Solution) => void): void => {
    const measures = [fromArrays(x, weights[0], backend()), fromArrays(y, b, backend())].map(measureOrThrow)
    const [mu, nu] = measures as [never, never]
    const solution = solve(options)(backend())(mu, nu)
    check(solution)
    dispose([solution.f, solution.g])
    measures.forEach(disposeMeasure)
  }
  const epsilons = [2, 0.5, 0.5]
  const schedule = (_: number, epsilon: number): readonly number[] => [...epsilons.slice(0, -1), epsilon]
  const blur = Math.sqrt(0.5)

  test.each([
    ['averaged', undefined],
    ['averaged, of soft marginals', 1.5],
  ])('%s', (_, reach) => {
    const b = reach === undefined ? weights[1] : weights[1].map((weight) => 2 * weight)
    const { sourceFrom, targetFrom } = plain(weights[0], b, reach === undefined ? Infinity : reach ** 2)
    let [f, g] = [sourceFrom(2, y.map(() => 0)), targetFrom(2, x.map(() => 0))]
    for (const epsilon of epsilons) [f, g] = [between(f, sourceFrom(epsilon, g), 0.5), between(g, targetFrom(epsilon, f), 0.5)]
    solved({ blur, schedule, ...(reach === undefined ? {} : { reach }) }, b, (solution) => {
      expect([solution.iterations, solution.converged]).toEqual([3, true])
      expectNear(solution.f.dataSync(), sourceFrom(0.5, g))
      expectNear(solution.g.dataSync(), targetFrom(0.5, f))
    })
  })

  test('averaged, and stopped before the schedule ends, where they are', () => {
    const { sourceFrom, targetFrom } = plain(weights[0], weights[1], Infinity)
    let [f, g] = [sourceFrom(2, y.map(() => 0)), targetFrom(2, x.map(() => 0))]
    for (const epsilon of epsilons.slice(0, 2)) [f, g] = [between(f, sourceFrom(epsilon, g), 0.5), between(g, targetFrom(epsilon, f), 0.5)]
    solved({ blur, schedule, maximumIterations: 2 }, weights[1], (solution) => {
      expect([solution.iterations, solution.converged]).toEqual([2, false])
      expectNear(solution.f.dataSync(), sourceFrom(0.5, g))
      expectNear(solution.g.dataSync(), targetFrom(0.5, f))
    })
  })

  test.each([
    ['one after the other', { kind: 'none' } as const, 1, undefined],
    ['relaxed', { kind: 'relaxation', factor: 1.25 } as const, 1.25, undefined],
    ['one after the other, of soft marginals', { kind: 'none' } as const, 1, 1.5],
    ['relaxed, of soft marginals', { kind: 'relaxation', factor: 0.75 } as const, 0.75, 1.5],
  ])('%s', (_, acceleration, factor, reach) => {
    const b = reach === undefined ? weights[1] : weights[1].map((weight) => 2 * weight)
    const { sourceFrom, targetFrom, translated } = plain(weights[0], b, reach === undefined ? Infinity : reach ** 2)
    let [f, g] = [sourceFrom(2, y.map(() => 0)), targetFrom(2, x.map(() => 0))]
    for (const epsilon of epsilons) {
      ;[f, g] = translated(between(f, sourceFrom(epsilon, g), factor), g)
      g = between(g, targetFrom(epsilon, f), factor)
    }
    solved({ blur, schedule, acceleration, ...(reach === undefined ? {} : { reach }) }, b, (solution) => {
      expectNear(solution.f.dataSync(), sourceFrom(0.5, g))
      expectNear(solution.g.dataSync(), targetFrom(0.5, f))
    })
  })

  test('all ways to the optimum come to the same, and tell how far they are', () => {
    const within = tolerance(backend(), { float64: 1e-9, float32: 1e-4 })
    for (const reach of [undefined, 1.5]) {
      const { sourceFrom, targetFrom, translated } = plain(weights[0], weights[1], reach === undefined ? Infinity : reach ** 2)
      let [f, g] = [x.map(() => 0) as Vector, y.map(() => 0) as Vector]
      for (let sweep = 0; sweep < 3000; sweep++) {
        ;[f, g] = translated(sourceFrom(0.5, g), g)
        g = targetFrom(0.5, f)
      }
      const kinds = [undefined, { kind: 'none' }, { kind: 'relaxation', factor: 1.5 }, { kind: 'anderson', memory: 1 }, { kind: 'anderson', memory: 4 }, { kind: 'newton' }] as const
      for (const acceleration of kinds)
        solved({ blur, tolerance: within / 10, ...(acceleration && { acceleration }), ...(reach === undefined ? {} : { reach }) }, weights[1], (solution) => {
          expect(solution.converged).toBe(true)
          expect(solution.marginalError).toBeLessThan(within)
          const gauge = reach === undefined ? (solution.f.dataSync()[0] ?? NaN) - (f[0] ?? NaN) : 0
          Array.from(solution.f.dataSync()).forEach((value, i) => expect(Math.abs(value - gauge - (f[i] ?? NaN))).toBeLessThan(10 * within))
          Array.from(solution.g.dataSync()).forEach((value, j) => expect(Math.abs(value + gauge - (g[j] ?? NaN))).toBeLessThan(10 * within))
        })
    }
  })

  test('the most sweeps are the most, and what is not reached is told', () => {
    solved({ blur, tolerance: 1e-300, maximumIterations: 7 }, weights[1], ({ iterations, converged }) => {
      expect([iterations, converged]).toEqual([7, false])
    })
    solved({ blur, schedule: constantSchedule(9), maximumIterations: 4 }, weights[1], ({ iterations, converged }) => {
      expect([iterations, converged]).toEqual([4, false])
    })
  })

  test('what is far from its end has a finite error', () => {
    const mass = 1.75
    for (const acceleration of [undefined, { kind: 'none' }, { kind: 'relaxation', factor: 1.25 }, { kind: 'anderson', memory: 4 }] as const)
      for (const maximumIterations of [1, 3, 7])
        solved({ blur: 0.05, tolerance: 1e-300, maximumIterations, ...(acceleration && { acceleration }) }, weights[1], (solution) => {
          const { converged, marginalError, value, lower, upper } = solution
          expect(converged).toBe(false)
          expect(marginalError).toBeLessThan(2.1 * mass)
          expect([value, lower, upper].every((number) => Number.isFinite(number))).toBe(true)
          expect(lower).toBeLessThanOrEqual(upper)
        })
  })

  test('a plan that no number holds the mass of is refused, with the reason', () => {
    const clouds = [[[0.51, 0.99], [0.75, 0.97], [0.03, 0.27]], [[0.19, 0.15], [0.14, 0.65], [0.06, 0.85]]]
    const [mu, nu] = clouds.map((points) => measureOrThrow(fromArrays(points, undefined, backend()))) as [never, never]
    expect(() => solve({ blur: 1e-3, schedule: constantSchedule(1) })(backend())(mu, nu)).toThrow(/so few sweeps/)
    ;[mu, nu].forEach(disposeMeasure)
  })

  test('what is not said is the default', () => {
    const found = (options: SolveOptions): readonly number[] => {
      const numbers: number[] = []
      solved(options, weights[1], ({ f, g, iterations, lower, upper }) => numbers.push(...f.dataSync(), ...g.dataSync(), iterations, lower, upper))
      return numbers
    }
    expect(found({})).toEqual(found({ p: 2, blur: 0.05, scaling: 0.5, schedule: annealing(0.5, 2), maximumIterations: 100_000, certificate: true }))
    expect(found({ certificate: false }).slice(-2)).toEqual([-Infinity, Infinity])
    expect(found({ p: 1, blur: 0.5, diameter: 4, scaling: 0.7 })).toEqual(found({ p: 1, blur: 0.5, diameter: 4, schedule: annealing(0.7, 1) }))
  })
})

describe('parts', () => {
  test('schedules are their formulas', () => {
    expect(annealing(0.5, 2)(1, 1 / 16)).toEqual([1, 1, 0.25, 0.0625].map((each) => expect.closeTo(each, 12)))
    expect(annealing(0.5, 1)(4, 1)).toEqual([4, 4, 2, 1].map((each) => expect.closeTo(each, 12)))
    expect(annealing(0.5, 2)(0, 3)).toEqual([3])
    expect(geometricSchedule(3)(4, 1)).toEqual([4, 2, 1].map((each) => expect.closeTo(each, 12)))
    expect(geometricSchedule(2)(1, 4)).toEqual([4, 4])
    expect(constantSchedule(2)(9, 4)).toEqual([4, 4])
    expect(leap(30, 1)).toEqual([1])
    expect(leap(900, 1)).toEqual([expect.closeTo(30, 10), 1])
    expect([leap(31, 1), leap(999, 1), leap(1001, 1), leap(1, 1), leap(0, 1)].map(({ length }) => length)).toEqual([2, 3, 5, 1, 1])
  })

  test('a symmetric system is solved', () => {
    const gram = [[4], [2, 3], [0, 1, 2]]
    const [one = NaN, two = NaN, three = NaN] = solveSymmetric(gram, [1, 2, 3])
    expect([4 * one + 2 * two, 2 * one + 3 * two + three, two + 2 * three]).toEqual([1, 2, 3].map((value) => expect.closeTo(value, 7)))
  })
})
