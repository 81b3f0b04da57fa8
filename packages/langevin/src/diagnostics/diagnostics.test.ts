import { describe, expect, test } from 'vitest'
import recorded from '../../fixtures/arviz.json' with { type: 'json' }
import {
  acceptanceSummary,
  autocorrelation,
  bulkEss,
  chainsOf,
  deviationStandardError,
  energyErrorSummary,
  foldedRHat,
  lossAlong,
  meanEss,
  quantileEss,
  rHat,
  rankRHat,
  splitRHat,
  squaredSteinDiscrepancy,
  standardError,
  steinDiscrepancy,
  summary,
  tailEss,
} from './index.js'

const statistics = {
  bulkEss,
  tailEss,
  meanEss,
  quantileEss: quantileEss(0.25),
  rHat,
  splitRHat,
  rankRHat,
  foldedRHat,
  standardError,
  deviationStandardError,
}

describe.each(recorded.cases.map((entry) => [entry.name, entry] as const))('on chains: %s', (_, { chains, expected }) => {
  const wanted: Readonly<Record<string, unknown>> = expected
  test.each(Object.entries(statistics).filter(([name]) => name in expected))(`%s is ${recorded.source}'s`, (name, statistic) => {
    expect(statistic(chains) / Number(wanted[name])).toBeCloseTo(1, 10)
  })

  test(`the autocorrelation is ${recorded.source}'s`, () => {
    const actual = autocorrelation(chains[0] ?? [])
    expected.autocorrelation.forEach((value, lag) => expect(actual[lag]).toBeCloseTo(value, 12))
  })
})

describe('chains', () => {
  test('are taken from draws by coordinate', () => {
    const draws = { values: Float64Array.from({ length: 12 }, (_, i) => i), draws: 3, chains: 2, dimension: 2 }
    expect(chainsOf(1)(draws).map((chain) => Array.from(chain))).toEqual([[1, 5, 9], [3, 7, 11]])
    expect(() => chainsOf(2)(draws)).toThrow('chainsOf: coordinate: there is no 2 of 2')
  })

  test.each([
    [[], 'has no chains'],
    [[[1, 2, 3]], 'expected at least 4 draws, got 3'],
    [[[1, 2, 3, 4], [1, 2, 3]], 'chain 1 has 3 draws, chain 0 has 4'],
    [[[1, 2, Number.NaN, 4]], 'draw 2 of chain 0 is NaN'],
  ])('that cannot be used are refused: %j', (chains, message) => {
    for (const [name, statistic] of Object.entries(statistics))
      expect(() => statistic(chains), name).toThrow(message)
  })

  test('that stand still are as good as they look: at one place, or apart', () => {
    expect(rHat([[1, 1, 1, 1], [1, 1, 1, 1]])).toBe(1)
    expect(splitRHat([[1, 1, 1, 1], [2, 2, 2, 2]])).toBe(Infinity)
    expect(meanEss([[1, 1, 1, 1], [1, 1, 1, 1]])).toBe(8)
    expect([...autocorrelation([2, 2, 2])]).toEqual([1, 1, 1])
  })
})

describe('the summary', () => {
  test('says of each coordinate what its chains say', () => {
    const values = Float64Array.from({ length: 80 }, (_, i) => Math.sin(i * i))
    const draws = { values, draws: 20, chains: 2, dimension: 2 }
    const [, second] = summary({ probability: 0.5 })(draws)
    const chains = chainsOf(1)(draws)
    expect(second?.rHat).toBe(rHat(chains))
    expect(second?.bulkEss).toBe(bulkEss(chains))
    const sorted = chains.flatMap((chain) => Array.from(chain)).toSorted((a, b) => a - b)
    expect(second?.interval[0]).toBeCloseTo((sorted[9] ?? 0) * 0.25 + (sorted[10] ?? 0) * 0.75, 12)
    expect(second?.mean).toBeCloseTo(sorted.reduce((sum, value) => sum + value, 0) / 40, 12)
  })
})

describe('acceptance', () => {
  test('is counted over all and for each chain, with the longest stay', () => {
    expect(acceptanceSummary([[1, 0, 0, 1], [0.5, 0.5, 0, 1]])).toEqual({ mean: 0.5, chains: [0.5, 0.5], longestStay: 2 })
    expect(() => acceptanceSummary([[2]])).toThrow('acceptanceSummary: expected a number from 0 to 1, got 2')
  })
})

describe('energy errors', () => {
  test('come to what Metropolis would make of them', () => {
    const told = energyErrorSummary({ limit: 5 })([[0, Math.log(2)], [-Math.log(2), 6]])
    expect(told.divergent).toBe(1)
    expect(told.largest).toBe(6)
    expect(told.acceptance).toBeCloseTo((1 + 0.5 + 1 + Math.exp(-6)) / 4, 12)
    expect(told.exponentialMean).toBeCloseTo((1 + 0.5 + 2 + Math.exp(-6)) / 4, 12)
  })
})

describe('the Stein discrepancy', () => {
  test('of one point is what the kernel has at distance zero', () => {
    const scored = { points: [0.5, 2], scores: [3, -1], dimension: 2 }
    expect(steinDiscrepancy()(scored) ** 2).toBeCloseTo(10 + 2, 12)
    expect(steinDiscrepancy({ kernel: 'gaussian', scale: 2 })(scored) ** 2).toBeCloseTo(10 + 2 / 4, 12)
    expect(() => squaredSteinDiscrepancy({ statistic: 'u' })(scored)).toThrow('no pairs of different points')
  })

  test.each([
    [{ scale: 0 }, 'steinDiscrepancy: scale'],
    [{ exponent: 0 }, 'steinDiscrepancy: exponent'],
    [{ kernel: 'cosine' as 'gaussian' }, 'steinDiscrepancy: kernel'],
    [{ bandwidth: 1 } as object, 'unknown option "bandwidth"'],
  ])('refuses %j', (options, message) => {
    expect(() => squaredSteinDiscrepancy(options)({ points: [1], scores: [1], dimension: 1 })).toThrow(message)
  })

  test('refuses points that are no rows, and scores that are not theirs', () => {
    expect(() => steinDiscrepancy()({ points: [1, 2, 3], scores: [1, 2, 3], dimension: 2 })).toThrow('are no rows of 2')
    expect(() => steinDiscrepancy()({ points: [1, 2], scores: [1], dimension: 2 })).toThrow('1 numbers for 2 of points')
    expect(() => steinDiscrepancy()({ points: [1], scores: [Number.NaN], dimension: 1 })).toThrow('scores: not all are finite')
  })
})

describe('a loss along a run', () => {
  test('refuses what is no stride', () => {
    expect(() => lossAlong(() => { throw new Error('never asked') }, { every: 0 })).toThrow('lossAlong: every')
  })
})
