import { tensorFrom } from '@monge/backend'
import { fold, key, normal, split } from '@monge/random'
import type { Key } from '@monge/random'
import { disposeMeasure, withPoints } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { add, clone, keep, mul, scalar, slice, sum, tidy, zeros } from '@tensorflow/tfjs-core'
import type { Tensor2D, TensorContainer } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs } from '../../../tooling/testing/src/index.ts'
import { brokenLaws, checkLaws, samplerLaws } from './index.js'
import type { Law, SamplerLike } from './index.js'

const parameters = { numRuns: runs(100) }

const expectBroken = (laws: readonly Law[], name: string) => {
  expect(laws.map((one) => one.name)).toContain(name)
  expect(brokenLaws(laws.filter((one) => one.name === name), { numRuns: runs(100), endOnFailure: true })).toEqual([name])
}

interface Chain {
  readonly key: Key
  readonly measure: Measure
}

/** The same measure at other points. */
const moved = (measure: Measure, change: (points: Tensor2D) => Tensor2D): Measure =>
  tidy(() => withPoints(change(measure.points))(measure) as unknown as TensorContainer) as unknown as Measure

const copied = (measure: Measure): Measure => moved(measure, clone)

/** The autoregressive chain `x -> x / 2 + √(3/4) N(0, 1)`, which keeps the standard normal law. */
const autoregressive: SamplerLike<Chain> = {
  init: (from, start) => ({ key: from, measure: copied(start) }),
  step: ({ key: from, measure }) => {
    const [now, next] = split(2)(from) as [Key, Key]
    const draws = normal(measure.points.size)(now).map((draw) => draw * Math.sqrt(0.75))
    return { state: { key: next, measure: moved(measure, (points) => add(mul(points, scalar(0.5)), tensorFrom(draws, points.shape))) }, info: {} }
  },
}

eachBackend('the laws of samplers', () => {
  const options = {
    dimension: 2,
    mayRest: false,
    stationary: { mean: [0, 0], variance: [1, 1], chains: 200, steps: 12 },
  }

  describe('hold for an autoregressive chain', () => {
    checkLaws(samplerLaws(autoregressive, options), { test, parameters })
  })

  const stepping = (step: SamplerLike<Chain>['step']): SamplerLike<Chain> => ({ ...autoregressive, step })
  const altered = (state: Chain, change: (points: Tensor2D) => Tensor2D) => {
    const { state: next, info } = autoregressive.step(state)
    const measure = moved(next.measure, change)
    disposeMeasure(next.measure)
    return { state: { ...next, measure }, info }
  }
  let calls = 0
  test.each<readonly [string, string, SamplerLike<Chain>]>([
    ['a start elsewhere', 'starts where it is put', { ...autoregressive, init: (from, start) => ({ key: from, measure: moved(start, (points) => mul(points, scalar(2))) }) }],
    ['a chain that is lost', 'keeps its chains, and keeps them finite', stepping((state) => {
      const { state: next, info } = autoregressive.step(state)
      const measure = tidy(() => ({ points: sum<Tensor2D>(next.measure.points, 0, true), weights: slice(next.measure.weights, [0], [1]) }))
      disposeMeasure(next.measure)
      return { state: { ...next, measure }, info }
    })],
    ['NaN', 'keeps its chains, and keeps them finite', stepping((state) => altered(state, (points) => mul(points, scalar(NaN))))],
    ['a seed of its own', 'gives the same chains for the same key', { ...autoregressive, init: (_, start) => ({ key: key(calls++), measure: copied(start) }) }],
    ['a seed for all', 'gives other chains for another key', { ...autoregressive, init: (_, start) => ({ key: key(1), measure: copied(start) }) }],
    [
      'one draw for all chains',
      'draws anew in each step and for each chain',
      stepping(({ key: from, measure }) => ({
        state: { key: fold(1)(from), measure: moved(measure, (points) => add(mul(points, scalar(0.5)), tensorFrom(normal(2)(from), [1, 2]))) },
        info: {},
      })),
    ],
    [
      'a hidden state',
      'gives the same step from the same state, which it leaves as it is',
      stepping((state) => altered(state, (points) => add(points, scalar(calls++)))),
    ],
    ['a tensor left behind', 'leaves no tensor behind', stepping((state) => {
      keep(zeros([1]))
      return autoregressive.step(state)
    })],
    ['noise of half the size', 'has the moments of its target', stepping((state) => altered(state, (points) => mul(points, scalar(0.5))))],
    ['a drift', 'has the moments of its target', stepping((state) => altered(state, (points) => add(points, scalar(1))))],
  ])('catch %s', (_, name, broken) => {
    expectBroken(samplerLaws(broken, options), name)
  })
})
