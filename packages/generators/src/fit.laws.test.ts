import { tensorFrom } from '@monge/backend'
import { energy, gaussian as gaussianKernel, kernelNorm } from '@monge/kernels'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { key, normal } from '@monge/random'
import { sinkhornDivergence } from '@monge/sinkhorn'
import { memory, mul, scalar, sum } from '@tensorflow/tfjs-core'
import type { Scalar } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import {
  adam,
  checkpointOf,
  copyState,
  disposeParams,
  disposeState,
  equalParams,
  fit,
  gaussian,
  gaussianMixture,
  isFitError,
  last,
  lastAsync,
  leavesOf,
  momentum,
  multilayerPerceptron,
  run,
  runAsync,
  sgd,
  withLeaves,
} from './index.js'
import type { FitError, FitOptions, FitState, Params } from './index.js'

const seed = key(3)
const numbers = (params: unknown): readonly number[] =>
  leavesOf(params as Params).flatMap((leaf) => Array.from(leaf.dataSync()))
const seen = ({ iteration, value, params, optimiser, average }: FitState): unknown => ({
  iteration,
  value,
  params: numbers(params),
  optimiser: JSON.stringify(optimiser, (_, part: unknown) =>
    typeof part === 'object' && part !== null && 'dataSync' in part ? numbers(part) : part,
  ),
  average: average === undefined ? undefined : numbers(average),
})

/** The error by which a fit says that it diverged. */
const errorOf = (body: () => void): FitError => {
  try {
    body()
  } catch (error) {
    if (isFitError(error)) return error
    throw error
  }
  throw new Error('the fit did not diverge')
}

