import { isMongeError } from '@monge/errors'
import { energy, kernelNorm } from '@monge/kernels'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { memory } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, isEngine } from '../../../tooling/testing/src/index.ts'
import { adam, backtracking, disposeState, gradientFlow, last, momentum, run, runAsync } from './index.js'
import type { Flow, FlowState, RunOptions } from './index.js'

/*
 * Runs that are given up, that take turns, and that go on and on: each is as it would be alone, and leaves no tensor
 * behind.
 */

eachBackend('runs', (backend) => {
  const loss = (): Loss => kernelNorm(energy())(backend())
  const motions: readonly (readonly [string, () => Flow])[] = [
    ['Euler steps', () => gradientFlow(loss(), { step: 0.05 }) as Flow],
    ['momentum', () => gradientFlow(loss(), { motion: momentum(0.05) }) as Flow],
    ['Adam', () => gradientFlow(loss(), { motion: adam(0.05) }) as Flow],
    ['backtracking', () => gradientFlow(loss(), { motion: backtracking(0.05) }) as Flow],
  ]
  const steps = 3

  /** Runs the body between two measures; no tensor is left of it. */
  const between = async (body: (mu: Measure, nu: Measure) => unknown): Promise<void> => {
    const [mu, nu] = [[0, 1], [2, 3]].map((points) => measureOrThrow(fromArrays(points, undefined, backend())))
    const tensors = memory().numTensors
    await body(mu, nu)
    expect(memory().numTensors - tensors, 'tensors left behind').toBe(0)
    disposeMeasure(mu)
    disposeMeasure(nu)
  }
  const seen = ({ value, measure }: FlowState) => [value, ...measure.points.dataSync()]
  const alone = (flow: Flow, mu: Measure, nu: Measure): readonly (readonly number[])[] => Array.from(run(flow, mu, nu, { steps }), seen)
  const tagOf = (error: unknown): string => (isMongeError(error) ? error.tag : String(error))
  const outcome = async (body: () => unknown): Promise<string> => {
    try {
      await body()
      return 'none'
    } catch (error) {
      return tagOf(error)
    }
  }

  describe.each(motions)('by %s', (_, make) => {
    test('that are aborted at any of their states end there, and the next is as ever', () =>
      between(async (mu, nu) => {
        const before = alone(make(), mu, nu)
        for (let stop = 0; stop < steps; stop++) {
          const aborting = (): RunOptions & { readonly steps: number } => {
            const controller = new AbortController()
            const onProgress = ({ iteration }: FlowState): void => {
              if (iteration === stop) controller.abort()
            }
            return { steps, signal: controller.signal, onProgress }
          }
          const later = async () => {
            for await (const state of runAsync(make(), mu, nu, aborting(), 0)) expect(state.iteration).toBeLessThanOrEqual(stop)
          }
          expect(await outcome(() => disposeState(last(make(), mu, nu, aborting())))).toBe('Aborted')
          expect(await outcome(later)).toBe('Aborted')
        }
        expect(alone(make(), mu, nu)).toEqual(before)
      }))
  })

  test('that take turns on one backend are as they are alone, though one of them fails', () =>
    between(async (mu, nu) => {
      const flows = motions.map(([, make]) => make())
      const expected = flows.map((flow) => alone(flow, mu, nu))
      let calls = 0
      const failing: Loss = (one, other) => {
        if (calls++ > 0) throw new Error('mine')
        return loss()(one, other)
      }
      const collected = async (flow: Flow) => {
        const states: (readonly number[])[] = []
        for await (const state of runAsync(flow, mu, nu, { steps }, 0)) states.push(seen(state))
        return states
      }
      const broken = gradientFlow(Object.assign(failing, { place: backend() }), { step: 0.05 }) as Flow
      const [end, ...together] = await Promise.allSettled([broken, ...flows].map(collected))
      expect(end?.status === 'rejected' && tagOf(end.reason)).toBe('Error: mine')
      expect(together.map((one) => one.status === 'fulfilled' && one.value)).toEqual(expected)
    }))

  test('are as good after a thousand steps as at first', () =>
    between((mu, nu) => {
      const flow = gradientFlow(loss(), { step: 0.05 }) as Flow
      const before = alone(flow, mu, nu)
      // The default engine takes the whole number; tensor operations are slow, and the oracle is none of the fastest.
      const many = backend().name === 'cpu' && isEngine(backend()) ? 1000 : 30
      const held = new Set<number>()
      for (const { iteration } of run(flow, mu, nu, { steps: many })) if (iteration > 1) held.add(memory().numTensors)
      expect([...held], 'tensors held at once').toHaveLength(1)
      expect(alone(flow, mu, nu)).toEqual(before)
    }))
})
