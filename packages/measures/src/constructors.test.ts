import { isMongeError } from '@monge/errors'
import { dispose, memory, tensor1d, tensor2d, tensor3d } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import {
  describeMeasureError,
  dirac,
  fromArrays,
  fromDensity,
  fromHistogram,
  fromTensors,
  fromTypedArray,
  mass,
  measureOrThrow,
  toArrays,
  uniform,
} from './index.js'
import type { MeasureError, PointsLike } from './index.js'

type Built = ReturnType<typeof fromArrays>

const errorOf = (built: Built): MeasureError | undefined => ('left' in built ? built.left : undefined)

eachBackend('constructors', (backend) => {
  const arraysOf = (built: Built) => {
    const mu = measureOrThrow(built)
    const arrays = toArrays(mu)
    dispose([mu.weights, mu.points])
    return arrays
  }

  const expectClose = (found: readonly number[], expected: readonly number[]) => {
    expect(found).toHaveLength(expected.length)
    for (const [index, value] of expected.entries())
      expect(Math.abs((found[index] ?? NaN) - value)).toBeLessThanOrEqual(
        tolerance(backend(), { float64: 0, float32: 6e-8 }) * Math.abs(value) + 1e-16,
      )
  }

  describe('take points', () => {
    test.each<readonly [string, PointsLike]>([
      ['as rows', [[1, 2], [3, 4], [5, 6]]],
      ['as typed rows', [Float32Array.of(1, 2), Float64Array.of(3, 4), Int32Array.of(5, 6)]],
      ['as data with a shape', { data: [1, 2, 3, 4, 5, 6], shape: [3, 2] }],
    ])('%s', (_, points) => {
      const { points: rows, weights } = arraysOf(fromArrays(points))
      expect(rows).toEqual([[1, 2], [3, 4], [5, 6]])
      expectClose(weights, [1 / 3, 1 / 3, 1 / 3])
    })

    test.each<readonly [string, PointsLike]>([
      ['numbers', [1, 2, 3]],
      ['a typed array of numbers', Float64Array.of(1, 2, 3)],
    ])('on a line as %s', (_, points) => {
      expect(arraysOf(fromArrays(points)).points).toEqual([[1], [2], [3]])
    })

    test('from interleaved coordinates', () => {
      expect(arraysOf(fromTypedArray(Float32Array.of(1, 2, 3, 4), 2, [1, 3]))).toEqual({
        points: [[1, 2], [3, 4]],
        weights: [1, 3],
      })
    })

    test('one alone', () => {
      expect(arraysOf(dirac([1, 2, 3]))).toEqual({ points: [[1, 2, 3]], weights: [1] })
      expect(arraysOf(dirac(4))).toEqual({ points: [[4]], weights: [1] })
    })

    test('of equal weight', () => {
      expect(arraysOf(uniform([[0], [1]]))).toEqual({ points: [[0], [1]], weights: [0.5, 0.5] })
    })
  })

  test('keep the full precision of the backend', () => {
    const { points, weights } = arraysOf(fromArrays([[0.1, 1 / 3]], [0.7]))
    expectClose(points[0] ?? [], [0.1, 1 / 3])
    expectClose(weights, [0.7])
  })

  test('make the measure at a given place', () => {
    const mu = measureOrThrow(fromArrays([[1, 2]], undefined, backend()))
    expect(toArrays(mu).points).toEqual([[1, 2]])
    dispose([mu.weights, mu.points])
  })

  test('copy what they are given', () => {
    const points = Float64Array.of(1, 2, 3, 4)
    const weights = Float32Array.of(1, 1)
    const mu = measureOrThrow(fromArrays({ data: points, shape: [2, 2] }, weights))
    points.fill(9)
    weights.fill(9)
    expect(toArrays(mu)).toEqual({ points: [[1, 2], [3, 4]], weights: [1, 1] })
    dispose([mu.weights, mu.points])
  })

  describe('refuse', () => {
    const big = 1e300

    test.each<readonly [string, () => Built, MeasureError]>([
      ['no points', () => fromArrays([]), { tag: 'EmptyMeasure' }],
      ['no points of a shape', () => fromArrays({ data: [], shape: [0, 2] }), { tag: 'EmptyMeasure' }],
      ['points without coordinates', () => fromArrays([[], []]), { tag: 'NoDimensions' }],
      ['ragged rows', () => fromArrays([[1, 2], [3], [4, 5]]), { tag: 'RaggedPoints', index: 1, length: 1, expected: 2 }],
      [
        'numbers among rows',
        () => fromArrays([[1, 2], 3] as unknown as number[][]),
        { tag: 'RaggedPoints', index: 1, length: 0, expected: 2 },
      ],
      [
        'rows among numbers',
        () => fromArrays([3, [1, 2]] as unknown as number[]),
        { tag: 'RaggedPoints', index: 1, length: 2, expected: 0 },
      ],
      [
        'deeper nesting',
        () => fromArrays([[[1], [2]]] as unknown as number[][]),
        { tag: 'WrongRank', where: 'points', rank: 3, expected: 2 },
      ],
      [
        'a shape of one number',
        () => fromArrays({ data: [1], shape: [1] as unknown as [number, number] }),
        { tag: 'WrongRank', where: 'points', rank: 1, expected: 2 },
      ],
      [
        'data that do not fill their shape',
        () => fromArrays({ data: [1, 2, 3], shape: [2, 2] }),
        { tag: 'WrongLength', where: 'data', length: 3, expected: 4 },
      ],
      [
        'coordinates that do not come out even',
        () => fromTypedArray([1, 2, 3], 2),
        { tag: 'WrongLength', where: 'data', length: 3, expected: 4 },
      ],
      ['too few weights', () => fromArrays([[1], [2]], [1]), { tag: 'ShapeMismatch', weights: 1, points: 2 }],
      ['too many weights', () => fromArrays([[1], [2]], [1, 1, 1]), { tag: 'ShapeMismatch', weights: 3, points: 2 }],
      ['a weight NaN', () => fromArrays([[1], [2]], [1, NaN]), { tag: 'NotFinite', where: 'weights', index: 1, value: NaN }],
      [
        'an infinite weight',
        () => fromArrays([[1], [2]], [Infinity, 1]),
        { tag: 'NotFinite', where: 'weights', index: 0, value: Infinity },
      ],
      [
        'a coordinate NaN',
        () => fromArrays([[1, 2], [3, NaN]]),
        { tag: 'NotFinite', where: 'points', index: 1, axis: 1, value: NaN },
      ],
      [
        'an infinite coordinate',
        () => fromArrays([1, -Infinity]),
        { tag: 'NotFinite', where: 'points', index: 1, axis: 0, value: -Infinity },
      ],
      ['a negative weight', () => fromArrays([[1], [2]], [1, -0.5]), { tag: 'NegativeWeight', index: 1, value: -0.5 }],
      ['weights all zero', () => fromArrays([[1], [2]], [0, 0]), { tag: 'ZeroMass' }],
      ['a mass beyond all numbers', () => fromArrays([1, 2], [1.7e308, 1.7e308]), { tag: 'InfiniteMass' }],
    ])('%s', (name, build, expected) => {
      const before = memory().numTensors
      // In float32 these two overflow before they are summed.
      const overflows = name === 'a mass beyond all numbers' && backend().precision === 'float32'
      expect(errorOf(build())).toEqual(
        overflows ? { tag: 'NotFinite', where: 'weights', index: 0, value: 1.7e308 } : expected,
      )
      expect(memory().numTensors).toBe(before)
    })

    test('a mass that overflows float32, where that is the precision', () => {
      const refused = { tag: 'InfiniteMass' }
      expect(errorOf(fromArrays([1, 2], [3e38, 3e38]))).toEqual(backend().precision === 'float32' ? refused : undefined)
    })

    test('what is no number, though it would turn into one', () => {
      const text = ['1', 2] as unknown as number[]
      expect(errorOf(fromArrays(text))).toMatchObject({ tag: 'NotFinite', where: 'points', index: 0, value: '1' })
      expect(errorOf(fromArrays([1, 2], text))).toMatchObject({ tag: 'NotFinite', where: 'weights', index: 0 })
      const gap = [1, null] as unknown as number[]
      expect(errorOf(fromArrays(gap))).toMatchObject({ tag: 'NotFinite', where: 'points', index: 1 })
    })

    test('what overflows float32, where that is the precision', () => {
      const refused = { tag: 'NotFinite', where: 'points', index: 0, axis: 1, value: big }
      expect(errorOf(fromArrays([[1, big]]))).toEqual(backend().precision === 'float32' ? refused : undefined)
    })
  })

  describe('from tensors', () => {
    test('read the same back, and own what they hold', () => {
      const points = tensor2d([[1, 2], [3, 4]])
      const weights = tensor1d([1, 3])
      const mu = measureOrThrow(fromTensors(points, weights))
      dispose([points, weights])
      expect(toArrays(mu)).toEqual({ points: [[1, 2], [3, 4]], weights: [1, 3] })
      expect(mass(mu)).toBe(4)
      dispose([mu.weights, mu.points])
    })

    test('leave the caller’s tensors alone', () => {
      const points = tensor2d([[1, 2], [3, 4]])
      const mu = measureOrThrow(fromTensors(points))
      dispose([mu.weights, mu.points])
      expect(points.isDisposed).toBe(false)
      expect(Array.from(points.dataSync())).toEqual([1, 2, 3, 4])
      dispose(points)
    })

    test('take whole numbers', () => {
      const points = tensor2d([[1, 2], [3, 4]], [2, 2], 'int32')
      const mu = measureOrThrow(fromTensors(points))
      expect(mu.points.dtype).toBe('float32')
      expect(toArrays(mu).points).toEqual([[1, 2], [3, 4]])
      dispose([mu.weights, mu.points, points])
    })

    test('refuse wrong ranks, types, lengths and values', () => {
      const before = memory().numTensors
      const line = tensor1d([1, 2])
      const block = tensor3d([1, 2], [1, 2, 1])
      const pair = tensor2d([[1], [2]])
      const bad = tensor2d([[1], [NaN]])
      const words = tensor2d([['a', 'b']])
      expect(errorOf(fromTensors(line))).toEqual({ tag: 'WrongRank', where: 'points', rank: 1, expected: 2 })
      expect(errorOf(fromTensors(block))).toEqual({ tag: 'WrongRank', where: 'points', rank: 3, expected: 2 })
      expect(errorOf(fromTensors(pair, pair))).toEqual({ tag: 'WrongRank', where: 'weights', rank: 2, expected: 1 })
      expect(errorOf(fromTensors(words))).toEqual({ tag: 'WrongType', where: 'points', type: 'string' })
      expect(errorOf(fromTensors(bad))).toEqual({ tag: 'NotFinite', where: 'points', index: 1, axis: 0, value: NaN })
      const three = tensor1d([1, 2, 3])
      expect(errorOf(fromTensors(pair, three))).toEqual({ tag: 'ShapeMismatch', weights: 3, points: 2 })
      const negative = tensor1d([1, -1])
      expect(errorOf(fromTensors(pair, negative))).toEqual({ tag: 'NegativeWeight', index: 1, value: -1 })
      dispose([line, block, pair, bad, words, three, negative])
      expect(memory().numTensors).toBe(before)
      expect(() => fromTensors(pair)).toThrow('the tensor has been disposed of')
    })
  })

  describe('from a grey image', () => {
    const picture = { data: Uint8Array.of(0, 255, 51, 0, 0, 102), width: 3, height: 2 }

    test('put weight on the centres of bright pixels, the second axis up', () => {
      const { points, weights } = arraysOf(fromDensity(picture))
      expectClose(points.flat(), [3, 3, 5, 3, 5, 1].map((sixths) => sixths / 6))
      expectClose(weights, [255 / 408, 51 / 408, 102 / 408])
    })

    test('keep pixels square in pictures that are higher than wide', () => {
      const { points } = arraysOf(fromDensity({ data: [1, 1, 1, 1], width: 1, height: 4 }))
      expectClose(points.flat(), [0.125, 0.875, 0.125, 0.625, 0.125, 0.375, 0.125, 0.125])
    })

    test('take dark pixels for mass, if told', () => {
      const { points, weights } = arraysOf(fromDensity({ ...picture, mass: 'darkness', normalise: false }))
      expectClose(points.flat(), [1, 3, 5, 3, 1, 1, 3, 1, 5, 1].map((sixths) => sixths / 6))
      expectClose(weights, [1, 0.8, 1, 1, 0.6])
    })

    test('drop what is not above the threshold', () => {
      const { weights } = arraysOf(fromDensity({ ...picture, threshold: 0.4, normalise: false }))
      expectClose(weights, [1])
    })

    test('take levels from 0 to 1, or to a given white', () => {
      const levels = { data: [0.25, 0.75], width: 1, height: 2, normalise: false }
      expectClose(arraysOf(fromDensity(levels)).weights, [0.25, 0.75])
      expectClose(arraysOf(fromDensity({ ...levels, white: 0.75 })).weights, [1 / 3, 1])
    })

    test('refuse black pictures, wrong lengths and bad levels', () => {
      expect(errorOf(fromDensity({ data: [0, 0], width: 2, height: 1 }))).toEqual({ tag: 'ZeroMass' })
      expect(errorOf(fromDensity({ data: [1, 0, 1], width: 2, height: 2 }))).toEqual({
        tag: 'WrongLength',
        where: 'data',
        length: 3,
        expected: 4,
      })
      expect(errorOf(fromDensity({ data: [1, NaN], width: 2, height: 1 }))).toMatchObject({ tag: 'NotFinite', index: 1 })
      expect(errorOf(fromDensity({ data: [1, -1], width: 2, height: 1 }))).toMatchObject({ tag: 'NegativeWeight' })
      expect(errorOf(fromDensity({ data: [1, 2], width: 2, height: 1, mass: 'darkness' }))).toMatchObject({
        tag: 'NegativeWeight',
        index: 1,
      })
    })

    test.each([
      ['width', { width: 0 }],
      ['height', { height: 1.5 }],
      ['white', { white: 0 }],
      ['threshold', { threshold: 1 }],
      ['mass', { mass: 'colour' as 'darkness' }],
    ])('refuse a bad %s', (option, change) => {
      expect(() => fromDensity({ ...picture, ...change })).toThrow(`fromDensity: ${option}`)
    })
  })

  describe('from a histogram', () => {
    test('put the counts on the centres of the bins', () => {
      const { points, weights } = arraysOf(fromHistogram({ counts: [1, 0, 3], low: -1, high: 5 }))
      expect(points).toEqual([[0], [2], [4]])
      expectClose(weights, [0.25, 0, 0.75])
      const uneven = arraysOf(fromHistogram({ counts: [1, 3], edges: [0, 1, 4], normalise: false }))
      expect(uneven).toEqual({ points: [[0.5], [2.5]], weights: [1, 3] })
    })

    test('refuse edges that do not fit', () => {
      expect(errorOf(fromHistogram({ counts: [1, 2], edges: [0, 1] }))).toMatchObject({ tag: 'WrongLength', where: 'edges' })
      expect(errorOf(fromHistogram({ counts: [1, 2], edges: [0, 2, 2] }))).toEqual({ tag: 'UnorderedEdges', index: 2 })
      expect(errorOf(fromHistogram({ counts: [1, 2], edges: [0, NaN, 2] }))).toEqual({ tag: 'UnorderedEdges', index: 1 })
      expect(errorOf(fromHistogram({ counts: [] }))).toEqual({ tag: 'EmptyMeasure' })
      expect(errorOf(fromHistogram({ counts: [0, 0] }))).toEqual({ tag: 'ZeroMass' })
      expect(errorOf(fromHistogram({ counts: [1, NaN] }))).toMatchObject({ tag: 'NotFinite', where: 'weights', index: 1 })
      expect(errorOf(fromHistogram({ counts: [1, -2] }))).toMatchObject({ tag: 'NegativeWeight', index: 1, value: -2 })
      expect(() => fromHistogram({ counts: [1], edges: [0, 1], low: 0 })).toThrow('either edges or low and high')
      expect(() => fromHistogram({ counts: [1], low: 1, high: 0 })).toThrow('fromHistogram: low')
      expect(() => fromHistogram({ counts: [1], bins: 3 } as { counts: number[] })).toThrow('unknown option "bins"')
    })
  })

  test('leave no tensor behind but the measure', () => {
    const points = tensor2d([[1, 2], [3, 4]])
    const weights = tensor1d([1, 3])
    withoutLeaks(() => measureOrThrow(fromArrays([[1, 2]])))
    withoutLeaks(() => measureOrThrow(fromTensors(points)))
    withoutLeaks(() => measureOrThrow(fromTensors(points, weights)))
    withoutLeaks(() => measureOrThrow(fromDensity({ data: [0, 1], width: 2, height: 1 })))
    withoutLeaks(() => measureOrThrow(fromHistogram({ counts: [0, 1] })))
    dispose([points, weights])
  })
})

