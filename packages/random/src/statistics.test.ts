import { describe, expect, test } from 'vitest'
import { bernoulli, categorical, choice, directions, fold, integers, key, normal, permutation, split, uniform } from './index.js'

/*
 * Statistics of fixed keys: they pass or fail for good. The bounds are those that a right generator exceeds once in
 * about ten thousand keys, so that a wrong one is caught and a right one is no lucky find.
 */

const count = 40_000

/** The statistic of Kolmogorov and Smirnov, times sqrt(n): above 2.23 once in ten thousand. */
const kolmogorov = (values: Float64Array, distribution: (value: number) => number): number => {
  const n = values.length
  const farthest = values
    .toSorted()
    .reduce((most, value, index) => {
      const share = distribution(value)
      return Math.max(most, share - index / n, (index + 1) / n - share)
    }, 0)
  return farthest * Math.sqrt(n)
}

/** How many standard deviations chi-square lies from its mean; normal enough for ten cells and more. */
const chiSquareExcess = (observed: ArrayLike<number>, expected: readonly number[]): number => {
  const cells = expected.flatMap((number, cell) => (number > 0 ? [(((observed[cell] ?? 0) - number) ** 2) / number] : []))
  const freedom = cells.length - 1
  return (cells.reduce((sum, cell) => sum + cell, 0) - freedom) / Math.sqrt(2 * freedom)
}

const tally = (values: ArrayLike<number>, cells: number): number[] =>
  Array.from(values).reduce((numbers, value) => {
    numbers[value] = (numbers[value] ?? 0) + 1
    return numbers
  }, Array.from({ length: cells }, () => 0))

const correlation = (a: Float64Array, b: Float64Array): number => {
  const [meanA, meanB] = [mean(a), mean(b)]
  const product = a.reduce((sum, value, index) => sum + (value - meanA) * ((b[index] ?? 0) - meanB), 0)
  const squares = (values: Float64Array, middle: number) => values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  return product / Math.sqrt(squares(a, meanA) * squares(b, meanB))
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length

/** The normal distribution function by integrating its density (Simpson's rule). */
const normalDistribution = (value: number): number => {
  const steps = 200
  const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  let sum = density(0) + density(value)
  for (let step = 1; step < steps; step++) sum += (step % 2 === 1 ? 4 : 2) * density((value * step) / steps)
  return 0.5 + (sum * value) / (3 * steps)
}

describe.each([1, 2, 3])('of seed %i', (seed) => {
  const some = key(seed)

  test('uniform numbers are uniform', () => {
    expect(kolmogorov(uniform({}, count)(some), (value) => value)).toBeLessThan(2.23)
  })

  test('every bit of a uniform number is fair', () => {
    const values = uniform({}, count)(some)
    for (let bit = 1; bit <= 53; bit++) {
      const ones = values.reduce((sum, value) => sum + (Math.floor(value * 2 ** bit) % 2), 0)
      expect(Math.abs(ones - count / 2) / Math.sqrt(count / 4)).toBeLessThan(5)
    }
  })

  test('normal numbers are normal', () => {
    expect(kolmogorov(normal(count)(some), normalDistribution)).toBeLessThan(2.23)
  })

  test('normal numbers have the moments 0, 1, 0, 3', () => {
    const values = normal(count)(some)
    const moment = (order: number) => mean(values.map((value) => value ** order))
    // Standard deviations of the sample moments: 1, sqrt 2, sqrt 15 and sqrt 96 over sqrt n.
    const error = 4 / Math.sqrt(count)
    expect(Math.abs(moment(1))).toBeLessThan(error)
    expect(Math.abs(moment(2) - 1)).toBeLessThan(error * Math.sqrt(2))
    expect(Math.abs(moment(3))).toBeLessThan(error * Math.sqrt(15))
    expect(Math.abs(moment(4) - 3)).toBeLessThan(error * Math.sqrt(96))
  })

  test('integers are equally likely', () => {
    const cells = 23
    const observed = tally(
      integers({ low: -5, high: cells - 5 }, count)(some).map((value) => value + 5),
      cells,
    )
    expect(chiSquareExcess(observed, Array.from({ length: cells }, () => count / cells))).toBeLessThan(4)
  })

  test('categories come in proportion to their weights', () => {
    const weights = [1, 0, 2.5, 4, 0, 0.5, 3, 1, 1, 2, 5, 1]
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const observed = tally(categorical(weights, count)(some), weights.length)
    expect(chiSquareExcess(observed, weights.map((weight) => (weight * count) / total))).toBeLessThan(4)
    expect(observed[1]).toBe(0)
  })

  test('a coin shows heads as often as it should', () => {
    const share = mean(bernoulli(0.3, count)(some))
    expect(Math.abs(share - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / count))
  })

  test('all orders of four are equally likely', () => {
    const orders = split(12_000)(some).map((child) => permutation(4)(child).join(''))
    const names = [...new Set(orders)]
    expect(names).toHaveLength(24)
    const observed = names.map((name) => orders.filter((order) => order === name).length)
    expect(chiSquareExcess(observed, Array.from({ length: 24 }, () => 500))).toBeLessThan(4)
  })

  test('all pairs out of six are equally likely', () => {
    const pairs = split(15_000)(some).map((child) => choice(6, 2)(child).join(''))
    const names = [...new Set(pairs)]
    expect(names).toHaveLength(30)
    const observed = names.map((name) => pairs.filter((pair) => pair === name).length)
    expect(chiSquareExcess(observed, Array.from({ length: 30 }, () => 500))).toBeLessThan(4)
  })

  test('directions are spread evenly over the sphere', () => {
    // Archimedes: each coordinate of a point on the sphere in three dimensions is uniform.
    const vectors = directions(10_000, 3)(some)
    for (let axis = 0; axis < 3; axis++) {
      const coordinate = vectors.filter((_, position) => position % 3 === axis)
      expect(kolmogorov(coordinate, (value) => (value + 1) / 2)).toBeLessThan(2.23)
    }
  })

  test('two splits, two folds, a parent and a neighbour’s seed have nothing to do with one another', () => {
    const [first, second] = split(2)(some)
    const keys = [some, first, second, fold(0)(some), fold(1)(some), key(seed + 100), key(seed + 101)]
    const streams = keys.map((each) => uniform({}, 10_000)(each ?? some))
    for (const [index, one] of streams.entries())
      for (const other of streams.slice(index + 1)) {
        expect(Math.abs(correlation(one, other))).toBeLessThan(5 / Math.sqrt(10_000))
        // Neither do they run one behind the other.
        expect(Math.abs(correlation(one.slice(1), other.slice(0, -1)))).toBeLessThan(5 / Math.sqrt(10_000))
      }
  })

  test('the first numbers of many children are uniform, and of neighbouring children unrelated', () => {
    const firsts = (keys: readonly ReturnType<typeof key>[]) =>
      Float64Array.from(keys, (child) => uniform({}, 1)(child)[0] ?? NaN)
    const children = firsts(split(10_000)(some))
    const folds = firsts(Array.from({ length: 10_000 }, (_, index) => fold(index)(some)))
    for (const values of [children, folds]) {
      expect(kolmogorov(values, (value) => value)).toBeLessThan(2.23)
      expect(Math.abs(correlation(values.slice(1), values.slice(0, -1)))).toBeLessThan(5 / Math.sqrt(10_000))
    }
    expect(Math.abs(correlation(children, folds))).toBeLessThan(5 / Math.sqrt(10_000))
  })
})
