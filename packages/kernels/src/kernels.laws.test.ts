import { constant, tensorFrom } from '@monge/backend'
import { toNumber, valueAndGradient } from '@monge/losses'
import type { Loss } from '@monge/losses'
import type { Measure } from '@monge/measures'
import {
  add,
  dot,
  exp,
  expandDims,
  log,
  matMul,
  mul,
  neg,
  reshape,
  square,
  sub,
  sum as total,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core'
import type { Scalar, Tensor1D, Tensor2D, TensorContainer } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, reference, runs, tolerance } from '../../../tooling/testing/src/index.ts'
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
  squaredMmd,
  sum,
} from './index.js'
import type { Kernel } from './index.js'

const bend = (x: Tensor2D): Tensor2D => add(square(x), x)

const kernels: readonly (readonly [string, Kernel])[] = [
  gaussian(0.7),
  gaussianOfWidth(1.3),
  laplacian(0.8),
  energy(),
  energy(1.5),
  exponential(1.2, 0.5),
  exponential(1.2, 1.5),
  inverseMultiquadric(0.6),
  smoothedEnergy(0.5),
  smoothedLaplacian(0.5),
  smoothedLaplacian(0.5, 2),
  radial('mine', (s) => exp(neg(s)), 'positive'),
  fromFunction('linear', (x, y) => matMul(x, y, false, true), 'positive'),
  sum([gaussian(1), energy()]),
  sum([gaussian(1), pullback(bend)(laplacian(1))]),
  product([gaussian(1), laplacian(0.5)]),
  product([laplacian(1), smoothedEnergy(1), radial('mine', (s) => exp(neg(s)), 'positive')]),
  scale(0.3)(gaussian(0.5)),
  scale(2)(product([gaussian(1), inverseMultiquadric(1)])),
  pullback(bend)(laplacian(2)),
].map((kernel) => [kernel.name, kernel] as const)

const densities = kernels.filter(([name, kernel]) => kernel.definiteness === 'positive' && name !== 'linear')

// Multiples of 1/8: exact in float32, and never closer than that without coinciding.
const coordinate = fc.integer({ min: -12, max: 12 }).map((k) => k / 8)
const weight = fc.integer({ min: 1, max: 8 }).map((k) => k / 8)
interface Given {
  readonly weights: readonly number[]
  readonly points: readonly number[]
}
const given = fc.integer({ min: 1, max: 5 }).chain((n) =>
  fc.record<Given>({
    weights: fc.array(weight, { minLength: n, maxLength: n }),
    points: fc.array(coordinate, { minLength: 2 * n, maxLength: 2 * n }),
  }),
)
const pair = fc.tuple(given, given)

const column = (weights: Tensor1D): Tensor2D => expandDims(weights, 1)

const measure = ({ weights, points }: Given): Measure => ({
  weights: tensorFrom(weights, [weights.length]),
  points: tensorFrom(points, [weights.length, 2]),
})

/** A loss and its gradients, one after the other. */
const all = (loss: Loss, mu: Measure, nu: Measure): readonly number[] => {
  const result = valueAndGradient(loss)(mu, nu)
  const tensors = [result.value, result.mu.weights, result.mu.points, result.nu.weights, result.nu.points]
  return tensors.flatMap((tensor) => [...tensor.dataSync()])
}

const oracle = await reference()

/** The same in float64, from dense matrices that tfjs differentiates: once a case, which all backends are then held to. */
const remembered = (dense: (kernel: Kernel) => Loss): ((kernel: Kernel, mu: Given, nu: Given) => readonly number[]) => {
  const known = new Map<string, readonly number[]>()
  return (kernel, mu, nu) => {
    const key = JSON.stringify([kernel.name, mu, nu])
    const values = known.get(key) ?? oracle.within(() => inTidy(() => all(dense(kernel), measure(mu), measure(nu))))
    known.set(key, values)
    return values
  }
}

const inTidy = <A>(body: () => A): A => tidy(body as unknown as () => TensorContainer) as A

/** The norm by its definition. */
const denseNorm = remembered((kernel) => (mu, nu) => {
  const form = (left: Measure, right: Measure): Scalar =>
    dot(left.weights, reshape(matMul(matrix(kernel)(left.points, right.points), column(right.weights)), [-1])) as Scalar
  return mul(constant(0.5), sub(add(form(mu, mu), form(nu, nu)), mul(constant(2), form(mu, nu))))
})

const denseField = remembered(
  (kernel) => (source, probe) =>
    total(square(matMul(matrix(kernel)(probe.points, source.points), column(source.weights)))),
)

const denseLikelihood = remembered((kernel) => (mu, nu) => {
  const density = reshape(matMul(matrix(kernel)(nu.points, mu.points), column(mu.weights)), [-1])
  return neg(total(mul(nu.weights, log(density))))
})

