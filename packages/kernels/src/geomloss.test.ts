import { constant, tensorFrom } from '@monge/backend'
import { valueAndGradient } from '@monge/losses'
import type { Measure } from '@monge/measures'
import { exp, maximum, mul, neg, sqrt } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, tolerance } from '../../../tooling/testing/src/index.ts'
import numbers from '../fixtures/geomloss-norms.json' with { type: 'json' }
import { energy, gaussian, kernelNorm, laplacian, radial } from './index.js'
import type { Kernel } from './index.js'

type Norm = (typeof numbers.norms)[number]

const sizeOf = (values: readonly number[]): number => Math.max(...values.map(Math.abs))
const squares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0)

/*
 * GeomLoss floors the squared distance under its roots at 1e-8. With the same floor, as a user's kernel, the numbers
 * are the same; without it they differ by what the floor costs.
 */
const floor = (s: Tensor): Tensor => sqrt(maximum(s, constant(1e-8)))

const floored = ({ loss, blur }: Norm): Kernel =>
  loss === 'energy'
    ? radial('floored energy', (s) => neg(floor(s)), 'conditional')
    : loss === 'laplacian'
      ? radial('floored laplacian', (s) => exp(neg(floor(mul(s, constant((blur ?? 1) ** -2))))))
      : gaussian(blur ?? 1)

const plain = ({ loss, blur }: Norm): Kernel =>
  loss === 'energy' ? energy() : loss === 'laplacian' ? laplacian(blur ?? 1) : gaussian(blur ?? 1)

const weightNear = (
  point: readonly number[],
  others: readonly (readonly number[])[],
  weights: readonly number[],
): number =>
  others.reduce((total, other, j) => {
    const distance = Math.hypot(...other.map((coordinate, k) => coordinate - (point[k] ?? 0)))
    return distance > 0 && distance < 1e-4 ? total + (weights[j] ?? 0) : total
  }, 0)

const cases = numbers.norms.map((norm) => [`${norm.loss} ${norm.blur ?? ''} of ${norm.cloud}`, norm] as const)

eachBackend('the numbers of GeomLoss', (backend) => {
  const measure = (weights: readonly number[], points: readonly (readonly number[])[]): Measure => ({
    weights: tensorFrom(weights, [weights.length]),
    points: tensorFrom(points.flat(), [points.length, points[0]?.length ?? 0]),
  })

  const differentiate = (kernel: Kernel, { cloud }: Norm) => {
    const { x, y, a, b } = numbers.clouds[cloud as keyof typeof numbers.clouds]
    const { value, mu, nu } = valueAndGradient(kernelNorm(kernel)(backend()))(measure(a, x), measure(b, y))
    return {
      value: value.dataSync(),
      gradX: mu.points.dataSync(),
      gradA: mu.weights.dataSync(),
      gradY: nu.points.dataSync(),
      gradB: nu.weights.dataSync(),
      floorCost: (1e-4 * (squares(a) + squares(b))) / 2,
      largestWeight: Math.max(...a, ...b),
      // Points within the floor of one another attract here, and do not there.
      nearestWeight: Math.max(
        ...x.map((point, i) => (a[i] ?? 0) * (weightNear(point, x, a) + weightNear(point, y, b))),
      ),
    }
  }

  const expectNear = (
    actual: ArrayLike<number>,
    expected: readonly number[],
    relative: number,
    absolute: number,
  ): void => {
    expect(actual.length).toBe(expected.length)
    const allowed = relative * sizeOf(expected) + absolute
    expected.forEach((value, i) => {
      const error = Math.abs((actual[i] ?? Number.NaN) - value)
      expect(error, `entry ${i}: ${actual[i]} for ${value}`).toBeLessThanOrEqual(allowed)
    })
  }

  test.each(cases)('%s, with its floor', (_, norm) => {
    const result = differentiate(floored(norm), norm)
    const value = tolerance(backend(), { float64: 1e-9, float32: 1e-5 })
    const slack = tolerance(backend(), { float64: 1e-15, float32: 1e-6 })
    const slope = tolerance(backend(), { float64: 1e-7, float32: 2e-3 })
    expectNear(result.value, [norm.value], value, slack)
    expectNear(result.gradX, norm.grad_x.flat(), slope, slack)
    expectNear(result.gradA, norm.grad_a, slope, slack)
    if (norm.grad_y) expectNear(result.gradY, norm.grad_y.flat(), slope, slack)
    if (norm.grad_b) expectNear(result.gradB, norm.grad_b, slope, slack)
  })

  test.each(cases.filter(([, { loss }]) => loss !== 'gaussian'))('%s, but for the cost of its floor', (_, norm) => {
    const result = differentiate(plain(norm), norm)
    const slack = tolerance(backend(), { float64: 1e-12, float32: 1e-6 })
    const scale = 1 / (norm.blur ?? 1)
    expectNear(
      result.value,
      [norm.value],
      tolerance(backend(), { float64: 1e-9, float32: 1e-5 }),
      1.001 * result.floorCost + slack,
    )
    expectNear(result.gradA, norm.grad_a, 1e-5, 2e-4 * result.largestWeight + slack)
    expectNear(
      result.gradX,
      norm.grad_x.flat(),
      tolerance(backend(), { float64: 1e-7, float32: 2e-3 }),
      scale * result.nearestWeight + slack,
    )
  })
})
