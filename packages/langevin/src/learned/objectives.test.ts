import { tensorFrom } from '@monge/backend'
import { disposeParams, sgd } from '@monge/generators'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { fold, key } from '@monge/random'
import { dispose, mul, square, sum } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, tolerance } from '../../../../tooling/testing/src/index.ts'
import { averaged } from './average.js'
import { normalLike } from './diffusion.js'
import { annealedLangevin, contrastiveDivergence, gaussianNoise, probabilityFlow, reverseDiffusion, scoreMatching } from './index.js'
import type { ContrastiveOptions, ContrastiveTraining, Diffusion, EnergyNetwork, Score, ScoreModel } from './index.js'

type One = Readonly<{ a: Tensor1D }>

/** The energy `a |x|² / 2`, of which all is known. */
const bowl = (a: number): EnergyNetwork<One> => ({
  dimension: 2,
  init: () => ({ a: tensorFrom<Tensor1D>([a], [1]) }),
  apply: ({ a: factor }, points) => mul(sum(square(points), 1), mul(factor, tensorFrom([0.5], [1]))),
})

const meanOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / values.length
const varianceOf = (values: readonly number[]): number => meanOf(values.map((value) => (value - meanOf(values)) ** 2))

eachBackend('what trainings see and go down', (backend) => {
  const numbers = (tensor: Tensor | undefined): readonly number[] => Array.from(tensor?.dataSync() ?? [])
  const cloud = (rows: readonly (readonly number[])[], weights?: readonly number[]): Measure =>
    measureOrThrow(fromArrays(rows, weights, backend()))
  const expectNear = (found: readonly number[], expected: readonly number[], float32 = 1e-3): void => {
    expect(found).toHaveLength(expected.length)
    const within = tolerance(backend(), { float64: 1e-9, float32 })
    expected.forEach((value, i) => expect(Math.abs((found[i] ?? NaN) - value)).toBeLessThan(within * (1 + Math.abs(value))))
  }
  const freed = (...states: readonly ContrastiveTraining<One>[]): void => {
    const tensors = new Set(states.flatMap(({ params, average, chains }) => [params.a, average.a, ...chains]))
    dispose([...tensors])
  }
  const contrast = (options: Partial<ContrastiveOptions<One>>, data: Measure, a = 0.5) =>
    contrastiveDivergence({ network: bowl(a), place: backend(), optimiser: sgd(0.125), batch: 3, ...options })(data)

  test('an average of parameters remembers the longer the more it has seen', () => {
    for (const [decay, count, kept] of [[0.9, 0, 0.1], [0.9, 8, 0.5], [0.9, 1000, 0.9], [0, 5, 0]] as const) {
      const [before, now] = backend().within(() => [[2, -1], [4, 3]].map((values) => tensorFrom<Tensor1D>(values, [2]))) as [Tensor1D, Tensor1D]
      const { a } = backend().within(() => averaged(decay, count)({ a: before }, { a: now }))
      expectNear(numbers(a), [4 - 2 * kept, 3 - 4 * kept], 1e-5)
      dispose([before, now, a])
    }
  })

  test('chains go on from step to step, each batch of them in its turn, down the energy', () => {
    const data = cloud([[1, 2]])
    const training = contrast({ buffers: 2, steps: 3, step: 0.25, noise: 0, renewal: 0, penalty: 0 }, data)
    const first = training.init(key(1))
    const second = training.step(first)
    const third = training.step(second)
    expect(first.chains.map(({ shape }) => shape)).toEqual([[3, 2], [3, 2]])
    expect(numbers(first.chains[0])).not.toEqual(numbers(first.chains[1]))
    const factorOf = (params: One): number => (1 - 0.25 * (numbers(params.a)[0] ?? NaN)) ** 3
    expectNear(numbers(second.chains[0]), numbers(first.chains[0]).map((x) => factorOf(first.params) * x))
    expect(second.chains[1]).toBe(first.chains[1])
    expect(third.chains[0]).toBe(second.chains[0])
    expectNear(numbers(third.chains[1]), numbers(first.chains[1]).map((x) => factorOf(second.params) * x))
    freed(first, second, third)
    disposeMeasure(data)
  })

  test('parameters go down the gap of energies and the penalty, and the gap is what is told', () => {
    const data = cloud([[1, 2]])
    const penalty = 0.1
    const training = contrast({ from: 'data', steps: 1, step: 0.5, noise: 0, penalty }, data)
    const first = training.init(key(1))
    const second = training.step(first)
    // The data have |x|² = 5; one step of gradient descent takes negatives from there to x (1 - a / 2).
    const [high, low] = [5 / 2, (5 / 2) * 0.75 ** 2]
    expect(second.loss).toBeCloseTo(0.5 * (high - low), 5)
    const slope = high - low + penalty * 2 * 0.5 * (high ** 2 + low ** 2)
    expectNear(numbers(second.params.a), [0.5 - 0.125 * slope])
    expectNear(numbers(second.average.a), [0.5 - 0.9 * 0.125 * slope])
    expect(second.iteration).toBe(1)
    freed(first, second)
    disposeMeasure(data)
  })

  test('chains begin anew from noise of the deviation, as often as they are told to', () => {
    const data = cloud([[1, 2]])
    for (const renewal of [1, 0.25]) {
      const training = contrast({ batch: 400, steps: 1, step: 1e-9, noise: 0, renewal, deviation: 3, blur: 0 }, data)
      const first = training.init(key(1))
      const second = training.step(first)
      const [before, after] = [numbers(first.chains[0]), numbers(second.chains[0])]
      const anew = after.filter((x, i) => Math.abs(x - (before[i] ?? NaN)) > 1e-3)
      expect(Math.abs(anew.length / after.length - renewal)).toBeLessThan(0.1)
      expect(Math.abs(Math.sqrt(varianceOf(after)) - 3)).toBeLessThan(0.3)
      expect(Math.abs(Math.sqrt(varianceOf(before)) - 3)).toBeLessThan(0.3)
      expect(Math.abs(Math.sqrt(varianceOf(anew)) - 3)).toBeLessThan(0.5)
      // Both coordinates of a chain begin anew, or neither.
      const gone = after.map((x, i) => Math.abs(x - (before[i] ?? NaN)) > 1e-3)
      expect(gone.filter((one, i) => i % 2 === 0 && one !== gone[i + 1]).length).toBeLessThan(3)
      freed(first, second)
    }
    disposeMeasure(data)
  })

  test('data are drawn by their weights, and blurred as told; negatives are shaken by what the step calls for', () => {
    const rows = [[1, 2], [-3, 5], [100, 100]]
    const data = cloud(rows, [1, 3, 0])
    const step = 1e-4
    const still = contrast({ batch: 200, from: 'data', steps: 1, step, noise: 0 }, data)
    const first = still.init(key(1))
    const drawn = still.step(first)
    const points = numbers(drawn.chains[0])
    const second = points.filter((_, i) => i % 2 === 0).filter((x) => Math.abs(x + 3) < 0.01).length
    const one = points.filter((_, i) => i % 2 === 0).filter((x) => Math.abs(x - 1) < 0.01).length
    expect(second + one).toBe(200)
    expect(Math.abs(second / 200 - 0.75)).toBeLessThan(0.15)
    points.forEach((_, i) => expect(Math.abs((points[i | 1] ?? NaN) - ((points[i & ~1] ?? 0) > 0 ? 2 : 5))).toBeLessThan(0.01))
    freed(first, drawn)
    disposeMeasure(data)
    const single = cloud([[1, 2]])
    for (const [options, spread] of [[{ blur: 0.5, noise: 0 }, 0.5], [{ noise: 0.25 }, 0.25], [{ step: 0.02 }, 0.2]] as const) {
      const blurred = contrast({ batch: 400, from: 'data', steps: 1, step, ...options }, single, 0.01)
      const [start, end] = ((state) => [state, blurred.step(state)] as const)(blurred.init(key(1)))
      numbers(end.chains[0]).slice(0, 2).forEach((x, i) => expect(x).not.toBe([1, 2][i]))
      for (const axis of [0, 1]) {
        const along = numbers(end.chains[0]).filter((_, i) => i % 2 === axis)
        expect(Math.abs(meanOf(along) - 1 - axis)).toBeLessThan(4 * spread / 20)
        expect(Math.abs(Math.sqrt(varianceOf(along)) / spread - 1)).toBeLessThan(0.15)
      }
      freed(start, end)
    }
    disposeMeasure(single)
  })

  test('a loss, and a chain, that leave the numbers are told of, and nothing is left behind', () => {
    const data = cloud([[1, 2]])
    const broken = contrast({ from: 'data', steps: 1, step: 0.1, noise: 0 }, data, NaN)
    const first = broken.init(key(1))
    expect(() => broken.step(first)).toThrow(expect.objectContaining({ tag: 'Diverged', where: 'contrastiveDivergence' }))
    freed(first)
    const wild: EnergyNetwork<One> = { ...bowl(1), apply: ({ a }, points) => mul(sum(points, 1), mul(a, tensorFrom([NaN], [1]))) }
    const matching = scoreMatching({
      model: { place: backend(), dimension: 2, init: wild.init, denoise: ({ a }, points) => mul(points, mul(a, tensorFrom([NaN], [1]))), score: (_, points) => points },
      levels: [1],
      optimiser: sgd(0.1),
    })(data)
    const start = matching.init(key(1))
    expect(() => matching.step(start)).toThrow('scoreMatching: the loss of step 0 is NaN')
    disposeParams([start.params, start.average])
    disposeMeasure(data)
  })

  test.each([
    ['the square of the level', undefined, (level: number) => level ** 2],
    ['what is told', (level: number) => 3 * level, (level: number) => 3 * level],
  ])('score matching weighs a level by %s, and sees each sample with noise of its own level', (_, weight, expected) => {
    const seen: (readonly [points: readonly number[], levels: readonly number[]])[] = []
    const model: ScoreModel<One> = {
      place: backend(),
      dimension: 2,
      init: () => ({ a: tensorFrom<Tensor1D>([0.5], [1]) }),
      denoise: ({ a }, points, levels) => {
        seen.push([numbers(points), numbers(levels)])
        return mul(points, a)
      },
      score: (__, points) => points,
    }
    const data = cloud([[1, -2]])
    const [levels, batch] = [[4, 1, 0.25], 300]
    const options = { model, levels, optimiser: sgd(1e-3), batch, ...(weight === undefined ? {} : { weight }) }
    const training = scoreMatching(options)(data)
    const first = training.init(key(1))
    const second = training.step(first)
    const [points, told] = seen[0] ?? [[], []]
    const clean = points.map((__, i) => (i % 2 === 0 ? 1 : -2))
    const noise = points.map((x, i) => (x - (clean[i] ?? NaN)) / (told[i >> 1] ?? NaN))
    expect(Math.abs(meanOf(noise))).toBeLessThan(0.2)
    expect(Math.abs(varianceOf(noise) - 1)).toBeLessThan(0.25)
    for (const level of levels) expect(Math.abs(told.filter((each) => each === level).length / batch - 1 / 3)).toBeLessThan(0.12)
    const errors = points.map((x, i) => (expected(told[i >> 1] ?? NaN) / (told[i >> 1] ?? NaN) ** 4) * (0.5 * x - (clean[i] ?? NaN)) ** 2)
    const within = tolerance(backend(), { float64: 1e-9, float32: 1e-3 })
    expect(Math.abs(second.loss / meanOf(errors) - 1)).toBeLessThan(within)
    dispose([first.params.a, first.average.a, second.params.a, second.average.a])
    disposeMeasure(data)
  })
})

