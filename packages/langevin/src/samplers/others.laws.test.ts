import { adam } from '@monge/flows'
import { energy, gaussian as gaussianKernel, kernelNorm } from '@monge/kernels'
import { disposeMeasure, fromTypedArray, measureOrThrow, toTyped } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { key, normal, uniform } from '@monge/random'
import { describe, expect, test } from 'vitest'
import { eachBackend, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import {
  adapted,
  banana,
  cosineCycle,
  disposeState,
  draw,
  dualAveraging,
  gaussian,
  gaussianMixture,
  last,
  logisticRegression,
  lossFlow,
  mala,
  modeOf,
  parallelTempering,
  polynomialDecay,
  resume,
  run,
  sgld,
  svgd,
  ula,
} from '../index.js'
import type { ChainState, Sampler } from '../index.js'
import type { Backend } from '@monge/backend'

const features = Array.from({ length: 40 }, (_, i) => [1, Math.sin(3 * i) * 2])
const labels = features.map(([, x = 0], i) => (x + Math.cos(7 * i) > 0 ? 1 : 0))
const regression = logisticRegression({ features, labels, priorVariance: 4 })

const momentsOf = (values: ArrayLike<number>, axis: number, d: number): readonly [mean: number, variance: number] => {
  const along = Array.from({ length: values.length / d }, (_, i) => values[i * d + axis] as number)
  const mean = along.reduce((sum, x) => sum + x, 0) / along.length
  return [mean, along.reduce((sum, x) => sum + (x - mean) ** 2, 0) / along.length]
}

interface Case {
  readonly name: string
  readonly make: (backend: Backend, samples: Measure) => Sampler
  readonly silent?: boolean
}

const cases: readonly Case[] = [
  { name: 'sgld', make: (backend) => sgld(regression(backend), { step: 0.01, batch: 5 }) },
  {
    name: 'sgld with control variates and shorter and shorter steps',
    make: (backend) => {
      const step = polynomialDecay({ first: 0.01, delay: 10 })
      return sgld(regression(backend), { step, batch: 5, controlVariates: [0, 1], preconditioner: [1, 2] })
    },
  },
  {
    name: 'parallelTempering',
    make: (backend) => parallelTempering(banana()(backend), { temperatures: [1, 2, 4], step: 0.3 }),
  },
  {
    name: 'adapted mala',
    make: (backend) => adapted((step) => mala(banana()(backend), { step }), { step: 0.1, iterations: 3 }),
  },
  { name: 'svgd', make: (backend) => svgd(banana()(backend), { step: 0.1 })(backend), silent: true },
  {
    name: 'svgd with adam',
    make: (backend) => svgd(banana()(backend), { motion: adam(0.1), kernel: gaussianKernel(0.7) })(backend),
    silent: true,
  },
  {
    name: 'lossFlow',
    make: (backend, samples) => lossFlow(kernelNorm(energy())(backend), samples, { step: 0.2 }),
    silent: true,
  },
]

eachBackend('other samplers', (backend) => {
  const from = (values: Float64Array): Measure => measureOrThrow(fromTypedArray(values, 2, undefined, backend()))
  const started = (count: number): Measure => from(uniform({ low: -1, high: 1 }, 2 * count)(key(7)))
  const pointsOf = ({ measure }: Pick<ChainState, 'measure'>): Float64Array => Float64Array.from(measure.points.dataSync())

  describe.each(cases)('$name', ({ make, silent = false }) => {
    test('goes on from a state as if it had never stopped, bit for bit, and leaves no tensor behind', () =>
      withoutLeaks(() => {
        const [start, samples] = [started(4), from(normal(10)(key(3)))]
        const sampler = make(backend(), samples)
        const end = last(sampler, key(1), start, { steps: 6 })
        const middle = last(sampler, key(1), start, { steps: 4 })
        const resumed = Array.from(resume(sampler, middle, { steps: 2 }), ({ state }) => pointsOf(state))
        expect(resumed[1]).toEqual(pointsOf(end))
        expect(resumed[1]?.every(Number.isFinite)).toBe(true)
        expect(resumed[1]).not.toEqual(pointsOf({ measure: start }))
        const other = last(sampler, key(2), start, { steps: 6 })
        expect(pointsOf(other).join() === pointsOf(end).join()).toBe(silent)
        for (const state of [end, middle, other]) disposeState(state)
        return [start, samples]
      }))

    test('neither changes nor frees a state that it steps from', () => {
      const [start, samples] = [started(3), from(normal(10)(key(3)))]
      const sampler = make(backend(), samples)
      const state = last(sampler, key(1), start, { steps: 2 })
      const before = pointsOf(state)
      const [first, second] = [sampler.step(state).state, sampler.step(state).state]
      expect(pointsOf(state)).toEqual(before)
      expect(pointsOf(first)).toEqual(pointsOf(second))
      disposeState(state)
      for (const measure of [start, samples]) disposeMeasure(measure)
    })
  })

  test('sgld of all terms without noise finds the mode', () => {
    const potential = regression(backend())
    const start = started(2)
    const mode = modeOf(potential, [0, 0])
    const still = sgld(potential, { step: 0.02, batch: 40, temperature: 0, controlVariates: [1, 1] })
    const end = last(still, key(1), start, { steps: 700 })
    pointsOf(end).forEach((x, i) => expect(x).toBeCloseTo(mode[i % 2] as number, 3))
    disposeState(end)
    const gradient = new Float64Array(2)
    potential.onHost?.(Float64Array.from(mode), 2, gradient)
    expect(Math.hypot(...gradient)).toBeLessThan(1e-5)
    disposeMeasure(start)
  })

  test('control variates near the mode make estimates of the gradient less noisy', () => {
    const potential = regression(backend())
    const mode = modeOf(potential, [0, 0])
    const start = from(Float64Array.from(mode, (x) => x + 0.1))
    const noiseOf = (controlVariates?: readonly number[]): number => {
      const options = { step: 0.01, batch: 4, temperature: 0, ...(controlVariates === undefined ? {} : { controlVariates }) }
      const sampler = sgld(potential, options)
      const ends = Array.from({ length: 20 }, (_, seed) => {
        const state = last(sampler, key(seed), start, { steps: 1 })
        const [x = 0] = pointsOf(state)
        disposeState(state)
        return x
      })
      return momentsOf(ends, 0, 1)[1]
    }
    expect(noiseOf(mode)).toBeLessThan(0.05 * noiseOf())
    disposeMeasure(start)
  })

  test('sgld samples the posterior as mala does', () => {
    const potential = regression(backend())
    const mode = modeOf(potential, [0, 0])
    const start = from(Float64Array.from({ length: 2 * 600 }, (_, i) => mode[i % 2] as number))
    const momentsBy = (sampler: Sampler): readonly (readonly [number, number])[] => {
      const { values } = draw(sampler, key(4), start, { steps: 80, burnIn: 79 })
      return [0, 1].map((axis) => momentsOf(values, axis, 2))
    }
    const exact = momentsBy(mala(potential, { step: 0.15 }))
    momentsBy(sgld(potential, { step: 0.015, batch: 10, controlVariates: mode })).forEach(([mean, variance], axis) => {
      const [trueMean, trueVariance] = exact[axis] as readonly [number, number]
      // Several standard errors of 600 chains each, and the batch, which all chains share, adds what it adds.
      expect(Math.abs(mean - trueMean)).toBeLessThan(0.25 * Math.sqrt(trueVariance))
      expect(variance / trueVariance).toBeGreaterThan(0.75)
      expect(variance / trueVariance).toBeLessThan(1.33)
    })
    disposeMeasure(start)
  })

  test('tempered chains cross a barrier that mala does not', () => {
    const potential = gaussianMixture({ means: [[-4, 0], [4, 0]], covariance: 0.5, weights: [1, 3] })(backend())
    const start = from(Float64Array.from({ length: 2 * 300 }, (_, i) => (i % 2 === 0 ? -4 : 0)))
    const shareOf = (sampler: Sampler): number => {
      const { values } = draw(sampler, key(4), start, { steps: 150, burnIn: 149 })
      return values.filter((x, i) => i % 2 === 0 && x > 0).length / 300
    }
    expect(shareOf(mala(potential, { step: 0.3 }))).toBeLessThan(0.02)
    const tempered = shareOf(parallelTempering(potential, { temperatures: [1, 2.5, 6, 15], step: 0.3 }))
    expect(Math.abs(tempered - 0.75)).toBeLessThan(4 * Math.sqrt((0.75 * 0.25) / 300))
    disposeMeasure(start)
  })

  test('adapted chains accept as many as they should, and keep their step', () => {
    const start = from(normal(2 * 50)(key(5)))
    const sampler = adapted((step) => mala(gaussian({ mean: [0, 0], covariance: [1, 0.04] })(backend()), { step }), {
      step: 1,
      iterations: 150,
      target: 0.7,
    })
    const infos = Array.from(run(sampler, key(6), start, { steps: 250, burnIn: 150 }), ({ info }) => info)
    expect(new Set(infos.map(({ step }) => step)).size).toBe(1)
    expect(Math.abs(infos.reduce((sum, { acceptance }) => sum + acceptance, 0) / 100 - 0.7)).toBeLessThan(0.03)
    disposeMeasure(start)
  })

  test('svgd brings particles to the target', () => {
    const [start, samples] = [started(30), from(normal(400)(key(9)))]
    const potential = gaussian({ mean: [1, -1], covariance: [1, 0.25] })(backend())
    const end = last(svgd(potential, { motion: adam(0.2) })(backend()), key(1), start, { steps: 60 })
    const points = pointsOf(end)
    ;[[1, 1], [-1, 0.25]].forEach(([mean = 0, variance = 0], axis) => {
      const [found, spread] = momentsOf(points, axis, 2)
      expect(Math.abs(found - mean)).toBeLessThan(0.1)
      expect(spread / variance).toBeGreaterThan(0.7)
      expect(spread / variance).toBeLessThan(1.2)
    })
    disposeState(end)
    for (const measure of [start, samples]) disposeMeasure(measure)
  })

  test('svgd of one particle is gradient descent', () => {
    const start = from(Float64Array.of(0.5, 0.25))
    const potential = banana()(backend())
    const digits = tolerance(backend(), { float64: 10, float32: 4 })
    const ends = [svgd(potential, { step: 0.1 })(backend()), ula(potential, { step: 0.1, temperature: 0 })].map((sampler: Sampler) => {
      const state = last(sampler, key(1), start, { steps: 3 })
      const points = pointsOf(state)
      disposeState(state)
      return points
    })
    ends[0]?.forEach((x, i) => expect(x).toBeCloseTo(ends[1]?.[i] as number, digits))
    disposeMeasure(start)
  })

  test('svgd is as wide as its particles are apart: a larger target has larger steps of the same form', () => {
    const start = normal(12)(key(4))
    const movedBy = (size: number): Float64Array => {
      const measure = from(start.map((x) => size * x))
      const potential = gaussian({ mean: [0, size], covariance: size ** 2 })(backend())
      const state = last(svgd(potential, { step: 0.1 * size ** 2 })(backend()), key(1), measure, { steps: 2 })
      const points = pointsOf(state)
      disposeState(state)
      disposeMeasure(measure)
      return Float64Array.from(points, (x) => x / size)
    }
    const digits = tolerance(backend(), { float64: 10, float32: 4 })
    const large = movedBy(64)
    movedBy(1).forEach((x, i) => expect(large[i]).toBeCloseTo(x, digits))
  })

  test('a loss to samples falls along its flow', () => {
    const [start, samples] = [started(8), from(normal(20)(key(9)).map((x) => x + 2))]
    const loss = kernelNorm(energy())(backend())
    const values = Array.from(run(lossFlow(loss, samples, { step: 0.3 }), key(1), start, { steps: 10 }), ({ info }) => info.value)
    values.slice(1).forEach((value, k) => expect(value).toBeLessThan(values[k] as number))
    for (const measure of [start, samples]) disposeMeasure(measure)
  })

  test('dual averaging finds the step of a given acceptance', () => {
    const averaging = dualAveraging({ step: 3, target: 0.6 })
    let state = averaging.init
    for (let k = 0; k < 400; k++) state = averaging.update(state, Math.exp(-state.step))
    expect(Math.exp(-state.averaged)).toBeCloseTo(0.6, 1)
  })

  test('schedules are what they say', () => {
    expect(polynomialDecay({ first: 2, delay: 1, power: 1 })(3)).toBeCloseTo(0.5, 12)
    const cycle = cosineCycle({ first: 2, period: 10, floor: 0.5 })
    expect([cycle(0), cycle(10), cycle(5)]).toEqual([2, 2, expect.closeTo(1.5, 12)])
  })

  test('steps of a schedule are those of numbers', () => {
    const start = from(Float64Array.of(1, 1))
    const decaying = ula(gaussian({ mean: [0, 0] })(backend()), { step: (t) => [0.5, 0.25][t] ?? 1, temperature: 0 })
    const end = last(decaying, key(1), start, { steps: 2 })
    expect(toTyped(end.measure).points).toEqual(toTyped(start).points.map(() => 0.375))
    disposeState(end)
    disposeMeasure(start)
  })
})
