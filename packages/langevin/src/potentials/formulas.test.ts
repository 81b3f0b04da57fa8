import { fromArrays, measureOrThrow, disposeMeasure } from '@monge/measures'
import { expect, test } from 'vitest'
import { eachBackend, tolerance } from '../../../../tooling/testing/src/index.ts'
import { fieldAt, gradientAt } from '../field.js'
import { banana, box, combine, density, doubleWell, gaussian, gaussianMixture, logisticRegression, mixture, modeOf, restrict, ring, temper } from '../index.js'
import type { Potential } from '../index.js'

type Point = readonly number[]
type Formula = (x: Point) => number

const squaresOf = (x: Point): number => x.reduce((sum, value) => sum + value * value, 0)
const less = (x: Point, y: Point): Point => x.map((value, axis) => value - (y[axis] ?? NaN))

const covariance = [
  [2, 0.5, 0],
  [0.5, 1, 0.25],
  [0, 0.25, 1.5],
]
/** By Cramer's rule, with the determinant. */
const inverted = (m: readonly Point[]): readonly [inverse: readonly Point[], determinant: number] => {
  const at = (i: number, j: number): number => m[i % 3]?.[j % 3] ?? NaN
  const minor = (i: number, j: number): number => at(i + 1, j + 1) * at(i + 2, j + 2) - at(i + 1, j + 2) * at(i + 2, j + 1)
  const determinant = [0, 1, 2].reduce((sum, j) => sum + at(0, j) * minor(0, j), 0)
  return [[0, 1, 2].map((i) => [0, 1, 2].map((j) => minor(j, i) / determinant)), determinant]
}
const gaussianHeight = (mean: Point, matrix: readonly Point[]): Formula => {
  const [inverse, determinant] = inverted(matrix)
  return (x) => {
    const off = less(x, mean)
    const square = off.reduce((sum, value, i) => sum + value * off.reduce((row, other, j) => row + (inverse[i]?.[j] ?? NaN) * other, 0), 0)
    return 0.5 * square + 0.5 * Math.log((2 * Math.PI) ** 3 * determinant)
  }
}
const diagonal = (variances: Point): readonly Point[] => variances.map((variance, i) => variances.map((_, j) => (i === j ? variance : 0)))
const mixed = (heights: readonly Formula[], shares: Point): Formula => (x) =>
  -Math.log(heights.reduce((sum, height, k) => sum + (shares[k] ?? NaN) * Math.exp(-height(x)), 0))

const [one, other, third] = [[1, -1, 0.5], [-1, 0, 2], [0.5, 2, -1]] as const
const features = [[1, 0.5, -1], [1, -1.5, 2], [1, 2, 0], [1, 0.1, 0.4]]
const labels = [1, 0, 1, 0]
const sigmoidLoss = (score: number, label: number): number => Math.log(1 + Math.exp(score)) - label * score

const well: Formula = (x) => 3 * ((x[0] ?? NaN) ** 2 - 1) ** 2 + squaresOf(x.slice(1)) / 2
const wider: Formula = (x) => 0.5 * (((x[0] ?? NaN) / 2) ** 2 - 1) ** 2 + squaresOf(x.slice(1)) / 2
const aboutRing = (radius: number, width: number): Formula => (x) => (Math.sqrt(squaresOf(x)) - radius) ** 2 / (2 * width ** 2)

/** In space; each height with what makes it. */
const cases: readonly (readonly [name: string, make: (backend: never) => Potential, formula: Formula])[] = [
  ['gaussian', gaussian({ mean: one, covariance }), gaussianHeight(one, covariance)],
  ['gaussian with variances', gaussian({ mean: one, covariance: [2, 1, 4] }), gaussianHeight(one, diagonal([2, 1, 4]))],
  ['gaussian with a variance', gaussian({ mean: one, covariance: 4 }), gaussianHeight(one, diagonal([4, 4, 4]))],
  ['gaussian with no more than a mean', gaussian({ mean: one }), gaussianHeight(one, diagonal([1, 1, 1]))],
  [
    'gaussianMixture of ellipses',
    gaussianMixture({ means: [one, other, third], covariances: [covariance, [2, 1, 4], 1], weights: [1, 2, 5] }),
    mixed([gaussianHeight(one, covariance), gaussianHeight(other, diagonal([2, 1, 4])), gaussianHeight(third, diagonal([1, 1, 1]))], [1 / 8, 1 / 4, 5 / 8]),
  ],
  [
    'gaussianMixture of one covariance',
    gaussianMixture({ means: [one, other], covariance }),
    mixed([gaussianHeight(one, covariance), gaussianHeight(other, covariance)], [0.5, 0.5]),
  ],
  [
    'gaussianMixture with no more than means',
    gaussianMixture({ means: [one, other] }),
    mixed([gaussianHeight(one, diagonal([1, 1, 1])), gaussianHeight(other, diagonal([1, 1, 1]))], [0.5, 0.5]),
  ],
  ['doubleWell', doubleWell(), well],
  ['doubleWell, wider and lower', doubleWell({ barrier: 0.5, distance: 2 }), wider],
  ['ring', ring(), aboutRing(3, 0.5)],
  ['ring, smaller and softer', ring({ radius: 1, width: 2 }), aboutRing(1, 2)],
  [
    'logisticRegression',
    logisticRegression({ features, labels, priorVariance: 4 }),
    (x) => squaresOf(x) / 8 + features.reduce((sum, row, i) => sum + sigmoidLoss(row.reduce((score, f, k) => score + f * (x[k] ?? NaN), 0), labels[i] ?? NaN), 0),
  ],
  ['temper', (backend) => temper(0.25)(doubleWell()(backend)), (x) => well(x) / 4],
  ['combine', (backend) => combine([[2, doubleWell()(backend)], [-0.5, ring()(backend)]]), (x) => 2 * well(x) - aboutRing(3, 0.5)(x) / 2],
  ['restrict', (backend) => restrict(box({ low: [-9, -9, -9], high: [9, 9, 9] }))(ring()(backend)), aboutRing(3, 0.5)],
  [
    'mixture',
    (backend) => mixture([gaussian({ mean: one })(backend), gaussian({ mean: other, covariance })(backend)], [1, 3]),
    mixed([gaussianHeight(one, diagonal([1, 1, 1])), gaussianHeight(other, covariance)], [0.25, 0.75]),
  ],
]

