import { tensorFrom } from '@monge/backend'
import { leavesOf } from '@monge/generators'
import { key } from '@monge/random'
import { dispose } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D, TensorContainer } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, tolerance } from '../../../../tooling/testing/src/index.ts'
import { perceptronEnergy, residualNetwork, scoreModel } from './index.js'
import type { NoiseNetwork } from './index.js'
import { affineInit } from './layers.js'
import type { Affine } from './layers.js'

type Rows = readonly (readonly number[])[]
interface Map {
  readonly matrix: Rows
  readonly offset: readonly number[]
}

/** Any numbers, from -1 to 1. */
const some = (count: number, seed: number): readonly number[] => Array.from({ length: count }, (_, i) => Math.sin(7 * seed + 3 * i + 1))
const map = (from: number, to: number, seed: number): Map => ({
  matrix: Array.from({ length: from }, (_, row) => some(to, seed + row / 10)),
  offset: some(to, seed + 5),
})
const applied = ({ matrix, offset }: Map, row: readonly number[]): readonly number[] =>
  offset.map((shift, to) => row.reduce((sum, x, from) => sum + x * (matrix[from]?.[to] ?? NaN), shift))
const swished = (row: readonly number[]): readonly number[] => row.map((x) => x / (1 + Math.exp(-x)) / 0.596)
const plus = (a: readonly number[], b: readonly number[]): readonly number[] => a.map((x, i) => x + (b[i] ?? NaN))

