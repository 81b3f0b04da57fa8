import { constant, tensorFrom } from '@monge/backend'
import { add, dispose, mul, reshape, sin, slice, square, sub, sum } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import recorded from '../../fixtures/pytorch-optimisers.json' with { type: 'json' }
import { eachBackend, runs, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import {
  adam,
  adamw,
  applyUpdates,
  chain,
  clipByGlobalNorm,
  clipByValue,
  constantRate,
  cosineRate,
  disposeParams,
  exponentialRate,
  leavesOf,
  momentum,
  piecewiseRate,
  rmsprop,
  scale,
  scaleBySchedule,
  sgd,
  valueAndGradientOf,
  warmUp,
} from '../index.js'
import type { Optimiser, Params } from '../index.js'

interface Point extends Record<string, Params> {
  readonly x: Tensor
  readonly y: Tensor
}

const moments = { beta1: 0.8, beta2: 0.95, epsilon: 1e-2 }

const ours: Readonly<Record<keyof typeof recorded, Optimiser>> = {
  sgd: sgd(0.05),
  momentum: momentum(0.05, { decay: 0.8 }),
  nesterov: momentum(0.05, { decay: 0.8, nesterov: true }),
  adam: adam(0.1, moments),
  adamw: adamw(0.1, { ...moments, weightDecay: 0.1 }),
  rmsprop: rmsprop(0.1, { decay: 0.9, epsilon: 1e-3 }),
  cosine: sgd(cosineRate(0.05, 4)),
  exponential: sgd(exponentialRate(0.05, 0.5)),
  piecewise: sgd(piecewiseRate(0.05, [[2, 0.1], [4, 0.1]])),
  'clip by value': chain(clipByValue(0.5), sgd(0.05)),
  'clip by norm': chain(clipByGlobalNorm(0.5), sgd(0.05)),
}

/** `sum(x⁴) / 4 + sum((y - 1)²) (x_0 + 2) + sum(sin(3 y))` */
const hill = ({ x, y }: Point): Scalar =>
  add(
    add(
      mul(sum(square(square(x))), 0.25),
      mul(sum(square(sub(y, 1))), add(reshape(slice(x, 0, 1), []), 2)),
    ),
    sum(sin(mul(y, 3))),
  )

const numbers = (params: Params): readonly number[] => leavesOf(params).flatMap((leaf) => Array.from(leaf.dataSync()))

/** Parameters after each of so many updates. */
const descend = (optimiser: Optimiser, start: Point, steps: number): readonly (readonly number[])[] => {
  const path: (readonly number[])[] = []
  let [params, state] = [start, optimiser.init(start)]
  for (let step = 0; step < steps; step++) {
    const { value, gradient } = valueAndGradientOf(hill)(params)
    const update = optimiser.update(gradient, state, params)
    const next = applyUpdates(update.updates)(params)
    dispose([value, ...leavesOf([gradient, update.updates]), ...(params === start ? [] : leavesOf(params))])
    dispose(state as never)
    path.push(numbers(next))
    params = next
    state = update.state
  }
  disposeParams(params)
  dispose(state as never)
  return path
}

eachBackend('optimisers', (backend) => {
  const start = (): Point => ({ x: tensorFrom([0.5, -1.25, 2], [3]), y: tensorFrom([0.75, -0.5], [1, 2]) })
  const close = (actual: readonly number[], expected: readonly number[], allowed: number): void => {
    expect(actual.length).toBe(expected.length)
    actual.forEach((value, i) => expect(Math.abs(value - (expected[i] ?? NaN)), `${value} for ${expected[i]}`).toBeLessThan(allowed))
  }

  test.each(Object.keys(ours) as (keyof typeof recorded)[])('%s goes where PyTorch’s goes', (name) =>
    withoutLeaks(() => {
      const from = start()
      const path = descend(ours[name], from, recorded[name].length)
      // PyTorch adds 1e-6 to the norm that it clips by.
      const allowed = tolerance(backend(), { float64: name === 'clip by norm' ? 1e-6 : 1e-13, float32: 2e-4 })
      path.forEach((point, i) => close(point, recorded[name][i] ?? [], allowed))
      expect(numbers(from), 'the start is as it was').toEqual([0.5, -1.25, 2, 0.75, -0.5])
      return leavesOf(from)
    }),
  )

  test.each<readonly [string, Optimiser, Optimiser]>([
    ['a chain of nothing, scaled, is gradient descent', chain(chain(), scale(-0.05)), sgd(0.05)],
    ['chains nest', chain(chain(clipByValue(0.5), scale(2)), sgd(0.05)), chain(clipByValue(0.5), chain(scale(2), sgd(0.05)))],
    ['momentum that decays at once is gradient descent', momentum(0.05, { decay: 0 }), sgd(0.05)],
    ['a schedule of a constant is the constant', adam(constantRate(0.1)), adam(0.1)],
    ['AdamW without decay is Adam', adamw(0.1, { weightDecay: 0 }), adam(0.1)],
    ['scaling by a schedule is the rate', scaleBySchedule((count) => -0.05 / (1 + count)), sgd((count) => 0.05 / (1 + count))],
    ['clipping far away changes nothing', chain(clipByValue(1e6), sgd(0.05)), sgd(0.05)],
  ])('%s', (_, left, right) =>
    withoutLeaks(() => {
      const from = start()
      const [mine, yours] = [left, right].map((optimiser) => descend(optimiser, from, 4))
      mine?.forEach((point, i) => close(point, yours?.[i] ?? [], tolerance(backend(), { float64: 1e-15, float32: 1e-6 })))
      return leavesOf(from)
    }),
  )

  test('a clipped gradient is no longer than allowed, and points where it did', () => {
    const coordinate = fc.double({ min: -4, max: 4, noNaN: true })
    fc.assert(
      fc.property(fc.array(coordinate, { minLength: 1, maxLength: 5 }), fc.double({ min: 0.1, max: 4, noNaN: true }), (values, limit) => {
        withoutLeaks(() => {
          const gradient = [tensorFrom(values, [values.length]), tensorFrom([1], [1])]
          const { updates } = clipByGlobalNorm(limit).update(gradient, undefined, gradient)
          const [length, before] = [numbers(updates), numbers(gradient)].map((row) => Math.hypot(...row))
          const allowed = tolerance(backend(), { float64: 1e-12, float32: 1e-5 })
          expect(Math.abs((length ?? NaN) - Math.min(before ?? NaN, limit))).toBeLessThan(allowed)
          close(numbers(updates).map((x) => x * (before ?? NaN)), numbers(gradient).map((x) => x * (length ?? NaN)), 10 * allowed)
          return [...gradient, ...leavesOf(updates)]
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test('a gradient of zero stays where it is under all of them', () =>
    withoutLeaks(() => {
      const params = { x: tensorFrom([1, 2], [2]) }
      const zero = { x: tensorFrom([0, 0], [2]) }
      const kept = Object.entries(ours).map(([name, optimiser]) => {
        const state = optimiser.init(params)
        const update = optimiser.update(zero, state, params)
        // Weights decay without a gradient as well: (1, 2) by a hundredth.
        const expected = name === 'adamw' ? [0.01, 0.02] : [0, 0]
        close(numbers(update.updates).map(Math.abs), expected, 1e-8)
        return { state, update } as never
      })
      return [params.x, zero.x, ...kept]
    }))

  test('a rate that is no number ends the descent', () => {
    const params = [constant(1)]
    const failing = sgd(() => NaN)
    const state = failing.init(params)
    expect(() => failing.update(params, state, params)).toThrow(expect.objectContaining({ tag: 'InvalidOption' }))
    disposeParams(params)
  })
})

describe('schedules', () => {
  test('warm up to another', () => {
    const schedule = warmUp(4, 0.5)(exponentialRate(2, 0.5))
    expect([0, 1, 2, 3, 4, 5, 6].map(schedule)).toEqual([1, 1.25, 1.5, 1.75, 2, 1, 0.5])
    expect([0, 2, 4, 9].map(warmUp(4)(1))).toEqual([0, 0.5, 1, 1])
  })

  test('go down by half a cosine to a share', () => {
    const schedule = cosineRate(2, 4, 0.25)
    ;[2, 1.25, 0.5, 0.5].forEach((rate, i) => expect(schedule([0, 2, 4, 9][i] ?? 0)).toBeCloseTo(rate, 14))
  })

  test('step down', () => {
    expect([0, 1, 2, 3, 4].map(piecewiseRate(8, [[1, 0.5], [3, 0.25]]))).toEqual([8, 4, 4, 1, 1])
  })
})

describe('options', () => {
  test.each<readonly [string, () => unknown]>([
    ['sgd: rate', () => sgd(0)],
    ['momentum: decay', () => momentum(1, { decay: 1 })],
    ['momentum', () => momentum(1, { nestorov: true } as never)],
    ['adam: rate', () => adam(-1)],
    ['adam: beta1', () => adam(1, { beta1: 1 })],
    ['adam: beta2', () => adam(1, { beta2: -0.1 })],
    ['adam: epsilon', () => adam(1, { epsilon: 0 })],
    ['adam', () => adam(1, { weightDecay: 1 } as never)],
    ['adamw: weightDecay', () => adamw(1, { weightDecay: -1 })],
    ['rmsprop: decay', () => rmsprop(1, { decay: 2 })],
    ['clipByValue: limit', () => clipByValue(0)],
    ['clipByGlobalNorm: limit', () => clipByGlobalNorm(NaN)],
    ['scale: factor', () => scale(Infinity)],
    ['cosineRate: steps', () => cosineRate(1, 0)],
    ['cosineRate: share', () => cosineRate(1, 1, 2)],
    ['exponentialRate: decay', () => exponentialRate(1, 0)],
    ['warmUp: steps', () => warmUp(0)],
    ['warmUp: rate', () => warmUp(1)(0)],
    ['piecewiseRate: changes', () => piecewiseRate(1, [[2, 1], [1, 1]])],
  ])('refuse a wrong %s', (where, make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'MongeError', tag: 'InvalidOption', where }))
  })
})