const rows = [[0.5, 1, -2], [-1.5, 0.25, 1], [1, 2, 3], [0.1, -0.2, 0.3]]

eachBackend('in space', (backend) => {
  const within = (): number => tolerance(backend(), { float64: 1e-7, float32: 2e-3 })
  const expectField = (potential: Potential, points: readonly Point[], formula: Formula): void => {
    const d = points[0]?.length ?? 0
    const { value, gradient } = fieldAt(potential, Float64Array.from(points.flat()), d)
    expect([value.length, gradient.length]).toEqual([points.length, points.length * d])
    // Samplers that need no value ask for none.
    expect(gradientAt(potential, Float64Array.from(points.flat()), d)).toEqual(gradient)
    points.forEach((x, row) => {
      expect(Math.abs((value[row] ?? NaN) - formula(x))).toBeLessThan(within() * (1 + Math.abs(formula(x))))
      x.forEach((_, axis) => {
        const moved = (by: number): number => formula(x.map((entry, k) => (k === axis ? entry + by : entry)))
        const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5
        expect(Math.abs((gradient[row * d + axis] ?? NaN) - slope)).toBeLessThan(within() * (1 + Math.abs(slope)))
      })
    })
  }

  test.each(cases)('%s is its formula', (_, make, formula) => {
    expectField(make(backend() as never), rows, formula)
  })

  test('a banana is its formula, in the plane', () => {
    const bent = (b: number, s: number): Formula => ([x = NaN, y = NaN]) =>
      x ** 2 / (2 * s ** 2) + (y - b * (x ** 2 - s ** 2)) ** 2 / 2 + Math.log(2 * Math.PI * s)
    const points = rows.map((row) => row.slice(0, 2))
    expectField(banana()(backend()), points, bent(0.5, 2))
    expectField(banana({ curvature: -0.25, spread: 1.5 })(backend()), points, bent(-0.25, 1.5))
  })

  test('a density is its formula, points without weight or not', () => {
    const samples = [one, other, third]
    const measure = measureOrThrow(fromArrays(samples, [1, 0, 3], backend()))
    const potential = density(measure, { bandwidth: 0.8 })(backend())
    const heights = samples.map((mean) => gaussianHeight(mean, diagonal([0.64, 0.64, 0.64])))
    expectField(potential, rows, mixed(heights, [0.25, 0, 0.75]))
    disposeMeasure(measure)
  })

  test('a ring has no slope at its centre', () => {
    const { value, gradient } = fieldAt(ring({ radius: 2, width: 1 })(backend()), new Float64Array(3), 3)
    expect([value[0], ...gradient]).toEqual([2, 0, 0, 0])
  })

  test('far from all of its components, a mixture is the nearest of them', () => {
    for (const [means, at] of [[[[0], [100]], [1]], [[[0, 0], [100, 0]], [1, 0]], [[[0, 0, 0], [100, 0, 0]], [1, 0, 0]]] as const)
      for (const covariances of [[1, 1], means.map((mean) => mean.map((_, axis) => 1 + axis))]) {
        const potential = gaussianMixture({ means, covariances })(backend())
        const { value, gradient } = fieldAt(potential, Float64Array.from(at), at.length)
        const alone = fieldAt(gaussian({ mean: [...(means[0] ?? [])], covariance: covariances[0] ?? 1 })(backend()), Float64Array.from(at), at.length)
        expect(value[0]).toBeCloseTo((alone.value[0] ?? NaN) + Math.LN2, 5)
        expect(gradient[0]).toBeCloseTo(alone.gradient[0] ?? NaN, 6)
      }
  })

  test('a mode is found, as near as told and in as many steps', () => {
    const potential = gaussian({ mean: one, covariance })(backend())
    const far = (point: Point): number => Math.sqrt(squaresOf(less(point, one)))
    expect(far(modeOf(potential, [5, 5, 5]))).toBeLessThan(1e-4)
    expect(modeOf(potential, [5, 5, 5], { steps: 0 })).toEqual([5, 5, 5])
    expect(modeOf(potential, [5, 5, 5], { tolerance: 100 })).toEqual([5, 5, 5])
    const [first, second] = [1, 2].map((steps) => modeOf(potential, [5, 5, 5], { steps })) as [Point, Point]
    expect(far(first)).toBeGreaterThan(far(second))
    expect(far(first)).toBeLessThan(far([5, 5, 5]))
    const slopes = fieldAt(potential, Float64Array.of(5, 5, 5), 3).gradient
    const length = Math.hypot(...slopes)
    first.forEach((x, axis) => expect(x).toBeCloseTo(5 - (slopes[axis] ?? NaN) / Math.max(1, length), 4))
    expect(() => modeOf(mixture([potential]), [Infinity, 0, 0])).toThrow(expect.objectContaining({ tag: 'Diverged', where: 'modeOf' }))
  })
})
