import { energy, gaussian, kernelNorm } from '@monge/kernels'
import type { Loss } from '@monge/losses'
import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { checkLaws, eachBackend, flowLaws, pairArbitrary, runs, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { adam, backtracking, copyState, disposeState, euler, gradientFlow, last, momentum, run, runAsync, untilAny, untilSlow, untilTime, untilValue } from './index.js'
import type { Flow, FlowState, Motion } from './index.js'

eachBackend('a gradient flow', (backend) => {
  const near = { settings: ['near'], maxPoints: 5 } as const
  /** Made when it is first asked for: backends start after tests are registered. */
  const lately = (loss: () => Loss, motion: Motion): Flow => {
    let made: Flow | undefined
    const flow = (): Flow => (made ??= gradientFlow(loss(), { motion }))
    return { init: (mu, nu) => flow().init(mu, nu), step: (state) => flow().step(state) }
  }
  const smooth = (): Loss => kernelNorm(gaussian(1))(backend())

  describe.each<readonly [string, Motion, boolean]>([
    ['Euler steps', euler(2 ** -6), true],
    ['momentum', momentum(2 ** -6), false],
    ['Adam', adam(2 ** -6), false],
    ['backtracking', backtracking(1), true],
  ])('by %s', (name, motion, descends) => {
    const claims = { descends, restsAtTarget: name !== 'Adam', translationInvariant: name !== 'Adam' }
    checkLaws(flowLaws(lately(smooth, motion), { ...claims, steps: 2 }), { test, parameters: { numRuns: runs(5) } })
  })

  test('stops by the first rule that says so, and copies outlive the run', async () => {
    const flow = lately(() => kernelNorm(energy())(backend()), euler(2 ** -5) as Motion)
    const rules = fc.record({ time: fc.integer({ min: 0, max: 5 }), value: fc.integer({ min: 0, max: 8 }), speed: fc.integer({ min: 0, max: 8 }) })
    await withoutLeaks(async () => {
      await fc.assert(
        fc.asyncProperty(pairArbitrary(near), rules, async ({ mu, nu }, { time, value, speed }) => {
          const [from, to] = [mu, nu].map(({ points, weights }) => measureOrThrow(fromArrays(points, weights, backend())))
          const each = [untilTime(time * 2 ** -5), untilValue(value / 8), untilSlow(speed / 4)]
          const stops = (state: FlowState): boolean => each.some((rule) => rule(state))
          const options = { steps: 6, until: untilAny(...each) }
          const seen = Array.from(run(flow, from, to, options), (state) => ({ stop: stops(state), copy: copyState(state) }))
          expect(seen.slice(0, -1).some(({ stop }) => stop)).toBe(false)
          expect(seen.length === 7 ? [true, false] : [true]).toContain(seen.at(-1)?.stop)
          const end = last(flow, from, to, options)
          expect(Array.from(end.measure.points.dataSync())).toEqual(Array.from(seen.at(-1)?.copy.measure.points.dataSync() ?? []))
          const values: number[] = []
          for await (const state of runAsync(flow, from, to, options)) values.push(state.value)
          expect(values).toEqual(seen.map(({ copy }) => copy.value))
          seen.forEach(({ copy }) => {
            disposeState(copy)
          })
          disposeState(end)
          disposeMeasure(from)
          disposeMeasure(to)
        }),
        { numRuns: runs(5) },
      )
    })
  })
})
