import { isMongeError } from '@monge/errors'
import { describe, expect, test } from 'vitest'
import { bernoulli, categorical, choice, directions, fold, integers, key, normal, permutation, split, uniform } from './index.js'
import type { Key } from './index.js'

const refusal = (body: () => unknown): string => {
  try {
    body()
  } catch (error) {
    if (isMongeError(error)) return `${error.tag} at ${error.where}`
    throw error
  }
  return 'nothing'
}

const some = key(1)

describe('bad options are refused', () => {
  test.each<readonly [string, () => unknown]>([
    ['InvalidOption at random key: seed', () => key(NaN)],
    ['InvalidOption at split: count', () => split(-1)(some)],
    ['InvalidOption at fold: data', () => fold(Infinity)(some)],
    ['InvalidOption at uniform: low', () => uniform({ low: 1, high: 1 }, 2)(some)],
    ['InvalidOption at uniform: high', () => uniform({ high: NaN }, 2)(some)],
    ['InvalidOption at uniform: high - low', () => uniform({ low: -1e308, high: 1e308 }, 2)(some)],
    ['InvalidOption at uniform: count', () => uniform({}, 1.5)(some)],
    ['InvalidOption at uniform', () => uniform({ hihg: 2 } as object, 1)(some)],
    ['InvalidOption at bernoulli: probability', () => bernoulli(1.5, 2)(some)],
    ['InvalidOption at bernoulli: count', () => bernoulli(0.5, -2)(some)],
    ['InvalidOption at normal: count', () => normal(-1)(some)],
    ['InvalidOption at directions: dimension', () => directions(3, 0)(some)],
    ['InvalidOption at directions: count', () => directions(NaN, 2)(some)],
    ['InvalidOption at integers: low', () => integers({ low: 3, high: 3 }, 2)(some)],
    ['InvalidOption at integers: high', () => integers({ high: 2 ** 31 + 1 }, 2)(some)],
    ['InvalidOption at integers: high', () => integers({ high: 2.5 }, 2)(some)],
    ['InvalidOption at integers: high', () => integers({ low: -3, high: -0.5 }, 2)(some)],
    ['InvalidOption at integers: low', () => integers({ low: -(2 ** 31) - 1, high: 0 }, 2)(some)],
    ['InvalidOption at integers: low', () => integers({ low: -0.5, high: 3 }, 2)(some)],
    ['InvalidOption at integers: count', () => integers({ high: 2 }, -1)(some)],
    ['InvalidOption at permutation: n', () => permutation(2.5)(some)],
    ['InvalidOption at choice: n', () => choice(-1, 0)(some)],
    ['InvalidOption at choice: count', () => choice(3, 4)(some)],
    ['InvalidOption at categorical: count', () => categorical([1], -1)(some)],
  ])('%s', (expected, body) => {
    expect(refusal(body)).toBe(expected)
  })
})

test('a weight is blamed, not the sum that it makes', () => {
  for (const weight of [Infinity, NaN, -1]) expect(() => categorical([2, weight], 3)(some)).toThrow(`got ${weight} at 1`)
})

test('whole numbers go as far as 32 bits do', () => {
  const lowest = -(2 ** 31)
  expect(integers({ low: lowest, high: lowest + 1 }, 2)(some)).toEqual(Int32Array.of(lowest, lowest))
  expect(integers({ low: 2 ** 31 - 1, high: 2 ** 31 }, 1)(some)).toEqual(Int32Array.of(2 ** 31 - 1))
})

describe('bad arguments are refused', () => {
  test.each<readonly [string, () => unknown]>([
    ['InvalidArgument at categorical: weights', () => categorical([1, -1], 3)(some)],
    ['InvalidArgument at categorical: weights', () => categorical([1, NaN], 3)(some)],
    ['InvalidArgument at categorical: weights', () => categorical([Infinity, 1], 3)(some)],
    ['InvalidArgument at categorical: weights', () => categorical([1, -Infinity], 3)(some)],
    ['InvalidArgument at categorical: weights', () => categorical([0, 0], 3)(some)],
    ['InvalidArgument at categorical: weights', () => categorical([1e308, 1e308], 3)(some)],
    ['InvalidArgument at categorical: weights', () => categorical([], 3)(some)],
    ['InvalidArgument at normal', () => normal(3)(7 as unknown as Key)],
    ['InvalidArgument at split', () => split(3)(undefined as unknown as Key)],
    ['InvalidArgument at fold', () => fold(3)({ words: [1, 2, 3] } as unknown as Key)],
  ])('%s', (expected, body) => {
    expect(refusal(body)).toBe(expected)
  })
})
