import { emptyLogarithm, tensorFrom } from '@monge/backend'
import type { Backend, Geometry, Pairwise } from '@monge/backend'
import { expandDims, memory, reshape, sqrt, square, sub, sum } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { referenceBackend } from './reference.ts'

let backend: Backend<Float64Array>

beforeAll(async () => {
  backend = await referenceBackend()
})

const half: Pairwise = { tag: 'radial', profile: { tag: 'power', scale: 0.5, shift: 0, exponent: 1 } }
const distance: Pairwise = { tag: 'radial', profile: { tag: 'power', scale: 1, shift: 0, exponent: 0.5 } }

const points = (values: readonly number[], d: number): Tensor2D =>
  backend.within(() => tensorFrom<Tensor2D>(values, [values.length / d, d]))

const between = (pairwise: Pairwise, x: readonly number[], y: readonly number[]): Geometry<Float64Array> => {
  const [from, to] = [points(x, 1), points(y, 1)]
  const geometry = backend.geometry(pairwise, from, to)
  from.dispose()
  to.dispose()
  return geometry
}

const of = (...values: readonly number[]): Float64Array => Float64Array.of(...values)

describe('points of no weight', () => {
  test('add nothing to a soft minimum', () => {
    const geometry = between(half, [0, 1], [0, 2, 5])
    const without = between(half, [0, 1], [0, 2])
    expect(geometry.softmin(0.3, of(-1, -2, emptyLogarithm))).toEqual(without.softmin(0.3, of(-1, -2)))
  })

  test('have no mass in a plan', () => {
    const geometry = between(half, [0, 1], [0, 2])
    const plan = geometry.planSum(0.3, of(0, emptyLogarithm), of(emptyLogarithm, 0), of(1, 1), 1)
    expect(plan).toEqual(of(Math.exp(-2 / 0.3), 0))
    expect(geometry.planCost(0.3, of(0, emptyLogarithm), of(emptyLogarithm, 0))[1]).toBe(0)
  })

  test('among themselves alone give finite numbers', () => {
    const geometry = between(half, [0, 1], [0, 2])
    const empty = of(emptyLogarithm, emptyLogarithm)
    expect(Array.from(geometry.softmin(0.3, empty)).every(Number.isFinite)).toBe(true)
    expect(geometry.planSum(0.3, empty, empty, of(1, 1), 1)).toEqual(of(0, 0))
  })
})

describe('extremes', () => {
  test('a tiny epsilon gives the minimum', () => {
    const geometry = between(half, [0, 1], [0.25, 2])
    const softmin = geometry.softmin(1e-12, of(0, 0))
    geometry.minimum(of(0, 0)).forEach((value, i) => expect(softmin[i]).toBeCloseTo(value, 10))
  })

  test('an infinite cost forbids without making NaN', () => {
    const before = memory().numTensors
    const entries = backend.within(() => tensorFrom<Tensor2D>([1, Infinity, Infinity, Infinity], [2, 2]))
    const geometry = between({ tag: 'matrix', entries }, [0, 1], [0, 1])
    entries.dispose()
    expect(geometry.softmin(1, of(0, 0))).toEqual(of(1, Infinity))
    expect(geometry.planSum(1, of(0, 0), of(0, 0), of(1, 1), 1)).toEqual(of(Math.exp(-1), 0))
    expect(geometry.planCost(1, of(0, 0), of(0, 0))).toEqual(of(Math.exp(-1), 0))
    expect(memory().numTensors).toBe(before)
  })

  test('what is not a number does not pass for an infinite cost', () => {
    const entries = backend.within(() => tensorFrom<Tensor2D>([1, NaN, NaN, 1, NaN, NaN], [3, 2]))
    const geometry = between({ tag: 'matrix', entries }, [0, 1, 2], [0, 1])
    entries.dispose()
    expect(geometry.softmin(1, of(0, 0))).toEqual(of(NaN, NaN, NaN))
    geometry.dispose()
  })

  test('a distance has no gradient at coinciding points', () => {
    const geometry = between(distance, [1, 2], [1, 1])
    expect(geometry.sumGradient(of(1, 1), of(1, 1), 1)).toEqual(of(0, 2))
  })

  test('a distance of a user has none there either, and keeps that to the other points', () => {
    const mine: Pairwise = {
      tag: 'function',
      value: (x, y) => sqrt(sum(square(sub(expandDims(x, 1), expandDims(y, 0))), 2)),
    }
    const geometry = between(mine, [1, 2], [1, 2, 4, 0.5])
    expect(geometry.sumGradient(of(1, 1), of(8, 4, 2, 1), 1)).toEqual(of(-4 - 2 + 1, 8 - 2 + 1))
  })

  test('clouds far from the origin keep their digits', () => {
    const [near, far] = [0, 2 ** 20].map((shift) => between(half, [shift, shift + 0.5], [shift + 0.25]))
    expect(far.entries(0, 2)).toEqual(near.entries(0, 2))
  })
})

describe('the caller’s own', () => {
  test('points may change or go after the call', () => {
    const x = points([0, 1], 1)
    const geometry = backend.geometry(half, x, x)
    x.dispose()
    expect(geometry.entries(0, 1)).toEqual(of(0, 0.5))
  })

  test('entries are a copy', () => {
    const geometry = between(half, [0, 1], [0, 2])
    geometry.entries(0, 2).fill(7)
    expect(geometry.entries(0, 2)).toEqual(of(0, 2, 0.5, 0.5))
  })

  test('geometry leaves no tensor behind', () => {
    const before = memory().numTensors
    between(half, [0, 1], [0, 2]).dispose()
    expect(memory().numTensors).toBe(before)
  })
})

describe('what does not fit', () => {
  const flat = (): Tensor2D => reshape(points([1, 2], 1), [2]) as unknown as Tensor2D

  test.each<readonly [string, () => unknown, RegExp]>([
    [
      'dimensions that differ',
      () => backend.geometry(half, points([1, 2], 1), points([1, 2], 2)),
      /dimension 1 against dimension 2/,
    ],
    ['points of rank 1', () => backend.geometry(half, flat(), points([1], 1)), /expected points of shape \[n, d\]/],
    [
      'a matrix of another size',
      () => backend.geometry({ tag: 'matrix', entries: points([1, 2], 1) }, points([1], 1), points([1], 1)),
      /a matrix \[2, 1\] for 1 and 1 points/,
    ],
    [
      'a function of another shape',
      () => between({ tag: 'function', value: (x) => x }, [1, 2, 3], [1, 2]).entries(0, 3),
      /expected it to return \[3,2\], got \[3,1\]/,
    ],
  ])('%s', (_, call, message) => {
    expect(() => backend.within(call)).toThrow(message)
    expect(() => backend.within(call)).toThrow(expect.objectContaining({ tag: 'DimensionMismatch' }))
  })
})
