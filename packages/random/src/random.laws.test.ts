import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bernoulli,
  categorical,
  choice,
  directions,
  fillNormal,
  fold,
  integers,
  key,
  lowerTailQuantile,
  normal,
  permutation,
  split,
  uniform,
} from './index.js'
import type { Key } from './index.js'

const keys = fc.double({ noNaN: true, noDefaultInfinity: true }).map(key)
const counts = fc.nat({ max: 40 })

/** What can be drawn, each as plain numbers, of any count. */
const draws: Readonly<Record<string, (count: number) => (key: Key) => readonly number[]>> = {
  uniform: (count) => (from) => [...uniform({ low: -2, high: 5 }, count)(from)],
  normal: (count) => (from) => [...normal(count)(from)],
  integers: (count) => (from) => [...integers({ low: -7, high: 9 }, count)(from)],
  bernoulli: (count) => (from) => [...bernoulli(0.4, count)(from)],
  categorical: (count) => (from) => [...categorical([2, 0, 1, 5], count)(from)],
  directions: (count) => (from) => [...directions(count, 3)(from)],
}

describe.each(Object.entries(draws))('%s', (_, draw) => {
  test('is a function of its key', () => {
    fc.assert(
      fc.property(keys, counts, (from, count) => {
        expect(draw(count)(from)).toEqual(draw(count)(from))
      }),
    )
  })

  test('begins the same, however much is drawn', () => {
    fc.assert(
      fc.property(keys, counts, counts, (from, few, more) => {
        const short = draw(few)(from)
        expect(draw(few + more)(from).slice(0, short.length)).toEqual(short)
      }),
    )
  })

  test('survives a key’s way through JSON', () => {
    fc.assert(
      fc.property(keys, (from) => {
        expect(draw(5)(JSON.parse(JSON.stringify(from)) as Key)).toEqual(draw(5)(from))
      }),
    )
  })
})

describe('keys', () => {
  const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)

  test('are equal for equal seeds and different for different ones', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        expect(key(a).words.join() === key(b).words.join()).toBe(a === b)
      }),
    )
  })

  test('fold differently for different numbers', () => {
    fc.assert(
      fc.property(keys, numbers, numbers, (from, a, b) => {
        expect(fold(a)(from).words.join() === fold(b)(from).words.join()).toBe(a === b)
      }),
    )
  })

  test('split into the same first children, however many', () => {
    fc.assert(
      fc.property(keys, counts, counts, (from, few, more) => {
        expect(split(few + more)(from).slice(0, few)).toEqual(split(few)(from))
      }),
    )
  })

  test('have children that all differ', () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 40 }), (from, count) => {
        const children = [from, ...split(count)(from), ...Array.from({ length: count }, (_, index) => fold(index)(from))]
        expect(new Set(children.map(({ words }) => words.join())).size).toBe(2 * count + 1)
      }),
    )
  })

  test('take zero and minus zero for the same number', () => {
    expect(key(-0)).toEqual(key(0))
    expect(fold(-0)(key(1))).toEqual(fold(0)(key(1)))
  })

  test('cannot be changed', () => {
    expect(Object.isFrozen(key(1))).toBe(true)
    expect(Object.isFrozen(key(1).words)).toBe(true)
  })
})