eachBackend('fits', (backend) => {
  const cloud = (n = 7): Measure => {
    const values = normal(2 * n)(key(9))
    const points = Array.from({ length: n }, (_, i) => [1 + (values[2 * i] ?? 0), (values[2 * i + 1] ?? 0) / 2])
    return measureOrThrow(fromArrays(points, undefined, backend()))
  }
  const network = () => multilayerPerceptron({ sizes: [2, 5, 2], activation: 'tanh' })(backend())
  const divergence = (): Loss => sinkhornDivergence({ p: 2, blur: 0.5 })(backend())
  const usual = (target: Measure): FitOptions<Params, unknown> =>
    ({ generator: network(), loss: divergence(), optimiser: adam(0.01), target, batch: 4, average: 0.75 }) as never

  const withCloud = (body: (target: Measure) => unknown): Promise<void> =>
    withoutLeaks(async () => {
      const target = cloud()
      const before = numbers([target.points, target.weights])
      await body(target)
      expect(numbers([target.points, target.weights]), 'the data are as they were').toEqual(before)
      disposeMeasure(target)
    })

  test('the same key fits the same, bit for bit, and another key another', () =>
    withCloud((target) => {
      const states = (start = seed) => Array.from(run(fit(usual(target)), start, { steps: 4 }), seen)
      const first = states()
      expect(states()).toEqual(first)
      expect(states(key(4))).not.toEqual(first)
    }))

  test('goes on from a checkpoint as it would have, bit for bit', () =>
    withCloud((target) => {
      const fitting = fit(usual(target))
      const whole = last(fitting, seed, { steps: 5 })
      const half = last(fitting, seed, { steps: 2 })
      const rest = last(fitting, checkpointOf(half), { steps: 5 })
      expect(seen(rest)).toEqual(seen(whole))
      expect([...half.history, ...rest.history.slice(1)]).toEqual(whole.history)
      ;[whole, half, rest].forEach(disposeState)
    }))

  test('a step changes nothing that it is given, and gives the same again', () =>
    withCloud((target) => {
      const fitting = fit(usual(target))
      const first = fitting.init(seed)
      const before = seen(first)
      const [second, again] = [fitting.step(first), fitting.step(first)]
      expect(seen(first)).toEqual(before)
      expect(seen(again)).toEqual(seen(second))
      expect(equalParams(first.params)(second.params)).toBe(false)
      ;[first, second, again].forEach(disposeState)
    }))

  test('averages the parameters exponentially', () =>
    withCloud((target) => {
      let average: readonly number[] | undefined
      for (const state of run(fit(usual(target)), seed, { steps: 4 })) {
        const now = numbers(state.params)
        average = average === undefined ? now : average.map((kept, i) => 0.75 * kept + 0.25 * (now[i] ?? NaN))
        numbers(state.average).forEach((value, i) =>
          expect(Math.abs(value - (average?.[i] ?? NaN))).toBeLessThan(tolerance(backend(), { float64: 1e-15, float32: 1e-6 })),
        )
      }
    }))

  test('leaves nothing behind in many steps', () =>
    withCloud((target) => {
      const before = memory().numTensors
      disposeState(last(fit(usual(target)), seed, { steps: 30 }))
      for (const { iteration } of run(fit(usual(target)), seed)) if (iteration === 3) break
      expect(memory().numTensors).toBe(before)
    }))

  test('is the hand-written step of gradient descent', () =>
    withCloud((target) => {
      const generator = gaussian(2)(backend())
      const options = { generator, loss: kernelNorm(gaussianKernel(1))(backend()), target, batch: 7, fresh: false }
      const [first, second] = Array.from(run(fit({ ...options, optimiser: sgd(0.5) }), seed, { steps: 1 }), copyState)
      const gradient = numbers(first?.gradient)
      const expected = numbers(first?.params).map((value, i) => value - 0.5 * (gradient[i] ?? NaN))
      numbers(second?.params).forEach((value, i) =>
        expect(Math.abs(value - (expected[i] ?? NaN))).toBeLessThan(tolerance(backend(), { float64: 1e-15, float32: 1e-6 })),
      )
      ;[first, second].forEach(disposeState)
    }))

  test('finds the mean of a cloud', () =>
    withCloud((target) => {
      const generator = gaussian(2)(backend())
      const loss = kernelNorm(energy())(backend())
      const end = last(fit({ generator, loss, optimiser: momentum(0.3), target, batch: 16, fresh: false }), seed, { steps: 40 })
      expect(end.history.at(-1)).toBeLessThan((end.history[0] ?? NaN) / 4)
      disposeState(end)
    }))

  test('takes data from a function, with another size', () =>
    withoutLeaks(() => {
      const sizes: number[] = []
      const draw = (from: typeof seed, count: number): Measure => {
        sizes.push(count)
        const points = Array.from({ length: count }, (_, i) => [normal(1)(from)[0] ?? 0, i])
        return measureOrThrow(fromArrays(points, undefined, backend()))
      }
      const options = { generator: network(), loss: divergence(), optimiser: sgd(0.01), target: draw, batch: { model: 5, target: 3 } }
      disposeState(last(fit(options), seed, { steps: 2 }))
      expect(sizes).toEqual([3, 3, 3])
    }))

  test.each([
    ['NaN', NaN],
    ['infinite', Infinity],
  ])('ends where the loss is %s, and keeps the last good parameters', (_, value) =>
    withCloud((target) => {
      let calls = 0
      const failing: Loss = (mu, nu) => {
        calls += 1
        return calls > 3 ? (mul(sum(mu.points), scalar(value)) as Scalar) : divergence()(mu, nu)
      }
      const fitting = fit({ ...usual(target), loss: failing })
      const good: (readonly number[])[] = []
      const error = errorOf(() => {
        for (const state of run(fitting, seed)) good.push(numbers(state.params))
      })
      expect(error).toMatchObject({ name: 'MongeError', tag: 'Diverged', where: 'fit', last: { iteration: 2 } })
      expect(numbers(error.last.params)).toEqual(good.at(-1))
      disposeState(error.last)
    }),
  )

  test('ends where parameters run away', () =>
    withCloud((target) => {
      const error = errorOf(() => {
        disposeState(last(fit({ ...usual(target), optimiser: sgd(1e30) }), seed, { steps: 20 }))
      })
      expect(numbers(error.last.params).every(Number.isFinite)).toBe(true)
      disposeState(error.last)
    }))

  test('ends at its start where there is no loss', () =>
    withCloud((target) => {
      const nothing: Loss = (mu) => mul(sum(mu.points), scalar(NaN))
      expect(() => fit({ ...usual(target), loss: nothing }).init(seed)).toThrow(expect.objectContaining({ tag: 'Diverged' }))
    }))

  test('frees everything where the loss throws', () =>
    withCloud((target) => {
      let calls = 0
      const failing: Loss = (mu, nu) => {
        calls += 1
        if (calls % 3 === 0) throw new Error('broken')
        return divergence()(mu, nu)
      }
      expect(() => last(fit({ ...usual(target), loss: failing }), seed, { steps: 9 })).toThrow('broken')
    }))

  test('stops when its signal is raised', () =>
    withCloud(async (target) => {
      const controller = new AbortController()
      const iterations: number[] = []
      const options = {
        signal: controller.signal,
        onProgress: ({ iteration }: FitState) => {
          iterations.push(iteration)
          if (iteration === 2) controller.abort('enough')
        },
      }
      expect(() => last(fit(usual(target)), seed, options)).toThrow(expect.objectContaining({ tag: 'Aborted', cause: 'enough' }))
      await expect(lastAsync(fit(usual(target)), seed, options)).rejects.toMatchObject({ tag: 'Aborted' })
      expect(iterations).toEqual([0, 1, 2])
    }))

  test('the asynchronous runs are the same', () =>
    withCloud(async (target) => {
      const fitting = fit(usual(target))
      const states: unknown[] = []
      for await (const state of runAsync(fitting, seed, { steps: 3 }, 0)) states.push(seen(state))
      expect(states).toEqual(Array.from(run(fitting, seed, { steps: 3 }), seen))
      for await (const { iteration } of runAsync(fitting, seed)) if (iteration === 1) break
      const end = await lastAsync(fitting, seed, { until: ({ iteration }) => iteration === 3 }, 0)
      expect(seen(end)).toEqual(states.at(-1))
      disposeState(end)
    }))

  test('the gradient of the whole chain is that of differences', () =>
    withCloud((target) => {
      const networks = multilayerPerceptron({ sizes: [2, 3, 2], activation: 'tanh' })(backend())
      const mixture = gaussianMixture({ components: 2, dimension: 2, covariance: 'full' })(backend())
      const smooth = [kernelNorm(gaussianKernel(1))(backend()), sinkhornDivergence({ p: 2, blur: 0.7, tolerance: 1e-12 })(backend())]
      // In float32 differences say little: there the direction alone is checked by the steps that lower the loss.
      if (backend().precision === 'float32') return
      for (const generator of [networks, mixture] as const)
        for (const loss of smooth) {
          const options = { generator, loss, optimiser: sgd(0.1), target, batch: 6 } as never as FitOptions<Params, unknown>
          const state = fit(options).init(seed)
          const gradient = numbers(state.gradient)
          const values = numbers(state.params)
          const valueAt = (changed: readonly number[]): number => {
            let taken = 0
            const leaves = leavesOf(state.params).map((leaf) => {
              const part = changed.slice(taken, taken + leaf.size)
              taken += leaf.size
              return backend().within(() => tensorFrom(part, leaf.shape))
            })
            const moved = fit(options).init({ ...checkpointOf(state), params: withLeaves(leaves)(state.params) })
            disposeParams(leaves)
            disposeState(moved)
            return moved.value
          }
          values.forEach((value, i) => {
            const h = 1e-4
            const at = (step: number): number => valueAt(values.map((other, j) => (j === i ? value + step : other)))
            const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
            expect(Math.abs(slope - (gradient[i] ?? NaN)), `parameter ${i}`).toBeLessThan(1e-6)
          })
          disposeState(state)
        }
    }))

  describe('options', () => {
    test.each<readonly [string, Partial<FitOptions<Params, unknown>>]>([
      ['fit: batch', { batch: 0 }],
      ['fit: batch', { batch: { model: 1, target: 0.5 } }],
      ['fit: batch', { batch: { model: 1, target: 2, both: 3 } as never }],
      ['fit: average', { average: 1 }],
      ['fit', { averages: 1 } as never],
    ])('refuse a wrong %s', (where, wrong) =>
      withCloud((target) => {
        expect(() => fit({ ...usual(target), ...wrong })).toThrow(
          expect.objectContaining({ name: 'MongeError', tag: 'InvalidOption', where }),
        )
      }),
    )

    test('refuse a number of steps below zero', () =>
      withCloud((target) => {
        expect(() => run(fit(usual(target)), seed, { steps: -1 })).toThrow(expect.objectContaining({ tag: 'InvalidOption' }))
      }))
  })
})
