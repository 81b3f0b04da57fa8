import { fromFunction, fromMatrix, halfSquaredEuclidean, lp } from '@monge/costs'
import type { Backend } from '@monge/backend'
import { tensorFrom } from '@monge/backend'
import { toNumber, valueAndGradient } from '@monge/losses'
import { toTyped } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { dispose, expandDims, reciprocal, square, sub, sum as sumOf } from '@tensorflow/tfjs-core'
import type { Tensor2D, TensorContainer } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { pot } from '../../fixtures/pot.ts'
import { expectNear } from '../../testing/near.ts'
import { displacement, emdLoss, emdSamples, transportBetween, wassersteinLoss } from '../index.js'

type Rows = readonly (readonly number[])[]

const measure = (backend: Backend, x: Rows, a: readonly number[]): Measure =>
  backend.within(() => ({ weights: tensorFrom(a, [a.length]), points: tensorFrom(x.flat(), [x.length, x[0].length]) }))

const { x, y, a, b, value, grad_x, grad_a, grad_b } = pot.emdGradient

const withoutMean = (values: ArrayLike<number>): readonly number[] => {
  const mean = Array.from(values).reduce((sum, each) => sum + each, 0) / values.length
  return Array.from(values, (each) => each - mean)
}

const close = { float64: 1e-9, float32: 1e-5 }