eachBackend('kernels', (backend) => {
  const expectNear = (
    actual: ArrayLike<number>,
    expected: ArrayLike<number>,
    float32 = 2e-5,
    float64 = 1e-11,
  ): void => {
    const allowed = tolerance(backend(), { float64, float32 })
    const size = Math.max(1, ...Array.from(expected, Math.abs))
    expect(actual.length).toBe(expected.length)
    const wrong = Array.from(expected, (value, i) => [actual[i] ?? Number.NaN, value] as const).filter(
      ([found, value]) => !(Math.abs(found - value) <= allowed * size),
    )
    expect(wrong, `found and expected, apart by more than ${allowed * size}`).toEqual([])
  }

  const expectAlways = (law: (mu: Measure, nu: Measure, drawn: readonly [Given, Given]) => void): void =>
    fc.assert(
      fc.property(pair, ([mu, nu]) => {
        tidy(() => law(measure(mu), measure(nu), [mu, nu]))
      }),
      { numRuns: runs(100) },
    )

  test.each(kernels)('%s is symmetric', (_, kernel) =>
    expectAlways((mu, nu) => {
      const there = matrix(kernel)(mu.points, nu.points)
      expectNear(there.dataSync(), transpose(matrix(kernel)(nu.points, mu.points)).dataSync())
    }),
  )

  test.each(kernels)('%s is as definite as it says', (_, kernel) =>
    expectAlways((mu, nu) => {
      const normalised = ({ weights, points }: Measure): Measure => ({
        weights: mul(weights, constant(1 / sumOf(weights))),
        points,
      })
      const [left, right] = kernel.definiteness === 'conditional' ? [normalised(mu), normalised(nu)] : [mu, nu]
      expect(toNumber(kernelNorm(kernel)(backend()))(left, right)).toBeGreaterThanOrEqual(
        -tolerance(backend(), { float64: 1e-11, float32: 1e-4 }),
      )
    }),
  )

  test.each(kernels)('the norm of %s is that by dense matrices, with its gradients', (_, kernel) =>
    expectAlways((mu, nu, drawn) =>
      expectNear(all(kernelNorm(kernel)(backend()), mu, nu), denseNorm(kernel, ...drawn)),
    ),
  )

  test.each(kernels)('the norm of %s is symmetric, and zero where the measures agree', (_, kernel) =>
    expectAlways((mu, nu) => {
      const norm = kernelNorm(kernel)(backend())
      expectNear([toNumber(norm)(mu, nu)], [toNumber(norm)(nu, mu)])
      expect(all(norm, mu, mu).every((value) => value === 0)).toBe(true)
      expect(all(mmd(kernel)(backend()), mu, mu).every((value) => value === 0)).toBe(true)
    }),
  )

  test.each(kernels)('the field of %s is its matrix times the weights, with its gradients', (_, kernel) =>
    expectAlways((mu, nu, drawn) => {
      const field: Loss = (source, probe) => total(square(kernelSum(kernel)(backend())(source, probe.points)))
      expectNear(all(field, mu, nu), denseField(kernel, ...drawn), 1e-4)
    }),
  )

  test.each(densities)('the likelihood of %s is that by dense matrices, with its gradients', (_, kernel) =>
    expectAlways((mu, nu, drawn) =>
      expectNear(all(kernelLogLikelihood(kernel)(backend()), mu, nu), denseLikelihood(kernel, ...drawn), 1e-4, 1e-9),
    ),
  )

  test('mmd is the root of the squared one, twice the norm, and a distance', () =>
    fc.assert(
      fc.property(given, given, given, (left, middle, right) => {
        tidy(() => {
          const distance = toNumber(mmd(gaussian(1))(backend()))
          const [mu, nu, xi] = [measure(left), measure(middle), measure(right)]
          const squared = toNumber(squaredMmd(gaussian(1))(backend()))(mu, nu)
          expectNear([squared], [2 * toNumber(kernelNorm(gaussian(1))(backend()))(mu, nu)])
          expectNear([distance(mu, nu) ** 2], [Math.max(0, squared)])
          expect(distance(mu, xi)).toBeLessThanOrEqual(
            distance(mu, nu) + distance(nu, xi) + tolerance(backend(), { float64: 1e-7, float32: 2e-3 }),
          )
        })
      }),
      { numRuns: runs(100) },
    ))

  test('sum, product, scale and pullback are what they say, entry by entry', () =>
    expectAlways(({ points: x }, { points: y }) => {
      const [left, right] = [gaussian(1), laplacian(0.5)]
      const entries = (kernel: Kernel): ArrayLike<number> => matrix(kernel)(x, y).dataSync()
      expectNear(entries(sum([left, right])), add(matrix(left)(x, y), matrix(right)(x, y)).dataSync())
      expectNear(entries(product([left, right])), mul(matrix(left)(x, y), matrix(right)(x, y)).dataSync())
      expectNear(entries(scale(0.1)(left)), mul(matrix(left)(x, y), constant(0.1)).dataSync())
      expectNear(entries(pullback(bend)(left)), matrix(left)(bend(x), bend(y)).dataSync())
      expectNear(
        entries(sum([pullback(bend)(left), right])),
        add(matrix(left)(bend(x), bend(y)), matrix(right)(x, y)).dataSync(),
      )
      expectNear(entries(pullback(bend)(pullback(bend)(left))), matrix(left)(bend(bend(x)), bend(bend(y))).dataSync())
    }))
})

const sumOf = (weights: Tensor1D): number => Array.from(weights.dataSync()).reduce((left, right) => left + right, 0)
