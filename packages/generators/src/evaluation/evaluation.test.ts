import { energy, gaussian, pullback, squaredMmd } from '@monge/kernels'
import { toNumber } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { fold, key, normal } from '@monge/random'
import { sinkhornDivergence } from '@monge/sinkhorn'
import type { Backend } from '@monge/backend'
import type { Measure } from '@monge/measures'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { mul } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { bootstrapInterval, kernelTest, neighbourReport, twoSampleReport } from '../index.js'

const cloud = (backend: Backend, count: number, seed: number, shift = 0, weights?: readonly number[]): Measure => {
  const values = normal(2 * count)(key(seed))
  const data = Float64Array.from(values, (value, index) => value + (index % 2 === 0 ? shift : 0))
  return measureOrThrow(fromArrays({ data, shape: [count, 2] }, weights, backend))
}

const near = (value: number): number => expect.closeTo(value, 5) as number

const line = (backend: Backend, points: readonly number[], weights?: readonly number[]): Measure =>
  measureOrThrow(fromArrays(points, weights, backend))

eachBackend('kernelTest', (backend) => {
  test('rejects clouds that lie apart, and says by what statistic', () => {
    const [mu, nu] = [cloud(backend(), 20, 1), cloud(backend(), 25, 2, 2)]
    const found = kernelTest({ kernel: energy(), key: key(3), permutations: 99 })(backend())(mu, nu)
    expect(found.pValue).toBe(0.01)
    expect(found.permutations).toBe(99)
    const expected = toNumber(squaredMmd(energy())(backend()))(mu, nu)
    expect(Math.abs(found.statistic - expected)).toBeLessThan(tolerance(backend(), { float64: 1e-12, float32: 1e-5 }))
  })

  test('has the p-value 1 between a sample and itself, whatever rounding makes of what cancels', () => {
    const rows = [[0, 0], [0, 18], [15, -11], [-13, 3], [13, -11]]
    const mu = measureOrThrow(fromArrays(rows, undefined, backend()))
    for (let seed = 0; seed < 20; seed++)
      expect(kernelTest({ kernel: energy(), key: key(seed), permutations: 9 })(backend())(mu, mu).pValue).toBe(1)
    disposeMeasure(mu)
  })

  test('has the exact p-value where all relabellings can be tried', () => {
    // Of the 6 ways to halve 0, 1, 9, 10, the given one and its mirror image have the largest statistic.
    const [mu, nu] = [line(backend(), [0, 1]), line(backend(), [9, 10])]
    const found = kernelTest({ kernel: energy(), key: key(3) })(backend())(mu, nu)
    expect(found.pValue).toBeCloseTo(1 / 3, 12)
    expect(found.permutations).toBe(5)
  })

  test('sees points through the features of a kernel', () => {
    const [mu, nu] = [cloud(backend(), 8, 1), cloud(backend(), 8, 2)]
    const flat = pullback((points: Tensor2D) => mul(points, 0) as Tensor2D)(gaussian(1))
    const found = kernelTest({ kernel: flat, key: key(3), permutations: 19 })(backend())(mu, nu)
    expect(found.pValue).toBe(1)
  })

  test('refuses what it cannot test', () => {
    const options = { kernel: energy(), key: key(3) }
    expect(() => kernelTest({ ...options, permutations: 0 })).toThrow(/kernelTest: permutations/)
    expect(() => kernelTest({ ...options, power: 2 } as never)).toThrow(/unknown option "power"/)
    const weighted = line(backend(), [0, 1, 2], [0.5, 0.25, 0.25])
    expect(() => kernelTest(options)(backend())(weighted, weighted)).toThrow(/points of equal weight/)
    expect(() => kernelTest(options)(backend())(cloud(backend(), 3, 1), line(backend(), [0, 1]))).toThrow(/dimension/i)
  })
})

