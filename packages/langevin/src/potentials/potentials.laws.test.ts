import { tensorFrom } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { addN, grad, mul, square, sub, sum, tidy } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import {
  banana,
  box,
  combine,
  density,
  doubleWell,
  fromFunction,
  fromTerms,
  gaussian,
  gaussianMixture,
  logisticRegression,
  mixture,
  restrict,
  ring,
  temper,
} from '../index.js'
import type { Potential } from '../index.js'

const covariance = [
  [2, 0.6],
  [0.6, 0.5],
]
const samples = [
  [0, 0],
  [1, 2],
  [-1, 0.5],
  [2, -1],
]
const features = [
  [1, 0.5],
  [1, -1.5],
  [1, 2],
  [1, 0.1],
  [1, -0.3],
]
const labels = [1, 0, 1, 0, 0]

type Maker = (backend: Backend) => Potential

const tilted: Maker = gaussian({ mean: [1, -2], covariance })
const mild: Maker = banana({ curvature: 0.2, spread: 1.5 })
const round: Maker = gaussian({ mean: [0, 1], covariance: [1, 4] })

const ofSamples: Maker = (backend) => {
  const measure = measureOrThrow(fromArrays(samples, [1, 0, 2, 1], backend))
  const potential = density(measure, { bandwidth: 0.7 })(backend)
  disposeMeasure(measure)
  return potential
}

interface Case {
  readonly name: string
  readonly make: Maker
  /** That of `exp(-V)`, where it is known. */
  readonly mass?: number
}

/** All in the plane. */
const makers: readonly Case[] = [
  { name: 'gaussian', make: tilted, mass: 1 },
  { name: 'gaussian with variances', make: round, mass: 1 },
  { name: 'gaussianMixture of balls', make: gaussianMixture({ means: samples, covariance: 0.5, weights: [1, 2, 3, 4] }), mass: 1 },
  { name: 'gaussianMixture of ellipses', make: gaussianMixture({ means: [[0, 0], [3, 1]], covariances: [covariance, [1, 0.3]] }), mass: 1 },
  { name: 'banana', make: mild, mass: 1 },
  { name: 'ring', make: ring() },
  { name: 'doubleWell', make: doubleWell() },
  { name: 'logisticRegression', make: logisticRegression({ features, labels, priorVariance: 2 }) },
  { name: 'density', make: ofSamples, mass: 1 },
  { name: 'fromFunction of a value', make: fromFunction({ value: (x) => sum(square(square(x)), 1) }) },
  { name: 'mixture', make: (backend) => mixture([tilted(backend), mild(backend)], [1, 3]), mass: 1 },
  { name: 'temper', make: (backend) => temper(0.5)(round(backend)), mass: 4 * Math.sqrt(Math.PI) },
  { name: 'combine', make: (backend) => combine([[2, tilted(backend)], [-1, ring()(backend)]]) },
  { name: 'fromTerms', make: fromTerms({ terms: 2, value: (x) => sum(square(x), 1) }) },
]

/** Points that are kept away from the kinks, if there are any. */
const pointsArbitrary = fc.array(fc.tuple(fc.double({ min: 0.3, max: 2.5, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true })), {
  minLength: 1,
  maxLength: 5,
})