eachBackend('emdLoss', (backend) => {
  test("has POT's value and gradients", () => {
    const within = tolerance(backend(), close)
    const [mu, nu] = [measure(backend(), x, a), measure(backend(), y, b)]
    const result = valueAndGradient(emdLoss({ p: 2 })(backend()))(mu, nu)
    expect(Math.abs(result.value.dataSync()[0] - value)).toBeLessThanOrEqual(within)
    expectNear(result.mu.points.dataSync(), grad_x.flat(), within)
    expectNear(withoutMean(result.mu.weights.dataSync()), grad_a, within)
    expectNear(withoutMean(result.nu.weights.dataSync()), grad_b, within)
    dispose({ mu, nu, result } as unknown as TensorContainer)
  })

  test("has POT's value and gradient on a line", () => {
    const within = tolerance(backend(), close)
    const line = pot.wasserstein1d.gradient
    const [mu, nu] = [line.x, line.y].map((points, k) =>
      measure(backend(), points.map((point) => [point]), k === 0 ? line.a : line.b),
    )
    const result = valueAndGradient(emdLoss({ p: line.p })(backend()))(mu, nu)
    expect(Math.abs(result.value.dataSync()[0] - line.value)).toBeLessThanOrEqual(within)
    expectNear(result.mu.points.dataSync(), line.grad_x, within)
    dispose({ mu, nu, result } as unknown as TensorContainer)
  })

  test('takes any cost, and halves with it', () => {
    const within = tolerance(backend(), close)
    const [mu, nu] = [measure(backend(), x, a), measure(backend(), y, b)]
    const half = valueAndGradient(emdLoss({ cost: halfSquaredEuclidean })(backend()))(mu, nu)
    expect(Math.abs(half.value.dataSync()[0] - value / 2)).toBeLessThanOrEqual(within)
    expectNear(half.mu.points.dataSync(), grad_x.flat().map((slope) => slope / 2), within)
    const taxicab = toNumber(emdLoss({ cost: lp(1) })(backend()))(mu, nu)
    expect(taxicab).toBeCloseTo(emdSamples({ x, y, a, b, p: 1, metric: 'cityblock' }).cost, 5)
    dispose({ mu, nu, half } as unknown as TensorContainer)
  })

  test('a matrix of costs pulls on the weights alone', () => {
    const [mu, nu] = [measure(backend(), x, a), measure(backend(), y, b)]
    const entries = x.map((_, i) => y.map((__, j) => (i * j) % 3))
    const cost = backend().within(() => fromMatrix(entries))
    const result = valueAndGradient(emdLoss({ cost })(backend()))(mu, nu)
    expect(Math.max(...result.mu.points.dataSync().map(Math.abs))).toBe(0)
    expect(Math.max(...result.mu.weights.dataSync().map(Math.abs))).toBeGreaterThan(0)
    dispose({ mu, nu, result } as unknown as TensorContainer)
    if (cost.pairwise.tag === 'matrix') cost.pairwise.entries.dispose()
  })

  test('its root has the chain rule, and no gradient where the measures coincide', () => {
    const within = tolerance(backend(), close)
    const [mu, nu] = [measure(backend(), x, a), measure(backend(), y, b)]
    const result = valueAndGradient(wassersteinLoss({ p: 2 })(backend()))(mu, nu)
    expect(Math.abs(result.value.dataSync()[0] - Math.sqrt(value))).toBeLessThanOrEqual(within)
    expectNear(result.mu.points.dataSync(), grad_x.flat().map((slope) => slope / (2 * Math.sqrt(value))), within)
    const same = valueAndGradient(wassersteinLoss({ p: 2 })(backend()))(mu, mu)
    expectNear(same.value.dataSync(), [0], 0)
    expectNear(same.mu.points.dataSync(), new Float64Array(x.length * 2), 0)
    dispose({ mu, nu, result, same } as unknown as TensorContainer)
  })

  test('refuses an order and a cost at once, and a cost that is no number', () => {
    expect(() => emdLoss({ p: 2, cost: lp(1) })(backend())).toThrow(/p or a cost/)
    // Infinite where the second point is.
    const cost = fromFunction('inverse square', (from, to) =>
      reciprocal(sumOf<Tensor2D>(square(sub(expandDims(from, 1), expandDims(to, 0))), 2)),
    )
    const at = measure(backend(), [[0, 0], [1, 0]], [0.5, 0.5])
    const other = measure(backend(), [[2, 0], [3, 0], [1, 0]], [0.5, 0.25, 0.25])
    expect(() => emdLoss({ cost })(backend())(at, other)).toThrow(/ at \[1, 2\]/)
    dispose({ at, other } as unknown as TensorContainer)
  })

  test('refuses measures of other masses and dimensions', () => {
    const [mu, nu] = [measure(backend(), x, a), measure(backend(), y, b.map((weight) => 2 * weight))]
    const flat = measure(backend(), [[1], [2]], [0.5, 0.5])
    expect(() => emdLoss({})(backend())(mu, nu)).toThrow(/total masses/)
    expect(() => emdLoss({})(backend())(mu, flat)).toThrow(/dimension/)
    expect(() => emdLoss({ p: 0.5 })(backend())).toThrow(/emdLoss: p/)
    dispose({ mu, nu, flat } as unknown as TensorContainer)
  })

  test('leaves no tensor behind', () => {
    withoutLeaks(() => {
      const [mu, nu] = [measure(backend(), x, a), measure(backend(), y, b)]
      const result = valueAndGradient(emdLoss({ cost: lp(1) })(backend()))(mu, nu)
      const between = transportBetween({ p: 1 })(backend())(mu, nu)
      expect(between.gap).toBeCloseTo(0, 12)
      return { mu, nu, result, middle: displacement({ p: 2 })(backend())(mu, nu)(0.5) }
    })
  })
})

eachBackend('displacement', (backend) => {
  test('starts at the one measure, ends at the other, and splits masses', () => {
    const within = tolerance(backend(), { float64: 1e-12, float32: 1e-6 })
    const mu = measure(backend(), [[0, 0]], [1])
    const nu = measure(backend(), [[2, 0], [0, 4]], [0.25, 0.75])
    const at = displacement({ p: 2 })(backend())(mu, nu)
    const middle = at(0.5)
    const { points, weights } = toTyped(middle)
    const order = weights[0] < weights[1] ? [0, 1] : [1, 0]
    expectNear(order.flatMap((k) => [weights[k], points[2 * k], points[2 * k + 1]]), [0.25, 1, 0, 0.75, 0, 2], within)
    dispose({ mu, nu, middle } as unknown as TensorContainer)
  })
})