eachBackend('a step of samplers by noise levels is its formula', (backend) => {
  const numbers = (tensor: Tensor | undefined): readonly number[] => Array.from(tensor?.dataSync() ?? [])
  /** `s(x, σ) = -x / (1 + σ)`, any score. */
  const score = (): Score => ({
    place: backend(),
    dimension: 2,
    at: (points, level) => mul(points, tensorFrom([-1 / (1 + level)], [1])) as Tensor2D,
  })
  const expectNear = (found: readonly number[], expected: readonly number[]): void => {
    expect(found).toHaveLength(expected.length)
    const within = tolerance(backend(), { float64: 1e-9, float32: 1e-3 })
    expected.forEach((value, i) => expect(Math.abs((found[i] ?? NaN) - value)).toBeLessThan(within * (1 + Math.abs(value))))
  }
  const noiseBy = (of: ReturnType<typeof key>, points: Tensor2D): readonly number[] => {
    const tensor = backend().within(() => normalLike(points, of))
    const values = numbers(tensor)
    tensor.dispose()
    return values
  }
  const expectWalk = (sampler: Diffusion, check: (x: readonly number[], t: number, points: Tensor2D) => readonly number[], levels: readonly number[]): void => {
    const start = gaussianNoise(3, 2, 2)(backend())(key(1))
    let state = sampler.init(key(2), start)
    expect(sampler.steps).toBe(levels.length)
    levels.forEach((level, t) => {
      const { state: next, info } = sampler.step(state)
      expectNear(numbers(next.measure.points), check(numbers(state.measure.points), t, state.measure.points))
      expect(info.level).toBe(level)
      expect(next.iteration).toBe(t + 1)
      state.measure.points.dispose()
      state = next
    })
    const beyond = sampler.step(state)
    expect(beyond.info.level).toBe(levels.at(-1))
    expect(beyond.state.iteration).toBe(levels.length + 1)
    disposeMeasure(state.measure)
    disposeMeasure(start)
  }

  test('annealed Langevin dynamics', () => {
    const [levels, step] = [[2, 0.5], 0.3]
    expectWalk(
      annealedLangevin({ levels, stepsPerLevel: 2, step })(score()),
      (x, t, points) => {
        const level = levels[t >> 1] ?? NaN
        const noise = noiseBy(fold(t)(key(2)), points)
        const size = step * level ** 2
        return x.map((value, i) => value - ((size / 2) * value) / (1 + level) + Math.sqrt(size) * (noise[i] ?? NaN))
      },
      [2, 2, 0.5, 0.5],
    )
  })

  test('the reverse diffusion', () => {
    const levels = [3, 1, 0]
    expectWalk(
      reverseDiffusion({ levels })(score()),
      (x, t, points) => {
        const [from, to] = [levels[t] ?? NaN, levels[t + 1] ?? NaN]
        const noise = noiseBy(fold(0)(fold(t)(key(2))), points)
        const time = from ** 2 - to ** 2
        return x.map((value, i) => value - (time * value) / (1 + from) + (to === 0 ? 0 : Math.sqrt(time) * (noise[i] ?? NaN)))
      },
      [1, 0],
    )
  })

  test('the reverse diffusion with a corrector of two steps', () => {
    const levels = [3, 1]
    const ratio = 0.3
    expectWalk(
      reverseDiffusion({ levels, corrector: { steps: 2, ratio } })(score()),
      (x, t, points) => {
        const noise = noiseBy(fold(0)(fold(t)(key(2))), points)
        let at = x.map((value, i) => value - (8 * value) / 4 + Math.sqrt(8) * (noise[i] ?? NaN))
        const length = (rows: readonly number[]): number => meanOf([0, 1, 2].map((row) => Math.hypot(rows[2 * row] ?? NaN, rows[2 * row + 1] ?? NaN)))
        for (const index of [0, 1]) {
          const [slope, shake] = [at.map((value) => -value / 2), noiseBy(fold(index)(fold(1)(fold(t)(key(2)))), points)]
          const size = 2 * (ratio * (length(shake) / length(slope))) ** 2
          at = at.map((value, i) => value + size * (slope[i] ?? NaN) + Math.sqrt(2 * size) * (shake[i] ?? NaN))
        }
        return at
      },
      [1],
    )
  })

  test('the probability flow', () => {
    const levels = [3, 1, 0]
    expectWalk(
      probabilityFlow({ levels })(score()),
      (x, t) => {
        const [from, to] = [levels[t] ?? NaN, levels[t + 1] ?? NaN]
        const slope = (value: number, level: number): number => (level * value) / (1 + level)
        return x.map((value) => {
          const there = value - (from - to) * slope(value, from)
          return to === 0 ? there : value - ((from - to) / 2) * (slope(value, from) + slope(there, to))
        })
      },
      [1, 0],
    )
  })

  test('what is not said of them is their default', () => {
    const start = gaussianNoise(2, 2, 1)(backend())(key(1))
    const ends = (sampler: Diffusion): readonly number[] => {
      const first = sampler.init(key(2), start)
      const { state } = sampler.step(first)
      const points = numbers(state.measure.points)
      dispose([first.measure.points, first.measure.weights, state.measure.points])
      return [sampler.steps, ...points]
    }
    expect(ends(annealedLangevin({ levels: [1] })(score()))).toEqual(ends(annealedLangevin({ levels: [1], stepsPerLevel: 20, step: 0.1 })(score())))
    const levels = [2, 1]
    expect(ends(reverseDiffusion({ levels, corrector: {} })(score()))).toEqual(
      ends(reverseDiffusion({ levels, corrector: { steps: 1, ratio: 0.16 } })(score())),
    )
    disposeMeasure(start)
  })
})
