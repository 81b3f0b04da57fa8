import { constant, tensorFrom } from '@monge/backend'
import { toNumber, valueAndGradient } from '@monge/losses'
import type { Measure } from '@monge/measures'
import { exp, neg, sqrt } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import {
  energy,
  exponential,
  fromFunction,
  gaussian,
  gaussianOfWidth,
  inverseMultiquadric,
  kernelLogLikelihood,
  kernelNorm,
  kernelSum,
  laplacian,
  matrix,
  mmd,
  product,
  pullback,
  radial,
  scale,
  smoothedEnergy,
  smoothedLaplacian,
  sum,
} from './index.js'
import type { Kernel } from './index.js'

const kinked = radial('kinked', (s) => exp(neg(sqrt(s))), 'positive')

eachBackend('kernels', (backend) => {
  const points = (rows: readonly (readonly number[])[]): Tensor2D =>
    tensorFrom(rows.flat(), [rows.length, rows[0]?.length ?? 0])
  const measure = (weights: readonly number[], rows: readonly (readonly number[])[]): Measure => ({
    weights: tensorFrom(weights, [weights.length]),
    points: points(rows),
  })
  const expectNear = (actual: ArrayLike<number>, expected: readonly number[], float32 = 2e-6): void => {
    const allowed = tolerance(backend(), { float64: 1e-12, float32 })
    expect(actual.length).toBe(expected.length)
    expected.forEach((value, i) =>
      expect(Math.abs((actual[i] ?? Number.NaN) - value), `entry ${i}: ${actual[i]} for ${value}`).toBeLessThanOrEqual(
        allowed * Math.max(1, Math.abs(value)),
      ),
    )
  }
  const everything = (loss: ReturnType<ReturnType<typeof kernelNorm>>, mu: Measure, nu: Measure): readonly number[] => {
    const result = valueAndGradient(loss)(mu, nu)
    return [result.value, result.mu.weights, result.mu.points, result.nu.weights, result.nu.points].flatMap(
      (tensor) => [...tensor.dataSync()],
    )
  }

  // At distance 5.
  const values: readonly (readonly [Kernel, number])[] = [
    [gaussian(2), Math.exp(-25 / 8)],
    [gaussianOfWidth(3), Math.exp(-25 / 9)],
    [laplacian(2), Math.exp(-2.5)],
    [energy(), -5],
    [energy(1.5), -(5 ** 1.5)],
    [exponential(2), Math.exp(-2.5)],
    [exponential(2, 0.5), Math.exp(-Math.sqrt(2.5))],
    [inverseMultiquadric(2), 1 / Math.sqrt(29)],
    [smoothedEnergy(2), 29 ** -0.25],
    [smoothedLaplacian(2), Math.exp(-Math.sqrt(29))],
    [smoothedLaplacian(2, 3), Math.exp(-Math.sqrt(29) / 3)],
    [sum([energy(), gaussian(2), laplacian(2)]), -5 + Math.exp(-25 / 8) + Math.exp(-2.5)],
    [product([energy(), gaussian(2)]), -5 * Math.exp(-25 / 8)],
    [scale(0.1)(energy()), -0.5],
    [kinked, Math.exp(-5)],
  ]

  test.each(values.map(([kernel, value]) => [kernel.name, kernel, value] as const))(
    '%s has the value of its formula',
    (_, kernel, value) => expectNear(matrix(kernel)(points([[1, 2]]), points([[4, 6]])).dataSync(), [value]),
  )

  test('half the energy distance of two points is half their distance', () => {
    const norm = kernelNorm(energy())(backend())
    expectNear(everything(norm, measure([1], [[0, 0]]), measure([1], [[3, 4]])), [5, 5, -0.6, -0.8, 5, 0.6, 0.8])
  })

  test('duplicates, zero weights and coinciding points give finite gradients', () => {
    const mu = measure(
      [0, 0.5, 0.5],
      [
        [1, 1],
        [2, 2],
        [2, 2],
      ],
    )
    const nu = measure(
      [1, 0],
      [
        [2, 2],
        [1, 1],
      ],
    )
    for (const kernel of [energy(), laplacian(0.1), kinked, energy(0.5), gaussian(1)]) {
      expect(everything(kernelNorm(kernel)(backend()), mu, nu).every(Number.isFinite)).toBe(true)
      expect(everything(mmd(kernel)(backend()), mu, nu).every(Number.isFinite)).toBe(true)
    }
    for (const kernel of [laplacian(0.1), kinked, gaussian(1), sum([gaussian(1), laplacian(2)])])
      expect(everything(kernelLogLikelihood(kernel)(backend()), mu, nu).every(Number.isFinite)).toBe(true)
  })

  test('a measure in another order is the same measure', () => {
    const mu = measure(
      [0.25, 0.75],
      [
        [0, 0],
        [1, 2],
      ],
    )
    const nu = measure(
      [0.75, 0.25],
      [
        [1, 2],
        [0, 0],
      ],
    )
    expect(Math.abs(toNumber(kernelNorm(energy())(backend()))(mu, nu))).toBeLessThan(1e-6)
  })

  test('clouds far from the origin lose nothing', () => {
    const near0 = measure(
      [0.5, 0.5],
      [
        [0, 0],
        [1, 2],
      ],
    )
    const far = measure(
      [0.5, 0.5],
      [
        [10000, 10000],
        [10001, 10002],
      ],
    )
    const other = measure([1], [[0.5, 0.5]])
    const farOther = measure([1], [[10000.5, 10000.5]])
    for (const kernel of [energy(), gaussian(0.5), laplacian(0.5)]) {
      const norm = kernelNorm(kernel)(backend())
      expectNear(everything(norm, far, farOther), everything(norm, near0, other), 1e-5)
    }
  })

  test('many dimensions, far from the origin, lose little', () => {
    const cloud = (n: number, phase: number): readonly (readonly number[])[] =>
      Array.from({ length: n }, (_, i) =>
        Array.from({ length: 40 }, (__, k) => 128 + Math.round(64 * Math.sin(phase + 7 * i + 3 * k)) / 64),
      )
    const [x, y] = [cloud(5, 0), cloud(4, 1)]
    const meanDistance = (left: typeof x, right: typeof x): number =>
      left
        .flatMap((from) => right.map((to) => Math.hypot(...from.map((at, k) => at - (to[k] ?? 0)))))
        .reduce((total, distance) => total + distance, 0) /
      (left.length * right.length)
    const expected = meanDistance(x, y) - meanDistance(x, x) / 2 - meanDistance(y, y) / 2
    const actual = toNumber(kernelNorm(energy())(backend()))(
      measure([0.2, 0.2, 0.2, 0.2, 0.2], x),
      measure([0.25, 0.25, 0.25, 0.25], y),
    )
    expect(Math.abs(actual / expected - 1)).toBeLessThan(tolerance(backend(), { float64: 1e-12, float32: 1e-5 }))
  })

  test('the likelihood of points far out is finite in the log domain', () => {
    const mu = measure([0.5, 0.5], [[0], [1]])
    const nu = measure([1], [[1001]])
    // Float32 resolves half a million to 1/32: so much is lost in the relative weights of the two points.
    const expected = [500_000 + Math.LN2, 0, -2, 0, -1000, 500_000 + Math.LN2, 1000]
    const actual = everything(kernelLogLikelihood(gaussian(1))(backend()), mu, nu)
    expected.forEach((value, i) => {
      const allowed = tolerance(backend(), { float64: 1e-9, float32: 2e-2 })
      expect(Math.abs((actual[i] ?? Number.NaN) - value)).toBeLessThanOrEqual(allowed * Math.max(1, Math.abs(value)))
    })
  })

  test('a point of weight zero has a true gradient in its weight', () => {
    const mu = measure([1, 0], [[0], [1]])
    const nu = measure([1], [[1]])
    const [, ofFirst, ofSecond] = everything(kernelLogLikelihood(gaussian(1))(backend()), mu, nu)
    expectNear([ofFirst ?? 0, ofSecond ?? 0], [-1, -Math.exp(0.5)])
  })

  test('the likelihood knows a factor', () => {
    const mu = measure([0.5, 0.5], [[0], [1]])
    const nu = measure([0.25, 0.75], [[0.5], [1001]])
    const plain = everything(kernelLogLikelihood(gaussian(1))(backend()), mu, nu)
    const scaled = everything(kernelLogLikelihood(scale(0.01)(gaussian(1)))(backend()), mu, nu)
    const shift = -Math.log(0.01)
    expectNear(
      scaled,
      plain.map((value, i) => (i === 0 || i === 5 || i === 6 ? value + shift : value)),
    )
  })

  test('the likelihood of a kernel without logarithm is finite far out', () => {
    const slow = everything(kernelLogLikelihood(kinked)(backend()), measure([1], [[0]]), measure([1], [[1e6]]))
    expect(slow.every(Number.isFinite)).toBe(true)
  })

  test('nothing is left behind but the result', () => {
    const mu = measure(
      [0.5, 0.5],
      [
        [0, 0],
        [1, 2],
      ],
    )
    const nu = measure([1], [[0.5, 0.5]])
    const custom = fromFunction('linear', (x, y) => matrix(gaussian(1))(x, y))
    for (const kernel of [gaussian(1), energy(), kinked, custom, pullback((x) => x)(sum([gaussian(1), custom]))]) {
      for (const loss of [kernelNorm(kernel)(backend()), mmd(kernel)(backend())]) {
        withoutLeaks(() => loss(mu, nu))
        withoutLeaks(() => valueAndGradient(loss)(mu, nu))
      }
      withoutLeaks(() => kernelSum(kernel)(backend())(mu, nu.points))
      withoutLeaks(() => matrix(kernel)(mu.points, nu.points))
    }
    for (const kernel of [gaussian(1), kinked]) {
      withoutLeaks(() => kernelLogLikelihood(kernel)(backend())(mu, nu))
      withoutLeaks(() => valueAndGradient(kernelLogLikelihood(kernel)(backend()))(mu, nu))
    }
    expectNear([...mu.points.dataSync(), ...mu.weights.dataSync()], [0, 0, 1, 2, 0.5, 0.5])
  })

  test('measures of different dimension are an error', () => {
    const [flat, line] = [measure([1], [[0, 0]]), measure([1], [[0]])]
    expect(() => kernelNorm(energy())(backend())(flat, line)).toThrow(/kernelNorm: points of dimension 2 and 1/)
    expect(() => kernelLogLikelihood(gaussian(1))(backend())(flat, line)).toThrow(/kernelLogLikelihood: points of dim/)
    expect(() => kernelSum(gaussian(1))(backend())(flat, line.points)).toThrow(/kernelSum: points of dimension/)
  })

  test('an energy kernel is no density', () => {
    expect(() => kernelLogLikelihood(energy())(backend())).toThrow(
      /kernelLogLikelihood: the kernel "energy" is no density/,
    )
  })

  test('constants are taken at the full precision of the backend', () => {
    expectNear(matrix(scale(0.1)(gaussian(0.1)))(points([[0]]), points([[0.1]])).dataSync(), [0.1 * Math.exp(-0.5)])
    expectNear(constant(0.1).dataSync(), [0.1])
  })
})

