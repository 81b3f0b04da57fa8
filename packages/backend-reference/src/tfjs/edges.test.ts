import type { DataType } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { emptyValues } from './dense.ts'
import type { Dense, Kernel } from './dense.ts'
import { kernels } from './register.ts'
import { Float64Storage } from './storage.ts'

/** Small whole numbers and the like, where results are exact. */
const dense = (values: readonly number[], shape: readonly number[] = [values.length], dtype: DataType = 'float32'): Dense => {
  const stored = emptyValues(dtype, values.length)
  stored.set(values)
  return { shape, dtype, values: stored }
}
const integers = (values: readonly number[], shape: readonly number[] = [values.length]): Dense => dense(values, shape, 'int32')
const booleans = (values: readonly number[], shape: readonly number[] = [values.length]): Dense => dense(values, shape, 'bool')

const run = (name: string, inputs: Readonly<Record<string, Dense>>, attributes: object = {}): readonly Dense[] =>
  [(kernels[name] as Kernel<object>)(inputs, attributes)].flat()

const { NaN: none, POSITIVE_INFINITY: infinity } = Number

describe('kernels at their edges', () => {
  test.each<readonly [string, readonly number[], readonly number[], object]>([
    ['Round', [0.5, 1.5, 2.5, -0.5, -1.5, 1.4999, 2.50001], [0, 2, 2, 0, -2, 1, 3], {}],
    ['Sign', [-3, 0, 2, none], [-1, 0, 1, 0], {}],
    ['Step', [-3, 0, 2, none], [0.25, 0.25, 1, none], { alpha: 0.25 }],
    ['Relu', [-3, 0, 2], [0, 0, 2], {}],
    ['Relu6', [-3, 0, 2, 6, 7], [0, 0, 2, 6, 6], {}],
    ['LeakyRelu', [-4, 0, 2], [-1, 0, 2], { alpha: 0.25 }],
    ['Elu', [0, 2, -infinity], [0, 2, -1], {}],
    ['ClipByValue', [-3, -1, 0, 2, 3], [-1, -1, 0, 2, 2], { clipValueMin: -1, clipValueMax: 2 }],
    ['IsFinite', [1, infinity, none, -infinity], [1, 0, 0, 0], {}],
    ['IsInf', [1, infinity, none, -infinity], [0, 1, 0, 1], {}],
    ['IsNan', [1, infinity, none, -infinity], [0, 0, 1, 0], {}],
    ['LogicalNot', [0, 1, 2], [1, 0, 0], {}],
    ['Softplus', [0, 1000, -1000], [Math.LN2, 1000, 0], {}],
    ['Erf', [0, 6.5, -6.5, none, infinity], [0, 1, -1, none, 1], {}],
    ['Sigmoid', [0, infinity, -infinity], [0.5, 1, 0], {}],
  ])('%s', (name, values, expected, attributes) => {
    const [result] = run(name, { x: dense(values) }, attributes)
    expect(Array.from(result?.values ?? [], (value) => value + 0)).toEqual(expected)
  })

  test.each<readonly [string, readonly number[], readonly number[], readonly number[]]>([
    ['Mod', [5, -5, 5, -5, 4, 0], [3, 3, -3, -3, 2, -3], [2, 1, -1, -2, 0, 0]],
    ['FloorDiv', [5, -5, 5, -4], [3, 3, -3, 2], [1, -2, -2, -2]],
    ['Greater', [1, 2, 3], [2, 2, 2], [0, 0, 1]],
    ['GreaterEqual', [1, 2, 3], [2, 2, 2], [0, 1, 1]],
    ['Less', [1, 2, 3], [2, 2, 2], [1, 0, 0]],
    ['LessEqual', [1, 2, 3], [2, 2, 2], [1, 1, 0]],
    ['Equal', [1, 2, 3], [2, 2, 2], [0, 1, 0]],
    ['NotEqual', [1, 2, 3], [2, 2, 2], [1, 0, 1]],
    ['LogicalAnd', [0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 0, 1]],
    ['LogicalOr', [0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 1]],
    ['SquaredDifference', [1, 5], [4, 3], [9, 4]],
  ])('%s', (name, a, b, expected) => {
    const [result] = run(name, { a: dense(a), b: dense(b) })
    expect(Array.from(result?.values ?? [], (value) => value + 0)).toEqual(expected)
  })

  test('slopes of the exponential unit, and of the rectifier with slopes of its own, at zero too', () => {
    expect(run('EluGrad', { dy: dense([2, 2, 2]), y: dense([1, 0, -0.5]) })[0]?.values).toEqual(Float64Array.of(2, 2, 1))
    expect(run('Prelu', { x: dense([1, 0, -2]), alpha: dense([5, 5, 5]) })[0]?.values).toEqual(Float64Array.of(1, 0, -10))
  })

  test('reductions of what is not a number, of equals, and of truths', () => {
    const x = dense([1, none, 3, 2, 2, 2], [2, 3])
    expect(run('Max', { x }, { reductionIndices: 1 })[0]?.values).toEqual(Float64Array.of(none, 2))
    expect(run('Min', { x }, { axis: 1 })[0]?.values).toEqual(Float64Array.of(none, 2))
    expect(run('ArgMax', { x }, { axis: 1 })[0]?.values).toEqual(Int32Array.of(2, 0))
    expect(run('ArgMin', { x: dense([3, 1, 1]) }, { axis: 0 })[0]?.values).toEqual(Int32Array.of(1))
    expect(run('All', { x: booleans([1, 1, 0, 1], [2, 2]) }, { axis: 1 })[0]?.values).toEqual(Uint8Array.of(1, 0))
    expect(run('Any', { x: booleans([0, 0, 0, 1], [2, 2]) }, { axis: 1 })[0]?.values).toEqual(Uint8Array.of(0, 1))
    const [sum] = run('Sum', { x: booleans([1, 1, 1]) })
    expect([sum?.dtype, sum?.shape, sum?.values]).toEqual(['int32', [], Int32Array.of(3)])
    expect(run('Sum', { x: dense([1, 2, 3, 4], [2, 2]) }, { axis: [-1], keepDims: true })[0]?.shape).toEqual([2, 1])
    expect(run('Prod', { x: dense([2, 3, 4, 5], [2, 2]) }, { axis: 0 })[0]?.values).toEqual(Float64Array.of(8, 15))
    expect(run('Mean', { x: integers([1, 2]) }, { axis: 0 })[0]).toEqual(dense([1.5], []))
  })

  test('running totals, from either end, with or without the own', () => {
    const x = dense([1, 2, 3, 4, 5, 6], [2, 3])
    const scanned = (exclusive: boolean, reverse: boolean, axis = -1): readonly number[] =>
      Array.from(run('Cumsum', { x }, { axis, exclusive, reverse })[0]?.values ?? [])
    expect(scanned(false, false)).toEqual([1, 3, 6, 4, 9, 15])
    expect(scanned(true, false)).toEqual([0, 1, 3, 0, 4, 9])
    expect(scanned(false, true)).toEqual([6, 5, 3, 15, 11, 6])
    expect(scanned(true, true)).toEqual([5, 3, 0, 11, 6, 0])
    expect(scanned(false, false, 0)).toEqual([1, 2, 3, 5, 7, 9])
    expect(run('Cumprod', { x }, { axis: 1, exclusive: true, reverse: false })[0]?.values).toEqual(Float64Array.of(1, 1, 2, 1, 4, 20))
  })

  test('indices that are not there are refused, or pass for nothing where tfjs says so', () => {
    const x = dense([1, 2, 3, 4], [2, 2])
    for (const index of [-1, 2]) {
      expect(() => run('GatherV2', { x, indices: integers([index]) }, { axis: 0 })).toThrow(expect.objectContaining({ tag: 'InvalidArgument', where: 'GatherV2' }))
      expect(() => run('GatherNd', { params: x, indices: integers([index], [1, 1]) })).toThrow(expect.objectContaining({ where: 'GatherNd' }))
      expect(() => run('ScatterNd', { indices: integers([index], [1, 1]), updates: dense([1, 1], [1, 2]) }, { shape: [2, 2] })).toThrow(
        expect.objectContaining({ where: 'ScatterNd' }),
      )
    }
    expect(run('GatherV2', { x, indices: integers([1, 0]) }, { axis: -1 })[0]).toEqual(dense([2, 1, 4, 3], [2, 2]))
    const hot = run('OneHot', { indices: integers([0, 2, -1, 3]) }, { depth: 3, onValue: 5, offValue: 1, dtype: 'float32' })
    expect(hot[0]).toEqual(dense([5, 1, 1, 1, 1, 5, 1, 1, 1, 1, 1, 1], [4, 3]))
    const segments = run('UnsortedSegmentSum', { x: dense([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]), segmentIds: integers([1, -1, 1, 2]) }, { numSegments: 2 })
    expect(segments[0]).toEqual(dense([0, 0, 6, 8], [2, 2]))
  })

  test('scattered slices add up, updated ones take the place, and one update may stand for all', () => {
    const indices = integers([0, 2, 0], [3, 1])
    expect(run('ScatterNd', { indices, updates: dense([1, 2, 3, 4, 5, 6], [3, 2]) }, { shape: [3, 2] })[0]).toEqual(dense([6, 8, 0, 0, 3, 4], [3, 2]))
    const tensor = dense([9, 9, 9])
    expect(run('TensorScatterUpdate', { tensor, indices: integers([2, 0], [2, 1]), updates: dense([1, 2]) })[0]).toEqual(dense([2, 9, 1]))
    expect(run('TensorScatterUpdate', { tensor, indices: integers([2, 0], [2, 1]), updates: dense([4], []) })[0]).toEqual(dense([4, 9, 4]))
    expect(tensor).toEqual(dense([9, 9, 9]))
  })

  test('a condition chooses numbers, or whole slices', () => {
    const [t, e] = [dense([1, 2, 3, 4], [2, 2]), dense([5, 6, 7, 8], [2, 2])]
    expect(run('Select', { condition: booleans([1, 0, 0, 1], [2, 2]), t, e })[0]).toEqual(dense([1, 6, 7, 4], [2, 2]))
    expect(run('Select', { condition: booleans([0, 1]), t, e })[0]).toEqual(dense([5, 6, 3, 4], [2, 2]))
  })

  test('ranges go whichever way leads to the end, and lines have both ends', () => {
    const range = (start: number, stop: number, step: number): readonly number[] =>
      Array.from(run('Range', {}, { start, stop, step, dtype: 'float32' })[0]?.values ?? [])
    expect(range(0, 3, 1)).toEqual([0, 1, 2])
    expect(range(3, 0, 1)).toEqual([3, 2, 1])
    expect(range(3, -1, -2)).toEqual([3, 1])
    expect(range(0, 2.5, 1)).toEqual([0, 1, 2])
    expect(range(0, 3, -1)).toEqual([])
    expect(range(2, 2, 1)).toEqual([])
    const line = (num: number): readonly number[] => Array.from(run('LinSpace', {}, { start: 1, stop: 2, num })[0]?.values ?? [])
    expect([line(1), line(2), line(5)]).toEqual([[1], [1, 2], [1, 1.25, 1.5, 1.75, 2]])
  })

  test('casts keep what there is, cut off fractions, and tell zero from all else', () => {
    const x = dense([0, -0.5, 2.75])
    expect(run('Cast', { x }, { dtype: 'float32' })[0]).toBe(x)
    expect(run('Cast', { x }, { dtype: 'int32' })[0]).toEqual(integers([0, 0, 2]))
    expect(run('Cast', { x }, { dtype: 'bool' })[0]).toEqual(booleans([0, 1, 1]))
  })

  test('mirrors leave the edge out, or repeat it', () => {
    const padded = (mode: string): readonly number[] => Array.from(run('MirrorPad', { x: dense([1, 2, 3]) }, { paddings: [[2, 1]], mode })[0]?.values ?? [])
    expect([padded('reflect'), padded('symmetric')]).toEqual([[3, 2, 1, 2, 3, 2], [2, 1, 1, 2, 3, 3]])
  })

  test('places in sorted rows, before equals and after them', () => {
    const sortedSequence = dense([1, 2, 2, 3, 10, 20, 30, 40], [2, 4])
    const values = dense([2, 0, 9, 20, 10, 50], [2, 3])
    const places = (side: string): readonly number[] => Array.from(run('SearchSorted', { sortedSequence, values }, { side })[0]?.values ?? [])
    expect([places('left'), places('right')]).toEqual([[1, 0, 4, 1, 0, 4], [3, 0, 4, 2, 1, 4]])
  })

  test('the greatest, the first of equals first, and the distinct in order of appearance', () => {
    const [values, indices] = run('TopK', { x: dense([1, 3, 3, 2, 5, 4, 5, 0], [2, 4]) }, { k: 3 })
    expect([values, indices]).toEqual([dense([3, 3, 2, 5, 5, 4], [2, 3]), integers([1, 2, 3, 0, 2, 1], [2, 3])])
    const [distinct, which] = run('Unique', { x: dense([1, 2, 1, 3, 4, 3, 5, 6, 5], [3, 3]) }, { axis: 1 })
    expect([distinct, which]).toEqual([dense([1, 2, 3, 4, 5, 6], [3, 2]), integers([0, 1, 0])])
  })

  test('products refuse depths that differ', () => {
    const inputs = { a: dense([1, 2], [1, 2]), b: dense([1, 2, 3], [3, 1]) }
    expect(() => run('BatchMatMul', inputs, { transposeA: false, transposeB: false })).toThrow(
      expect.objectContaining({ tag: 'DimensionMismatch', message: 'matMul: the inner dimensions 2 and 3 differ' }),
    )
  })

  test.each<readonly [string | undefined, readonly number[]]>([
    [undefined, [-2, 0, 8]],
    ['linear', [-2, 0, 8]],
    ['relu', [0, 0, 8]],
    ['relu6', [0, 0, 6]],
    ['elu', [Math.expm1(-2), 0, 8]],
    ['sigmoid', [1 / (1 + Math.exp(2)), 0.5, 1 / (1 + Math.exp(-8))]],
    ['leakyrelu', [-0.4, 0, 8]],
    ['prelu', [-6, 0, 8]],
  ])('a product that is followed by %s', (activation, expected) => {
    const inputs = { a: dense([1], [1, 1]), b: dense([-3, -1, 7], [1, 3]), bias: dense([1, 1, 1]), preluActivationWeights: dense([3, 3, 3]) }
    const [result] = run('_FusedMatMul', inputs, { transposeA: false, transposeB: false, activation })
    expect(Array.from(result?.values ?? [])).toEqual(expected.map((value) => expect.closeTo(value, 12)))
  })
})