eachBackend('networks are their formulas in plain loops', (backend) => {
  const expectNear = (found: ArrayLike<number>, expected: readonly number[]): void => {
    expect(found).toHaveLength(expected.length)
    const within = tolerance(backend(), { float64: 1e-9, float32: 1e-3 })
    expected.forEach((value, i) => expect(Math.abs((found[i] ?? NaN) - value)).toBeLessThan(within * (1 + Math.abs(value))))
  }
  const matrix = (rows: Rows): Tensor2D => tensorFrom<Tensor2D>(rows.flat(), [rows.length, rows[0]?.length ?? 0])
  const vector = (values: readonly number[]): Tensor1D => tensorFrom<Tensor1D>(values, [values.length])
  const affine = (given: Map): Affine => ({ matrix: matrix(given.matrix), offset: vector(given.offset) })
  const points = [[0.5, -1], [2, 0.25], [-0.75, 1.5]]

  test('a perceptron beside a bowl', () => {
    const layers = [map(2, 3, 1), map(3, 3, 2), map(3, 1, 3)]
    const network = perceptronEnergy({ dimension: 2, width: 3, layers: 2, deviation: 2 })
    const made = backend().within(() => {
      const params = { layers: layers.map(affine) }
      const at = matrix(points)
      return { params, at, energy: network.apply(params, at) }
    })
    expect(made.energy.shape).toEqual([3])
    expectNear(
      made.energy.dataSync(),
      points.map((x) => {
        const [first, second, last] = layers as [Map, Map, Map]
        const [bent = NaN] = applied(last, swished(applied(second, swished(applied(first, x)))))
        return x.reduce((sum, value) => sum + value * value, 0) / 8 + bent
      }),
    )
    dispose(made as never)
  })

  test('residual blocks that are told the level', () => {
    const [entry, exit] = [map(2, 3, 1), map(3, 2, 2)]
    const blocks = [1, 2].map((seed) => ({ first: map(3, 3, 10 * seed), level: map(4, 3, 11 * seed), second: map(3, 3, 12 * seed) }))
    const network = residualNetwork({ dimension: 2, width: 3, blocks: 2, frequencies: 2 })
    const logs = [-1, 0.5, 2]
    const made = backend().within(() => {
      const params = {
        entry: affine(entry),
        exit: affine(exit),
        blocks: blocks.map(({ first, level, second }) => ({ first: affine(first), level: affine(level), second: affine(second) })),
      }
      const [at, levels] = [matrix(points), vector(logs)]
      return { params, at, levels, output: network.apply(params, at, levels) }
    })
    expectNear(
      made.output.dataSync(),
      points.flatMap((x, row) => {
        const log = logs[row] ?? NaN
        const features = [Math.cos(log / 4), Math.cos(log / 2), Math.sin(log / 4), Math.sin(log / 2)].map((value) => Math.SQRT2 * value)
        const rows = blocks.reduce(
          (h, { first, level, second }) =>
            plus(h, applied(second, swished(plus(applied(first, swished(h)), applied(level, features))))),
          applied(entry, x),
        )
        return applied(exit, swished(rows))
      }),
    )
    dispose(made as never)
  })

  test('begin with maps of these shapes, the last of them zero', () => {
    const shapesOf = (params: unknown): readonly (readonly number[])[] => {
      const tensors = leavesOf(params as never)
      const shapes = tensors.map(({ shape }) => shape)
      dispose(params as TensorContainer)
      return shapes
    }
    const [energy, residual] = backend().within(() => [
      perceptronEnergy({ dimension: 2, width: 5, layers: 3 }).init(key(1)),
      residualNetwork({ dimension: 2, width: 5, blocks: 2, frequencies: 3 }).init(key(1)),
    ] as const)
    expect(energy.layers.map(({ matrix: { shape } }) => shape)).toEqual([[2, 5], [5, 5], [5, 5], [5, 1]])
    expect(energy.layers.at(-1)?.matrix.dataSync().every((value) => value === 0)).toBe(true)
    expect(residual.blocks.map(({ first, level, second }) => [first, level, second].map((each) => each.matrix.shape))).toEqual(
      [1, 2].map(() => [[5, 5], [6, 5], [5, 5]]),
    )
    expect([residual.entry.matrix.shape, residual.exit.matrix.shape]).toEqual([[2, 5], [5, 2]])
    expect(residual.exit.matrix.dataSync().every((value) => value === 0)).toBe(true)
    const numbers = (tensor: Tensor2D): string => tensor.dataSync().join()
    const [one, two] = residual.blocks
    const all = [one?.first, one?.second, two?.first, two?.second].map((each) => numbers(each?.matrix as Tensor2D))
    expect(new Set(all).size).toBe(4)
    expect(shapesOf(energy)).toHaveLength(8)
    expect(shapesOf(residual)).toHaveLength(16)
  })

  test('entries begin with the variance that rows of unit variance keep', () => {
    for (const [from, gain] of [[4, 1], [100, 1], [100, 0.5]] as const) {
      const made = backend().within(() => affineInit(from, 400, key(3), gain))
      const entries = Array.from(made.matrix.dataSync())
      const variance = entries.reduce((sum, value) => sum + value * value, 0) / entries.length
      expect((variance * from) / gain ** 2).toBeGreaterThan(0.85)
      expect((variance * from) / gain ** 2).toBeLessThan(1.15)
      expect(made.offset.dataSync()).toEqual(made.offset.dataSync().map(() => 0))
      dispose(made as never)
    }
  })

  /** A network that gives what it is given, so that what is made of it shows. */
  const echo: NoiseNetwork<readonly []> = {
    dimension: 2,
    init: () => [],
    apply: (_, at, levels) => tensorFrom<Tensor2D>(Array.from(at.dataSync(), (x, i) => x + (levels.dataSync()[i >> 1] ?? NaN)), at.shape),
  }

  test.each(['correction', 'data'] as const)('the denoiser and the score of a model whose network predicts the %s', (predicts) => {
    const [deviation, levels] = [2, [0.5, 1, 4]]
    const model = scoreModel({ network: echo, deviation, predicts })(backend())
    const made = backend().within(() => {
      const [at, told] = [matrix(points), vector(levels)]
      return { at, told, clean: model.denoise([], at, told), score: model.score([], at, told) }
    })
    const clean = points.flatMap((row, i) => {
      const level = levels[i] ?? NaN
      const radius = Math.hypot(level, deviation)
      return row.map((x) => {
        const raw = x / radius + Math.log(level)
        return predicts === 'data' ? deviation * raw : x * (deviation / radius) ** 2 + ((level * deviation) / radius) * raw
      })
    })
    expectNear(made.clean.dataSync(), clean)
    expectNear(made.score.dataSync(), clean.map((value, i) => (value - (points.flat()[i] ?? NaN)) / (levels[i >> 1] ?? NaN) ** 2))
    dispose(made as never)
  })

  test('what is not said of a network is its default', () => {
    const expectSame = (one: { init(of: ReturnType<typeof key>): unknown }, other: { init(of: ReturnType<typeof key>): unknown }): void => {
      const [a, b] = backend().within(() => [one, other].map((network) => network.init(key(2))))
      const numbers = (params: unknown): readonly Float32Array[] => leavesOf(params as never).map((tensor) => Float32Array.from(tensor.dataSync()))
      expect(numbers(a)).toEqual(numbers(b))
      dispose([a, b] as TensorContainer)
    }
    expectSame(perceptronEnergy({ dimension: 2, width: 7 }), perceptronEnergy({ dimension: 2, width: 7, layers: 2, deviation: 1 }))
    expectSame(residualNetwork({ dimension: 2, width: 7 }), residualNetwork({ dimension: 2, width: 7, blocks: 2, frequencies: 12 }))
  })
})