describe('ranges', () => {
  const bounds = fc
    .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }))
    .map(([low, width]) => ({ low, high: low + width }))
  test('uniform numbers lie between their bounds', () => {
    fc.assert(
      fc.property(keys, bounds, (from, { low, high }) => {
        for (const value of uniform({ low, high }, 20)(from)) {
          expect(value).toBeGreaterThanOrEqual(low)
          expect(value).toBeLessThanOrEqual(high)
        }
      }),
    )
  })

  test('uniform numbers of [0, 1) have bits down to the 53rd', () => {
    fc.assert(
      fc.property(keys, (from) => {
        const wholes = Array.from(uniform({}, 200)(from), (value) => value * 2 ** 53)
        expect(wholes.every((value) => Number.isInteger(value) && value < 2 ** 53)).toBe(true)
        expect(wholes.some((value) => value % 2 === 1)).toBe(true)
      }),
    )
  })

  test('integers lie below their upper bound', () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.nat({ max: 2 ** 31 }), (from, low, width) => {
        const high = Math.min(low + width + 1, 2 ** 31)
        for (const value of integers({ low, high }, 10)(from)) {
          expect(value).toBeGreaterThanOrEqual(low)
          expect(value).toBeLessThan(high)
        }
      }),
    )
  })

  test('a permutation holds every number once', () => {
    fc.assert(
      fc.property(keys, counts, (from, n) => {
        expect([...permutation(n)(from)].toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, index) => index))
      }),
    )
  })

  test('choices are different numbers below n', () => {
    fc.assert(
      fc.property(keys, counts, counts, (from, n, more) => {
        const chosen = choice(n + more, n)(from)
        expect(new Set(chosen).size).toBe(n)
        expect([...chosen].every((value) => value >= 0 && value < n + more)).toBe(true)
      }),
    )
  })

  test('categories of zero weight are never drawn', () => {
    fc.assert(
      fc.property(keys, fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 8 }), (from, weights) => {
        fc.pre(weights.some((weight) => weight > 0))
        for (const index of categorical(weights, 30)(from)) expect(weights[index]).toBeGreaterThan(0)
      }),
    )
  })

  test('directions have norm 1', () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 6 }), (from, dimension) => {
        const vectors = directions(7, dimension)(from)
        for (let row = 0; row < 7; row++)
          expect(Math.hypot(...vectors.subarray(row * dimension, (row + 1) * dimension))).toBeCloseTo(1, 14)
      }),
    )
  })
})

describe('normal numbers into an array of the caller’s', () => {
  test('are those of normal, bit for bit, whatever was in it, and nothing beside it is written', () => {
    // Up to twice the number from which WebAssembly draws them.
    fc.assert(
      fc.property(keys, fc.nat({ max: 64 }), fc.nat({ max: 3 }), fc.double(), (from, count, before, rubbish) => {
        const room = new Float64Array(before + count + 2).fill(rubbish)
        fillNormal(room.subarray(before, before + count))(from)
        const around = Array.from({ length: before + 2 }, () => rubbish)
        expect([...room.subarray(before, before + count)]).toEqual([...normal(count)(from)])
        expect([...room.subarray(0, before), ...room.subarray(before + count)]).toEqual(around)
      }),
    )
  })
})

describe('the lower quantile of the normal distribution', () => {
  const tails = fc.oneof(
    fc.double({ min: 0, max: 0.5, minExcluded: true, noNaN: true }),
    fc.integer({ min: 1, max: 1074 }).map((halvings) => 2 ** -halvings),
  )

  /** `Φ`, by Laplace's continued fraction in the tail, the series about the centre, where nothing cancels. */
  const probabilityBelow = (quantile: number): number => {
    const density = Math.exp((-quantile * quantile) / 2) / Math.sqrt(2 * Math.PI)
    if (quantile < -1.6) {
      let fraction = -quantile
      for (let level = 200; level >= 1; level--) fraction = -quantile + level / fraction
      return density / fraction
    }
    let [term, sum] = [quantile, 0]
    for (let odd = 1; Math.abs(term) > 1e-18; odd += 2, term *= (quantile * quantile) / odd) sum += term
    return 0.5 + density * sum
  }

  test('is not above zero, and does not fall as the probability grows', () => {
    fc.assert(
      fc.property(tails, tails, (one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one]
        // Where two pieces of it meet, neighbours may change places by a rounding.
        const rounding = 1e-14 * Math.abs(lowerTailQuantile(low))
        expect(lowerTailQuantile(low)).toBeLessThanOrEqual(lowerTailQuantile(high) + rounding)
        expect(lowerTailQuantile(high)).toBeLessThanOrEqual(0)
      }),
    )
  })

  test('has that probability below it', () => {
    const normalised = fc.oneof(tails, fc.double({ min: 1e-3, max: 0.5, noNaN: true })).filter((tail) => tail >= 2 ** -1000)
    fc.assert(
      fc.property(normalised, (tail) => {
        const quantile = lowerTailQuantile(tail)
        // A rounding of the quantile q is one of q² in the probability, relative to it; the fraction above rounds as well.
        const allowed = 4e-15 * (4 + quantile * quantile)
        expect(Math.abs(probabilityBelow(quantile) / tail - 1)).toBeLessThanOrEqual(allowed)
      }),
    )
  })
})