describe('measureOrThrow', () => {
  test('throws a typed error that says what is wrong where', () => {
    const thrown = (): unknown => {
      try {
        return measureOrThrow(fromArrays([[1, 2], [3]]))
      } catch (error) {
        return error
      }
    }
    expect(isMongeError(thrown())).toBe(true)
    expect(thrown()).toMatchObject({
      tag: 'InvalidMeasure',
      message: 'measure: points[1] has 1 coordinates, points[0] has 2',
      cause: { tag: 'RaggedPoints' },
    })
  })

  test.each<readonly [MeasureError, string]>([
    [{ tag: 'EmptyMeasure' }, 'a measure needs at least one point'],
    [{ tag: 'WrongRank', where: 'points', rank: 3, expected: 2 }, 'points have rank 3, expected 2'],
    [{ tag: 'WrongType', where: 'points', type: 'string' }, 'points are of type string, expected numbers'],
    [{ tag: 'WrongLength', where: 'data', length: 3, expected: 4 }, 'data have length 3, expected 4'],
    [{ tag: 'NoDimensions' }, 'points need at least one coordinate'],
    [{ tag: 'ShapeMismatch', weights: 1, points: 2 }, 'there are 1 weights for 2 points'],
    [{ tag: 'NotFinite', where: 'weights', index: 1, value: NaN }, 'weights[1] is NaN, not a finite number of the backend’s precision'],
    [
      { tag: 'NotFinite', where: 'points', index: 1, axis: 2, value: Infinity },
      'points[1][2] is Infinity, not a finite number of the backend’s precision',
    ],
    [{ tag: 'NegativeWeight', index: 3, value: -1 }, 'weights[3] is -1, below zero'],
    [{ tag: 'ZeroMass' }, 'the weights sum to zero'],
    [{ tag: 'InfiniteMass' }, 'the sum of the weights overflows the backend’s precision'],
    [{ tag: 'UnorderedEdges', index: 2 }, 'edges[2] is not above edges[1]'],
  ])('says %j in words', (error, words) => {
    expect(describeMeasureError(error)).toBe(words)
  })
})