eachBackend('potentials', (backend) => {
  const at = (rows: readonly (readonly number[])[]): Tensor2D =>
    backend().within(() => tensorFrom<Tensor2D>(rows.flat(), [rows.length, rows[0]?.length ?? 0]))

  const read = (body: () => Tensor): readonly number[] => {
    const tensor = body()
    const values = Array.from(tensor.dataSync())
    tensor.dispose()
    return values
  }

  describe.each(makers)('$name', ({ make }) => {
    const differenceStep = (): number => tolerance(backend(), { float64: 1e-5, float32: 2e-2 })

    test('has the gradient that differences show', () => {
      const potential = make(backend())
      fc.assert(
        fc.property(pointsArbitrary, (rows) => {
          const points = at(rows)
          const gradient = read(() => potential.gradient(points))
          points.dispose()
          const h = differenceStep()
          for (const axis of [0, 1]) {
            const moved = (by: number): readonly number[] => {
              const there = at(rows.map((row) => row.map((x, k) => (k === axis ? x + by : x))))
              const values = read(() => potential.value(there))
              there.dispose()
              return values
            }
            const [above, below] = [moved(h), moved(-h)]
            rows.forEach((__, i) => {
              const slope = gradient[2 * i + axis] as number
              const difference = ((above[i] as number) - (below[i] as number)) / (2 * h)
              expect(Math.abs(slope - difference)).toBeLessThanOrEqual(
                tolerance(backend(), { float64: 1e-6, float32: 2e-2 }) * (1 + Math.abs(slope)),
              )
            })
          }
        }),
        { numRuns: runs(100) },
      )
    })

    test('gives value and gradient together as it does apart, and leaves no tensor behind', () =>
      withoutLeaks(() => {
        const potential = make(backend())
        const points = at([[1, 2], [0.5, -1]])
        const both = potential.valueAndGradient(points)
        expect(both.value.shape).toEqual([2])
        expect(both.gradient.shape).toEqual([2, 2])
        expect(read(() => potential.value(points))).toEqual(Array.from(both.value.dataSync()))
        expect(read(() => potential.gradient(points))).toEqual(Array.from(both.gradient.dataSync()))
        return [points, both.value, both.gradient]
      }))

    test('is differentiable by tfjs', () => {
      const potential = make(backend())
      const points = at([[1, 2], [0.5, -1]])
      const taped = read(() => backend().within(() => tidy(() => grad((x: Tensor) => sum(potential.value(x as Tensor2D)))(points))))
      const direct = read(() => potential.gradient(points))
      points.dispose()
      taped.forEach((slope, i) => expect(slope).toBeCloseTo(direct[i] as number, 4))
    })
  })

  test.each(makers.filter(({ mass }) => mass !== undefined))('$name is the potential of a distribution of known mass', ({ make, mass = 0 }) => {
    const potential = make(backend())
    const [side, count] = [28, 141]
    const width = side / (count - 1)
    const grid = Array.from({ length: count ** 2 }, (__, i) => [
      width * (i % count) - side / 2,
      width * Math.floor(i / count) - side / 2 + 2,
    ])
    const points = at(grid)
    const values = read(() => potential.value(points))
    points.dispose()
    const integral = values.reduce((total, value) => total + Math.exp(-value), 0) * width ** 2
    expect(Math.abs(integral / mass - 1)).toBeLessThan(1e-3)
  })

  test('without a matrix is the same as with one', () => {
    const points = at(samples)
    const [plain, full] = [round(backend()), gaussian({ mean: [0, 1], covariance: [[1, 0], [0, 4]] })(backend())]
    expect(read(() => full.value(points))).toEqual(read(() => plain.value(points)).map((value) => expect.closeTo(value, 5)))
    const one = gaussianMixture({ means: [[0, 1]], covariances: [[1, 4]] })(backend())
    expect(read(() => one.gradient(points))).toEqual(read(() => plain.gradient(points)).map((slope) => expect.closeTo(slope, 5)))
    points.dispose()
  })

  test('restrict is infinite outside', () => {
    const points = at([[0.5, 0.5], [2, 0]])
    const potential = restrict(box({ low: [0, 0], high: [1, 1] }))(round(backend()))
    const [inside, outside] = read(() => potential.value(points))
    expect(Number.isFinite(inside)).toBe(true)
    expect(outside).toBe(Infinity)
    points.dispose()
  })

  test('a mixture is infinite outside of all its parts, and in one alone it is that one', () => {
    const points = at([[0.5, 0.5], [2, 0.5], [5, 5]])
    const parts = [0, 1.5].map((low) => restrict(box({ low: [low, 0], high: [low + 1, 1] }))(round(backend())))
    const heights = read(() => mixture(parts).value(points))
    const inside = read(() => round(backend()).value(points))
    expect(heights[2]).toBe(Infinity)
    expect(heights.slice(0, 2)).toEqual(inside.slice(0, 2).map((value) => expect.closeTo(value + Math.log(2), 5)))
    points.dispose()
  })

  test('batches of all terms give the gradient itself, and those of one term give it on average', () => {
    const potential = logisticRegression({ features, labels })(backend())
    const [points, every] = [Float64Array.of(0.3, -1), Int32Array.of(0, 1, 2, 3, 4)]
    const gradient = new Float64Array(2)
    potential.onHost?.(points, 2, gradient)
    expect(potential.batchGradient(points, 2, every)).toEqual(gradient)
    const estimates = Array.from(every, (index) => potential.batchGradient(points, 2, Int32Array.of(index)))
    const mean = [0, 1].map((axis) => estimates.reduce((total, estimate) => total + (estimate[axis] as number), 0) / 5)
    expect(mean).toEqual(Array.from(gradient, (slope) => expect.closeTo(slope, 10)))
  })

  test('of terms in tfjs operations, the same', () => {
    const data = [1, 2, 3, 6]
    const potential = fromTerms({
      terms: 4,
      value: (x, batch) => {
        const each = Array.from(batch, (i) => sum(square(sub(x, tensorFrom([data[i] as number], [1]))), 1))
        return mul(addN(each), tensorFrom([4 / batch.length], []))
      },
    })(backend())
    const points = Float64Array.of(1, 4)
    const whole = potential.batchGradient(points, 1, Int32Array.of(0, 1, 2, 3))
    // The derivative of sum_i (x - y_i)² is 8 (x - mean y).
    expect(Array.from(whole)).toEqual([-16, 8].map((slope) => expect.closeTo(slope, 4)))
    expect(Array.from(potential.batchGradient(points, 1, Int32Array.of(3)))).toEqual([-40, -16].map((slope) => expect.closeTo(slope, 4)))
  })
})