eachBackend('bootstrapInterval', (backend) => {
  test('holds the divergence of the laws, which the samples alone overestimate', () => {
    // 2 E|X - Y| - 2 E|X - X'| for N(0, 1)² and its translate by 1: means of Rice's and Rayleigh's laws.
    const loss = squaredMmd(energy())(backend())
    const far = 0.4299
    const hits = [0, 1, 2, 3, 4, 5, 6, 7].filter((trial) => {
      const [mu, nu] = [cloud(backend(), 40, 100 + trial), cloud(backend(), 40, 200 + trial, 1)]
      const { low, high, value } = bootstrapInterval({ key: fold(trial)(key(1)), resamples: 60 })(loss)(mu, nu)
      expect(low).toBeLessThan(high)
      expect(value).toBeGreaterThan(0)
      disposeMeasure(mu)
      disposeMeasure(nu)
      return low <= far && far <= high
    })
    expect(hits.length).toBeGreaterThanOrEqual(6)
  })

  test('is a point where there is nothing to draw from', () => {
    const found = bootstrapInterval({ key: key(1), resamples: 5 })(sinkhornDivergence({ blur: 0.5 })(backend()))(
      line(backend(), [1, 1]),
      line(backend(), [3, 3, 3]),
    )
    expect(found.low).toBeCloseTo(2, 4)
    expect(found.high).toBeCloseTo(2, 4)
    expect(found.standardError).toBeCloseTo(0, 4)
  })

  test('takes a loss that names no place', () => {
    const loss = squaredMmd(energy())(backend())
    const anywhere: Loss = Object.assign((mu: Measure, nu: Measure) => loss(mu, nu), {})
    const [mu, nu] = [line(backend(), [0, 1, 3]), line(backend(), [2, 5])]
    const options = { key: key(1), resamples: 5 }
    expect(bootstrapInterval(options)(anywhere)(mu, nu)).toEqual(bootstrapInterval(options)(loss)(mu, nu))
    disposeMeasure(mu)
    disposeMeasure(nu)
  })

  test('refuses bad options', () => {
    expect(() => bootstrapInterval({ key: key(1), resamples: 1 })).toThrow(/bootstrapInterval: resamples/)
    expect(() => bootstrapInterval({ key: key(1), level: 1.5 })).toThrow(/bootstrapInterval: level/)
  })
})

eachBackend('neighbourReport', (backend) => {
  test('counts by hand', () => {
    // Balls of the nearest neighbour: real 0 ± 1, 1 ± 1, 10 ± 9; generated 0.5 ± 9.5, 10 ± 9.5 and 30 ± 20.
    const real = line(backend(), [0, 1, 10])
    const generated = line(backend(), [0.5, 10, 30])
    expect(neighbourReport({ neighbours: 1 })(real, generated)).toEqual({
      precision: near(2 / 3),
      recall: near(1),
      density: near(1),
      coverage: near(1),
    })
  })

  test('sees a forgotten mode in recall and coverage, and a false one in precision and density', () => {
    const modes = (...at: readonly number[]): Measure =>
      line(
        backend(),
        at.flatMap((mode) => [0, 0.1, 0.25, 0.3, 0.41, 0.5].map((step) => mode + step)),
      )
    const forgetful = neighbourReport({ neighbours: 2 })(modes(0, 100), modes(0))
    expect(forgetful).toMatchObject({ precision: near(1), recall: near(0.5), coverage: near(0.5) })
    const inventive = neighbourReport({ neighbours: 2 })(modes(0), modes(0, 100))
    expect(inventive).toMatchObject({ precision: near(0.5), recall: near(1), coverage: near(1) })
    expect(inventive.density).toBeCloseTo(forgetful.density / 2, 6)
  })

  test('does not see points without weight', () => {
    const one = neighbourReport({ neighbours: 1 })(line(backend(), [0, 1, 2.5]), line(backend(), [0, 2, 7]))
    const other = neighbourReport({ neighbours: 1 })(
      line(backend(), [0, 50, 1, 2.5], [1, 0, 1, 1]),
      line(backend(), [0, 2, 2, 7], [1, 1, 0, 1]),
    )
    for (const name of ['precision', 'recall', 'density', 'coverage'] as const) expect(other[name]).toBeCloseTo(one[name], 5)
  })

  test('does not see points without weight in the plane', () => {
    const at = (rows: readonly (readonly number[])[], weights?: readonly number[]) => measureOrThrow(fromArrays(rows, weights, backend()))
    const [real, generated] = [at([[0, 0], [1, 0], [0, 2.5]]), at([[0, 1], [2, 0], [7, 7]])]
    const [more, others] = [
      at([[9, 9], [0, 0], [1, 0], [5, 5], [0, 2.5]], [0, 1, 1, 0, 1]),
      at([[0, 1], [3, 3], [2, 0], [7, 7]], [1, 0, 1, 1]),
    ]
    const [one, other] = [neighbourReport({ neighbours: 1 })(real, generated), neighbourReport({ neighbours: 1 })(more, others)]
    for (const name of ['precision', 'recall', 'density', 'coverage'] as const) expect(other[name]).toBeCloseTo(one[name], 5)
    ;[real, generated, more, others].forEach(disposeMeasure)
  })

  test('refuses clouds too small for its balls', () => {
    const three = line(backend(), [0, 1, 2])
    expect(() => neighbourReport({ neighbours: 3 })(three, three)).toThrow(/more than 3 points/)
    expect(() => neighbourReport({ neighbours: 0 })).toThrow(/neighbourReport: neighbours/)
  })
})

