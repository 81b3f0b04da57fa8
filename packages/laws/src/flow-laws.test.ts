import { tensorFrom } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { gaussian, kernelNorm } from '@monge/kernels'
import { valueAndGradientIn } from '@monge/losses'
import { fromTensors, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { add, keep, mul, neg, scalar, tidy, zeros } from '@tensorflow/tfjs-core'
import type { Tensor2D, TensorContainer } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs } from '../../../tooling/testing/src/index.ts'
import { brokenLaws, checkLaws, flowLaws } from './index.js'
import type { FlowLike, FlowStateLike, Law } from './index.js'

const parameters = { numRuns: runs(100) }

const expectBroken = (laws: readonly Law[], name: string) => {
  expect(laws.map((one) => one.name)).toContain(name)
  expect(brokenLaws(laws.filter((one) => one.name === name), { numRuns: runs(100), endOnFailure: true })).toEqual([name])
}

const tidied = <A>(body: () => A): A => tidy(body as unknown as () => TensorContainer) as A

interface State extends FlowStateLike {
  readonly target: Measure
}

/** Euler steps down a Gaussian norm, each of a sixteenth of the gradient, as plain as can be. (Where a loss has kinks, none is short enough to descend.) */
const eulerFlow = (backend: () => Backend, length = 2 ** -4): FlowLike<State> => {
  const arrive = (measure: Measure, target: Measure, iteration: number, time: number): State => {
    const loss = kernelNorm(gaussian(1))(backend())
    return { iteration, time, measure, target, value: tidy(() => loss(measure, target).dataSync()[0]) }
  }
  const own = ({ points, weights }: Measure): Measure => measureOrThrow(fromTensors(points, weights))
  return {
    init: (mu, nu) => tidied(() => arrive(own(mu), own(nu), 0, 0)),
    step: ({ measure, target, iteration, time }) =>
      tidied(() => {
        const { gradient } = valueAndGradientIn('mu')(kernelNorm(gaussian(1))(backend()))(measure, target)
        const points = add<Tensor2D>(measure.points, mul(neg(gradient.points), scalar(length)))
        return arrive({ weights: measure.weights, points }, target, iteration + 1, time + length)
      }),
  }
}

eachBackend('the laws of flows', (backend) => {
  const flow = eulerFlow(backend)
  const options = { restsAtTarget: true, translationInvariant: true, descends: true, steps: 2 }
  const clouds = { settings: ['near'], maxPoints: 3, dimension: { max: 2 } } as const

  describe('hold for Euler steps', () => {
    checkLaws(flowLaws(flow, { ...options, clouds }), { test, parameters })
  })

  const stepping = (step: FlowLike<State>['step']): FlowLike<State> => ({ ...flow, step })
  const moved = (state: State, change: (points: Tensor2D) => Tensor2D): State =>
    tidied(() => ({ ...state, measure: { ...state.measure, points: change(state.measure.points) } }))
  test.each<readonly [string, string, FlowLike<State>]>([
    ['a start elsewhere', 'starts where it is put, and counts its steps', { ...flow, init: (mu, nu) => flow.init(nu, mu) }],
    ['a count that stands still', 'starts where it is put, and counts its steps', stepping((state) => ({ ...flow.step(state), iteration: 0 }))],
    [
      'weights that move',
      'keeps weights, and keeps points finite',
      stepping((state) => tidied(() => {
        const next = flow.step(state)
        return { ...next, measure: { ...next.measure, weights: mul(next.measure.weights, scalar(2)) } }
      })),
    ],
    ['time that runs back', 'never runs back in time', stepping((state) => ({ ...flow.step(state), time: -state.iteration }))],
    [
      'a hidden state',
      'gives the same step from the same state, which it leaves as it is',
      (() => {
        let calls = 0
        return stepping((state) => tidied(() => moved(flow.step(state), (points) => add(points, scalar(calls++ % 2)))))
      })(),
    ],
    [
      'a step that frees its state',
      'gives the same step from the same state, which it leaves as it is',
      stepping((state) => {
        const next = flow.step(state)
        state.measure.points.dispose()
        return next
      }),
    ],
    [
      'points by their place in the list',
      'moves points in whatever order they come',
      stepping((state) => tidied(() => moved(flow.step(state), (points) => add(points, mul(points, tensorFrom(Array.from({ length: points.shape[0] }, (_, row) => row / 8), [points.shape[0], 1])))))),
    ],
    ['a tensor left behind', 'leaves the measures as they are, and no tensor behind', stepping((state) => {
      keep(zeros([1]))
      return flow.step(state)
    })],
    ['a step that climbs', 'never raises the value', eulerFlow(backend, -(2 ** -4))],
    ['a drift', 'rests on its target', stepping((state) => tidied(() => moved(flow.step(state), (points) => add(points, scalar(1)))))],
    ['a pull to the origin', 'moves with its measures', stepping((state) => tidied(() => moved(flow.step(state), (points) => mul(points, scalar(0.5)))))],
  ])('catch %s', (_, name, broken) => {
    expectBroken(flowLaws(broken, options), name)
  })
})
