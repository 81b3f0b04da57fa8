import { isMongeError } from '@monge/errors'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { key } from '@monge/random'
import { dispose, memory, mul, square, sum } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, isEngine } from '../../../tooling/testing/src/index.ts'
import { adapted, fromFunction, last, mala, parallelTempering, randomWalk, run, runAsync, svgd, ula, underdamped } from './index.js'
import type { Potential, Sampler } from './index.js'

/*
 * Chains that are given up, that take turns, and that go on and on: each is as it would be alone, and leaves no tensor
 * behind.
 */

eachBackend('chains', (backend) => {
  const steps = 3
  const potential = (): Potential => fromFunction({ value: (points: Tensor2D) => mul(sum(square(points), 1), 0.5) })(backend())
  const samplers: readonly (readonly [string, () => Sampler])[] = [
    ['ula', () => ula(potential(), { step: 0.1 })],
    ['mala', () => mala(potential(), { step: 0.1 })],
    ['randomWalk', () => randomWalk(potential(), { step: 0.1 })],
    ['underdamped', () => underdamped(potential(), { step: 0.1 })],
    ['adapted mala', () => adapted((step) => mala(potential(), { step }), { step: 0.1, iterations: 2 })],
    ['parallelTempering', () => parallelTempering(potential(), { temperatures: [1, 2, 4], step: 0.1 })],
    ['svgd', () => svgd(potential(), { step: 0.1 })(backend())],
  ]

  const from = async (body: (start: Measure) => unknown): Promise<void> => {
    const start = measureOrThrow(fromArrays([[0, 1], [1, 2]], undefined, backend()))
    const tensors = memory().numTensors
    await body(start)
    expect(memory().numTensors - tensors, 'tensors left behind').toBe(0)
    disposeMeasure(start)
  }
  const sampled = (sampler: Sampler, start: Measure): readonly (readonly number[])[] =>
    Array.from(run(sampler, key(1), start, { steps }), ({ state }) => Array.from(state.measure.points.dataSync()))
  const outcome = async (body: () => unknown): Promise<string> => {
    try {
      await body()
      return 'none'
    } catch (error) {
      return isMongeError(error) ? error.tag : String(error)
    }
  }

  describe.each(samplers)('of %s', (_, make) => {
    test('that are aborted after any of their steps end there, and the next are as ever', () =>
      from(async (start) => {
        const before = sampled(make(), start)
        const raised = new AbortController()
        raised.abort()
        expect(await outcome(() => disposeLast(last(make(), key(1), start, { steps, signal: raised.signal })))).toBe('Aborted')
        for (let stop = 1; stop < steps; stop++) {
          const aborting = () => {
            const controller = new AbortController()
            let count = 0
            const onProgress = (): void => {
              if (++count === stop) controller.abort()
            }
            return { steps, signal: controller.signal, onProgress }
          }
          expect(await outcome(() => Array.from(run(make(), key(1), start, aborting())))).toBe('Aborted')
          const later = async () => {
            for await (const { state } of runAsync(make(), key(1), start, aborting(), 0)) expect(state.measure.points.isDisposed).toBe(false)
          }
          expect(await outcome(later)).toBe('Aborted')
        }
        expect(sampled(make(), start)).toEqual(before)
      }))
  })

  const disposeLast = ({ measure }: { readonly measure: Measure }): void => {
    dispose([measure.points, measure.weights])
  }

  test('that take turns on one backend are as they are alone, though one of them fails', () =>
    from(async (start) => {
      const all = samplers.map(([, make]) => make())
      const expected = all.map((sampler) => sampled(sampler, start))
      const value = (): never => {
        throw new Error('mine')
      }
      const collected = async (sampler: Sampler) => {
        const found: (readonly number[])[] = []
        for await (const { state } of runAsync(sampler, key(1), start, { steps }, 0)) found.push(Array.from(state.measure.points.dataSync()))
        return found
      }
      const broken = ula(fromFunction({ value })(backend()), { step: 0.1 })
      const [end, ...together] = await Promise.allSettled([broken, ...all].map(collected))
      expect(end?.status === 'rejected' && String(end.reason)).toBe('Error: mine')
      expect(together.map((one) => one.status === 'fulfilled' && one.value)).toEqual(expected)
    }))

  test('are as good after ten thousand steps as at first', () =>
    from((start) => {
      const sampler = mala(potential(), { step: 0.1 })
      const before = sampled(sampler, start)
      // The default engine takes the whole number; tensor operations are slow, and the oracle is none of the fastest.
      const many = backend().name === 'cpu' && isEngine(backend()) ? 10_000 : 30
      const held = new Set<number>()
      for (const { state } of run(sampler, key(1), start, { steps: many }))
        if (state.measure.points.shape[0] === 2) held.add(memory().numTensors)
      expect([...held], 'tensors held at once').toHaveLength(1)
      expect(sampled(sampler, start)).toEqual(before)
    }))
})
