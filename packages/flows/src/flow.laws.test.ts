import { energy, kernelNorm } from '@monge/kernels'
import { lossAt } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { add, expandDims, mul, square, sub, sum, tidy } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { checkLaws, eachBackend, flowLaws, pairArbitrary, runs, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { adam, backtracking, copyState, disposeState, euler, gradientFlow, last, momentum, run, runAsync, untilAny, untilSlow, untilTime, untilValue } from './index.js'
import type { Flow, FlowState, Motion } from './index.js'

const momentsOf = ({ points, weights }: Measure) => {
  const average = (values: Tensor): Tensor => sum(mul(expandDims(weights, 1), values), 0)
  const mean = average(points)
  return { mean, variance: average(square(sub(points, mean))) }
}

eachBackend('a gradient flow', (backend) => {
  const near = { settings: ['near'], maxPoints: 4, dimension: { max: 2 } } as const
  /** Made when it is first asked for: backends start after tests are registered. */
  const lately = (loss: () => Loss, motion: Motion): Flow => {
    let made: Flow | undefined
    const flow = (): Flow => (made ??= gradientFlow(loss(), { motion }))
    return { init: (mu, nu) => flow().init(mu, nu), step: (state) => flow().step(state) }
  }
  // The laws are those of a motion, whatever moves it: a loss of means and variances costs a tenth of a kernel's norm.
  const smooth: Loss = (mu, nu) =>
    tidy(() => {
      const [one, other] = [mu, nu].map(momentsOf)
      const apart = sum(square(sub(one.mean, other.mean)))
      return mul(0.5, add(apart, mul(0.25, sum(square(sub(one.variance, other.variance))))))
    })

  describe.each<readonly [string, Motion, boolean]>([
    ['Euler steps', euler(2 ** -6), true],
    ['momentum', momentum(2 ** -6), false],
    ['Adam', adam(2 ** -6), false],
    ['backtracking', backtracking(1), true],
  ])('by %s', (name, motion, descends) => {
    const claims = { descends, restsAtTarget: name !== 'Adam', translationInvariant: name !== 'Adam' }
    checkLaws(flowLaws(lately(() => lossAt(backend(), smooth), motion), { ...claims, steps: 2, clouds: near }), { test, parameters: { numRuns: runs(100) } })
  })

  test('stops by the first rule that says so, and copies outlive the run', async () => {
    const flow = lately(() => kernelNorm(energy())(backend()), euler(2 ** -5) as Motion)
    const rules = fc.record({ time: fc.integer({ min: 0, max: 4 }), value: fc.integer({ min: 0, max: 8 }), speed: fc.integer({ min: 0, max: 8 }) })
    await withoutLeaks(async () => {
      await fc.assert(
        fc.asyncProperty(pairArbitrary(near), rules, async ({ mu, nu }, { time, value, speed }) => {
          const [from, to] = [mu, nu].map(({ points, weights }) => measureOrThrow(fromArrays(points, weights, backend())))
          const each = [untilTime(time * 2 ** -5), untilValue(value / 8), untilSlow(speed / 4)]
          const stops = (state: FlowState): boolean => each.some((rule) => rule(state))
          const options = { steps: 3, until: untilAny(...each) }
          const seen = Array.from(run(flow, from, to, options), (state) => ({ stop: stops(state), copy: copyState(state) }))
          expect(seen.slice(0, -1).some(({ stop }) => stop)).toBe(false)
          expect(seen.length === 4 ? [true, false] : [true]).toContain(seen.at(-1)?.stop)
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
        { numRuns: runs(100) },
      )
    })
  })
})
