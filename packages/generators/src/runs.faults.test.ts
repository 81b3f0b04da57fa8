import { isMongeError } from '@monge/errors'
import { energy, kernelNorm } from '@monge/kernels'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { key } from '@monge/random'
import { memory } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, isEngine } from '../../../tooling/testing/src/index.ts'
import { adam, disposeState, fit, gaussian, last, lastAsync, run, runAsync, sgd } from './index.js'
import type { FitState, Generator, RunOptions } from './index.js'

/*
 * Fits that are given up, that take turns, and that go on and on: each is as it would be alone, and leaves no tensor
 * behind.
 */

eachBackend('fits', (backend) => {
  const steps = 3
  const models: readonly (readonly [string, (target: Measure) => ReturnType<typeof fit>])[] = [
    ['a Gaussian, by Adam', (target) => fit({ ...common(target), generator: gaussian(2)(backend()) as unknown as Generator, optimiser: adam(0.01) })],
    [
      'a Gaussian, by descent',
      (target) => fit({ ...common(target), generator: gaussian(2)(backend()) as unknown as Generator, optimiser: sgd(0.01) }),
    ],
  ]
  const common = (target: Measure) => ({ loss: kernelNorm(energy())(backend()), target, batch: 4 })

  const towards = async (body: (target: Measure) => unknown): Promise<void> => {
    const target = measureOrThrow(fromArrays([[0, 1], [1, 2], [2, 0]], undefined, backend()))
    const tensors = memory().numTensors
    await body(target)
    expect(memory().numTensors - tensors, 'tensors left behind').toBe(0)
    disposeMeasure(target)
  }
  const values = (fitting: ReturnType<typeof fit>): readonly number[] => Array.from(run(fitting, key(1), { steps }), ({ value }) => value)
  const outcome = async (body: () => unknown): Promise<string> => {
    try {
      await body()
      return 'none'
    } catch (error) {
      return isMongeError(error) ? error.tag : String(error)
    }
  }

  describe.each(models)('of %s', (_, make) => {
    test('that are aborted at any of their states end there, and the next is as ever', () =>
      towards(async (target) => {
        const before = values(make(target))
        for (let stop = 0; stop < steps; stop++) {
          const aborting = (): RunOptions<FitState> => {
            const controller = new AbortController()
            const onProgress = ({ iteration }: FitState): void => {
              if (iteration === stop) controller.abort()
            }
            return { steps, signal: controller.signal, onProgress }
          }
          expect(await outcome(() => disposeState(last(make(target), key(1), aborting())))).toBe('Aborted')
          expect(await outcome(async () => disposeState(await lastAsync(make(target), key(1), aborting(), 0)))).toBe('Aborted')
        }
        expect(values(make(target))).toEqual(before)
      }))
  })

  test('that take turns on one backend are as they are alone, though one of them fails', () =>
    towards(async (target) => {
      const fittings = [...models, ...models].map(([, make]) => make(target))
      const expected = fittings.map(values)
      const collected = async (fitting: ReturnType<typeof fit>) => {
        const found: number[] = []
        for await (const { value } of runAsync(fitting, key(1), { steps }, 0)) found.push(value)
        return found
      }
      const noise = (): never => {
        throw new Error('mine')
      }
      const broken = fit({ ...common(target), generator: { ...(gaussian(2)(backend()) as unknown as Generator), noise }, optimiser: adam(0.01) })
      const [end, ...together] = await Promise.allSettled([broken, ...fittings].map(collected))
      expect(end?.status === 'rejected' && String(end.reason)).toBe('Error: mine')
      expect(together.map((one) => one.status === 'fulfilled' && one.value)).toEqual(expected)
    }))

  test('are as good after a thousand steps as at first', () =>
    towards((target) => {
      const [[, make] = []] = models
      const fitting = make?.(target)
      if (fitting === undefined) throw new Error('there is no model')
      const before = values(fitting)
      // The default engine takes the whole number; tensor operations are slow, and the oracle is none of the fastest.
      const many = backend().name === 'cpu' && isEngine(backend()) ? 1000 : 20
      const held = new Set<number>()
      for (const { iteration } of run(fitting, key(1), { steps: many })) if (iteration > 1) held.add(memory().numTensors)
      expect([...held], 'tensors held at once').toHaveLength(1)
      expect(values(fitting)).toEqual(before)
    }))
})