describe('storage', () => {
  const info = (dataId: object, dtype: DataType = 'float32') => ({ dataId, shape: [2], dtype })

  test('counts who holds on to data, and lets go of it with the last, or by force', () => {
    const storage = new Float64Storage()
    const dataId = storage.write(new Float32Array([1, 2]), [2], 'float32')
    expect([storage.refCount(dataId), storage.numDataIds()]).toEqual([1, 1])
    storage.incRef(dataId)
    expect(storage.refCount(dataId)).toBe(2)
    expect(storage.disposeData(dataId)).toBe(false)
    expect(storage.disposeData(dataId)).toBe(true)
    expect([storage.refCount(dataId), storage.numDataIds()]).toEqual([0, 0])
    expect(storage.disposeData(dataId)).toBe(true)
    const held = storage.store(dense([1, 2])).dataId
    storage.incRef(held)
    expect(storage.disposeData(held, true)).toBe(true)
    expect(storage.numDataIds()).toBe(0)
  })

  test('makes doubles of floats, keeps doubles and whole numbers as they are, and hands floats to others', async () => {
    const storage = new Float64Storage()
    const [floats, doubles, whole] = [new Float32Array([1, 2]), new Float64Array([0.1, 0.2]), new Int32Array([3, 4])]
    const ids = [storage.write(floats, [2], 'float32'), storage.write(doubles as never, [2], 'float32'), storage.write(whole, [2], 'int32')]
    const read = (): readonly unknown[] => ids.map((dataId) => storage.readSync(dataId))
    expect(read()).toEqual([Float64Array.of(1, 2), doubles, whole])
    expect(read()[1]).toBe(doubles)
    expect(await storage.read(ids[0] ?? {})).toEqual(Float64Array.of(1, 2))
    storage.leaving = true
    expect(read()).toEqual([floats, Float32Array.from(doubles), whole])
  })

  test('knows no words and no complex numbers, and says how precise it is', async () => {
    const storage = new Float64Storage()
    const { dataId } = storage.store(dense([1, 2]))
    expect(storage.dense(info(dataId))).toEqual(dense([1, 2]))
    for (const dtype of ['string', 'complex64'] as const)
      expect(() => storage.dense(info(dataId, dtype))).toThrow(expect.objectContaining({ tag: 'InvalidArgument' }))
    expect([storage.floatPrecision(), storage.memory().unreliable]).toEqual([64, true])
    let ran = false
    const { kernelMs } = await storage.time(() => {
      ran = true
    })
    expect([ran, Number(kernelMs) >= 0, Number(kernelMs) < 1e4]).toEqual([true, true, true])
  })
})