eachBackend('twoSampleReport', (backend) => {
  const report = (one: Measure, other: Measure) =>
    twoSampleReport({ key: key(5), resamples: 10, permutations: 49, directions: 20, neighbours: 3, sinkhorn: { blur: 0.3 } })(
      backend(),
    )(one, other)

  test('tells samples of one law from those of two', () => {
    const [mu, same, other] = [cloud(backend(), 30, 1), cloud(backend(), 30, 2), cloud(backend(), 30, 3, 2)]
    const [close, far] = [report(mu, same), report(mu, other)]
    expect(close.test.pValue).toBeGreaterThan(0.05)
    expect(far.test.pValue).toBe(0.02)
    expect(far.divergence.low).toBeGreaterThan(close.divergence.high)
    expect(far.sliced).toBeGreaterThan(2 * close.sliced)
    expect(far.neighbours.coverage).toBeLessThan(close.neighbours.coverage)
  })

  test('hands its options on to the interval', () => {
    const [mu, nu] = [cloud(backend(), 12, 1), cloud(backend(), 12, 2, 1)]
    const of = (options: { readonly level?: number; readonly resamples?: number }) => {
      const settings = { key: key(5), resamples: 20, permutations: 9, directions: 4, neighbours: 1, sinkhorn: { blur: 0.5 } }
      return twoSampleReport({ ...settings, ...options })(backend())(mu, nu).divergence
    }
    const [sure, unsure, more] = [of({ level: 0.95 }), of({ level: 0.3 }), of({ resamples: 30 })]
    expect(unsure.high - unsure.low).toBeLessThan(0.8 * (sure.high - sure.low))
    expect(more.standardError).not.toBe(sure.standardError)
    disposeMeasure(mu)
    disposeMeasure(nu)
  })

  test('is the same for the same key, and leaves no tensor behind', () => {
    const [mu, nu] = [cloud(backend(), 12, 1), cloud(backend(), 10, 2, 1)]
    const first = report(mu, nu)
    withoutLeaks(() => {
      expect(report(mu, nu)).toEqual(first)
    })
  })

  test('refuses unknown options', () => {
    expect(() => twoSampleReport({ key: key(1), blur: 1 } as never)).toThrow(/unknown option "blur"/)
    expect(() => twoSampleReport({ key: key(1), directions: 0 })).toThrow(/count/)
  })
})
