import type { Backend } from '@monge/backend'
import { valueAndGradient } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { dispose } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, reference, tolerance } from '../../../tooling/testing/src/index.ts'
import { hausdorffDivergence, sinkhornCost, sinkhornDivergence, solve } from './index.js'
import type { SinkhornOptions } from './index.js'

type Points = readonly (readonly number[])[]

interface Data {
  readonly x: Points
  readonly y: Points
  readonly a: readonly number[]
  readonly b: readonly number[]
  /** The unit of length. */
  readonly size: number
}

const x: Points = [[0, 0], [1, 0], [0.25, 1], [1.5, 1.25], [0.5, 0.5]]
const y: Points = [[0.5, -0.25], [1.25, 0.75], [2, 1]]
const a = [0.1, 0.2, 0.3, 0.15, 0.25]
const b = [0.5, 0.2, 0.3]

/** What every number format holds, so that all backends are asked the same. */
const rounded = (points: Points): Points => points.map((point) => point.map(Math.fround))
const moved = (points: Points, factor: number, by: number): Points =>
  rounded(points.map((point) => point.map((entry) => factor * entry + by)))

const plain: Data = { x, y, a, b, size: 1 }
const at = (factor: number, by: number): Data => ({ x: moved(x, factor, by), y: moved(y, factor, by), a, b, size: factor })

const cases: Readonly<Record<string, Data>> = {
  'plain clouds': plain,
  duplicates: { ...plain, x: [...x.slice(0, 3), [1, 0], [1, 0]], y: [[1, 0], [1, 0], [2, 1]] },
  'zero weights': { ...plain, a: [0, 0.45, 0.3, 0, 0.25], b: [0.5, 0, 0.5] },
  'one point against many': { ...plain, x: [[0.5, 0.5]], a: [1] },
  'one point against one': { ...plain, x: [[0.5, 0.5]], a: [1], y: [[2, 1]], b: [1] },
  'identical clouds': { ...plain, y: x, b: a },
  'one point and itself': { ...plain, x: [[3, 4]], a: [1], y: [[3, 4]], b: [1] },
  'clouds shifted by 10 000': at(1, 1e4),
  'clouds scaled by 1e-6': at(1e-6, 0),
  'clouds scaled by 1e6': at(1e6, 0),
  'weights of 1e-6 beside ones of one': { ...plain, b: [1 - 2e-6, 1e-6, 1e-6] },
}

type Make = (options: SinkhornOptions) => (backend: Backend) => Loss

const losses: Readonly<Record<string, readonly [Make, SinkhornOptions]>> = {
  'divergence, p = 2': [sinkhornDivergence, {}],
  'divergence, p = 1': [sinkhornDivergence, { p: 1 }],
  'divergence with reach': [sinkhornDivergence, { reach: 1 }],
  'cost, p = 1, with reach': [sinkhornCost, { p: 1, reach: 0.5 }],
  'cost at the optimum': [sinkhornCost, { tolerance: 1e-5 }],
  'soft Hausdorff divergence': [hausdorffDivergence, {}],
}

const exactly = await reference()

/** Lengths in units of the data's. */
const inUnits = (options: SinkhornOptions, size: number): SinkhornOptions => ({
  ...options,
  blur: 0.3 * size,
  ...(options.reach !== undefined && { reach: options.reach * size }),
})

const measuresOf = (data: Data, backend: Backend) =>
  [
    measureOrThrow(fromArrays(data.x, data.a, backend)),
    measureOrThrow(fromArrays(data.y, data.b, backend)),
  ] as const

const evaluate = (make: Make, options: SinkhornOptions, data: Data, backend: Backend) => {
  const [mu, nu] = measuresOf(data, backend)
  const found = valueAndGradient(make(inUnits(options, data.size))(backend))(mu, nu)
  const numbers = {
    value: found.value.dataSync()[0] ?? Number.NaN,
    points: [...found.mu.points.dataSync(), ...found.nu.points.dataSync()],
    weights: [...found.mu.weights.dataSync(), ...found.nu.weights.dataSync()],
  }
  dispose([found.value, found.mu.points, found.mu.weights, found.nu.points, found.nu.weights])
  for (const measure of [mu, nu]) disposeMeasure(measure)
  return numbers
}

eachBackend('difficult data', (backend) => {
  describe.each(Object.entries(losses))('%s', (_, [make, options]) => {
    test.each(Object.entries(cases))('is right of %s, with its gradient', (__, data) => {
      const found = evaluate(make, options, data, backend())
      const expected = evaluate(make, options, data, exactly)
      const cost = data.size ** (options.p ?? 2)
      const allowed = tolerance(backend(), { float64: 1e-12, float32: 1e-5 })
      expect(Math.abs(found.value - expected.value)).toBeLessThanOrEqual(allowed * cost)
      const expectSlopes = (slopes: readonly number[], wanted: readonly number[], unit: number): void => {
        slopes.forEach((slope, index) => {
          const right = wanted[index] ?? Number.NaN
          // The soft Hausdorff divergence has huge slopes in the weights of far points of none.
          expect(Math.abs(slope - right)).toBeLessThanOrEqual(20 * allowed * (unit + Math.abs(right)))
        })
      }
      expectSlopes(found.points, expected.points, cost / data.size)
      expectSlopes(found.weights, expected.weights, cost)
    })
  })

  test.each(Object.entries(cases))('a solution of %s is right', (_, data) => {
    const run = (place: Backend) => {
      const [mu, nu] = measuresOf(data, place)
      const { f, g, plan: __, ...numbers } = solve({ ...inUnits({}, data.size), tolerance: 1e-5 })(place)(mu, nu)
      dispose([f, g])
      for (const measure of [mu, nu]) disposeMeasure(measure)
      return numbers
    }
    const [found, expected] = [run(backend()), run(exactly)]
    const cost = data.size ** 2
    expect(found.converged).toBe(true)
    for (const key of ['value', 'lower', 'upper'] as const)
      expect(Math.abs(found[key] - expected[key]), key).toBeLessThanOrEqual(1e-4 * cost)
    expect(found.lower).toBeLessThanOrEqual(found.upper)
  })
})