describe('options', () => {
  test.each<[() => Kernel, RegExp]>([
    [() => gaussian(0), /gaussian: sigma: expected a number above 0, got 0/],
    [() => laplacian(-1), /laplacian: sigma/],
    [() => gaussianOfWidth(Number.NaN), /gaussianOfWidth: width/],
    [() => energy(2), /energy: power: expected a number below 2, got 2/],
    [() => energy(0), /energy: power/],
    [() => exponential(1, 2.5), /exponential: power: expected a number of at most 2, got 2.5/],
    [() => exponential(0), /exponential: width/],
    [() => inverseMultiquadric(0), /inverseMultiquadric: offset/],
    [() => smoothedEnergy(0), /smoothedEnergy: smoothing/],
    [() => smoothedLaplacian(1, 0), /smoothedLaplacian: sigma/],
    [() => scale(-1)(energy()), /scale: factor/],
    [() => sum([]), /sum: expected at least one kernel/],
    [() => product([]), /product: expected at least one kernel/],
  ])('%s is refused', (make, message) => {
    expect(make).toThrow(message)
  })

  test('each kernel says what it knows', () => {
    expect(gaussian(1)).toMatchObject({ definiteness: 'positive', logarithm: { epsilon: 2 } })
    expect(energy()).toMatchObject({ definiteness: 'conditional' })
    expect(sum([gaussian(1), energy()])).toMatchObject({ definiteness: 'conditional' })
    expect(sum([gaussian(1), laplacian(1)])).toMatchObject({ definiteness: 'positive' })
    expect(product([gaussian(1), energy()])).toMatchObject({ definiteness: 'unknown' })
    expect(product([gaussian(1), laplacian(1)]).logarithm).toBeDefined()
    expect(sum([gaussian(1), laplacian(1)]).logarithm).toBeUndefined()
    expect(sum([gaussian(1), laplacian(1)]).pairwise.tag).toBe('radial')
  })
})
