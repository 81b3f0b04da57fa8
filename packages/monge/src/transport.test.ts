import { euclidean } from '@monge/costs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachBackend, pairArbitrary, runs, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { transport } from './index.js'
import type { Clouds, CostClouds, TransportOptions } from './index.js'

const x = [[0, 0], [1, 0], [0, 1]]
const y = [[0, 2], [2, 1]]
const b = [0.25, 0.75]

const sums = (plan: ArrayLike<number>, n: number): { readonly rows: readonly number[]; readonly columns: readonly number[] } => {
  const m = plan.length / n
  const at = (i: number, j: number): number => plan[i * m + j]
  return {
    rows: Array.from({ length: n }, (_, i) => Array.from({ length: m }, (__, j) => at(i, j)).reduce((s, v) => s + v, 0)),
    columns: Array.from({ length: m }, (_, j) => Array.from({ length: n }, (__, i) => at(i, j)).reduce((s, v) => s + v, 0)),
  }
}

eachBackend('transport', (backend) => {
  const expectNear = (actual: readonly number[], expected: readonly number[], allowed: number): void =>
    expected.forEach((value, i) => expect(Math.abs(actual[i] - value), `${actual[i]} for ${value}`).toBeLessThan(allowed))

  test('encloses the optimum between bounds, and its plan has the marginals', () => {
    const pairs = pairArbitrary({ settings: ['near'], maxPoints: 6, shapes: ['uniform', 'weighted', 'duplicates', 'single'] })
    fc.assert(
      fc.property(pairs, ({ mu, nu }) => {
        withoutLeaks(() => {
          const clouds = { x: mu.points, y: nu.points, a: mu.weights, b: nu.weights }
          const { lower, upper, marginalError, converged, plan, f, g } = transport({ blur: 0.5, tolerance: 1e-5 })(backend())(clouds)
          const rounding = tolerance(backend(), { float64: 1e-12, float32: 1e-5 })
          expect(lower).toBeLessThanOrEqual(upper + rounding)
          expect(marginalError).toBeLessThan(tolerance(backend(), { float64: 1.1e-5, float32: 3e-5 }))
          expect(converged).toBe(true)
          expect([f.length, g.length]).toEqual([mu.points.length, nu.points.length])
          const { rows, columns } = sums(plan(), mu.points.length)
          expectNear(rows, mu.weights, 1e-4)
          expectNear(columns, nu.weights, 1e-4)
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test('finds the one plan onto a point, and its cost', () => {
    const { value, lower, upper, plan } = transport({ p: 1, blur: 0.1 })(backend())({ x: [[3, 0], [0, 4]], y: [[0, 0]], a: [0.5, 0.5] })
    // Onto one point the entropic term vanishes, and the bounds meet.
    expectNear([value, lower, upper, ...plan()], [3.5, 3.5, 3.5, 0.5, 0.5], tolerance(backend(), { float64: 1e-9, float32: 1e-4 }))
  })

  test('gives up mass that has too far to go', () => {
    const { plan } = transport({ blur: 0.1, reach: 0.5 })(backend())({ x: [[0], [9]], y: [[0]] })
    const [near, far] = plan()
    expect(near).toBeGreaterThan(0.4)
    expect(far).toBeLessThan(1e-6)
  })

  test('knows a problem by its costs alone', () => {
    withoutLeaks(() => {
      const cost = x.map((from) => y.map((to) => Math.hypot(from[0] - to[0], from[1] - to[1])))
      const [n, m] = [x.length, y.length]
      const options = { p: 1, blur: 0.5, schedule: () => Array.from({ length: 9 }, () => 0.5) }
      const expected = transport({ ...options, cost: euclidean })(backend())({ x, y, b })
      const close = tolerance(backend(), { float64: 1e-6, float32: 1e-4 })
      for (const given of [cost, { data: Float64Array.from(cost.flat()), shape: [n, m] as const }]) {
        const found = transport(options)(backend())({ cost: given, b })
        expectNear([found.value, found.lower], [expected.value, expected.lower], close)
        expectNear(Array.from(found.plan()), Array.from(expected.plan()), close)
      }
    })
  })

  test('gives a plan of the clouds as they were, and as often as it is asked', () => {
    const clouds = { x: structuredClone(x), y: Float64Array.of(0, 2, 2, 1), b: [...b] }
    const problem = { ...clouds, y: { data: clouds.y, shape: [2, 2] as const } }
    const solution = transport({ blur: 0.5 })(backend())(problem)
    const before = solution.plan()
    clouds.x[0][0] = 100
    clouds.y.fill(5)
    clouds.b.fill(1)
    solution.f.fill(0)
    expect(solution.plan()).toEqual(before)
  })

  test('gives the same twice, and changes nothing that it is given', () => {
    const clouds = { x, y, b }
    const before = structuredClone(clouds)
    const [first, second] = [1, 2].map(() => transport({ blur: 0.3 })(backend())(clouds))
    expect({ ...first, plan: first.plan() }).toEqual({ ...second, plan: second.plan() })
    expect(clouds).toEqual(before)
  })

  test('tells of its progress, and stops when its signal is raised', () => {
    withoutLeaks(() => {
      const errors: number[] = []
      const controller = new AbortController()
      const onProgress: TransportOptions['onProgress'] = ({ iteration }) => {
        errors.push(iteration)
        if (errors.length === 3) controller.abort()
      }
      const call = () => transport({ signal: controller.signal, onProgress })(backend())({ x, y, b })
      expect(call).toThrow(expect.objectContaining({ tag: 'Aborted' }))
      expect(errors.length).toBe(3)
    })
  })

  describe('refuses', () => {
    test.each<readonly [string, unknown, string, string]>([
      ['a wrong number', { x, y: [[0, NaN]] }, 'InvalidMeasure', 'transport: y'],
      ['a negative weight', { x, y, b: [-1, 2] }, 'InvalidMeasure', 'transport: b'],
      ['an unknown key', { x, y, c: 1 }, 'InvalidOption', 'transport'],
      ['costs and points at once', { cost: [[1]], x }, 'InvalidOption', 'transport'],
      ['weights that are fewer than costs', { cost: [[1, 2]], b: [1] }, 'InvalidMeasure', 'transport: b'],
      ['ragged costs', { cost: [[1, 2], [1]] }, 'InvalidArgument', 'fromMatrix'],
      ['costs that are no numbers', { cost: [[1, NaN]] }, 'InvalidArgument', 'fromMatrix'],
    ])('%s', (_, problem, tag, where) => {
      withoutLeaks(() => {
        expect(() => transport()(backend())(problem as Clouds | CostClouds)).toThrow(expect.objectContaining({ tag, where }))
      })
    })

    test.each<readonly [string, object]>([
      ['a blur of zero', { blur: 0 }],
      ['a tolerance below zero', { tolerance: -1 }],
      ['an unknown option', { epsilon: 1 }],
    ])('%s, before there is a backend', (_, options) => {
      expect(() => transport(options)).toThrow(expect.objectContaining({ tag: 'InvalidOption' }))
    })

    test('a cost beside a matrix of costs', () => {
      const call = () => transport({ cost: euclidean })(backend())({ cost: [[1]] })
      expect(call).toThrow(expect.objectContaining({ tag: 'InvalidOption', where: 'transport: cost' }))
    })
  })
})
