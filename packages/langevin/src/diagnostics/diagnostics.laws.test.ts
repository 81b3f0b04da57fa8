import { fold, key, normal } from '@monge/random'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  acceptanceSummary,
  autocorrelation,
  bulkEss,
  chainsOf,
  deviationStandardError,
  energyErrorSummary,
  foldedRHat,
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

const draw = fc.integer({ min: -50, max: 50 }).map((value) => value / 8)
const chainsArbitrary = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 4, max: 20 }))
  .chain(([chains, draws]) =>
    fc.array(fc.array(draw, { minLength: draws, maxLength: draws }), { minLength: chains, maxLength: chains }),
  )
  .filter((chains) => chains.every((chain) => new Set(chain).size > 2))

const gaussianChains = (seed: number, chains: number, draws: number) =>
  Array.from({ length: chains }, (_, chain) => normal(draws)(fold(chain)(key(seed))))

/** The autoregression `x_t = φ x_{t-1} + sqrt(1 - φ²) ξ_t`, begun at its stationary law. */
const autoregression = (phi: number, seed: number, chains: number, draws: number) =>
  gaussianChains(seed, chains, draws).map((noise) => {
    let state = noise[0] ?? 0
    return noise.map((value, index) => (index === 0 ? state : (state = phi * state + Math.sqrt(1 - phi * phi) * value)))
  })

describe('R-hat', () => {
  test('is 1 of independent draws, but for the noise', () => {
    for (let seed = 0; seed < 5; seed++) expect(Math.abs(rHat(gaussianChains(seed, 4, 1000)) - 1)).toBeLessThan(0.01)
  })

  test('sees chains apart, and the folded one chains of different widths', () => {
    const chains = gaussianChains(1, 4, 200)
    expect(rHat(chains.map((chain, index) => chain.map((value) => value + index)))).toBeGreaterThan(1.2)
    const wider = chains.map((chain, index) => chain.map((value) => value * (index === 0 ? 6 : 1)))
    expect(splitRHat(wider)).toBeLessThan(1.05)
    expect(foldedRHat(wider)).toBeGreaterThan(1.1)
  })

  test('does not depend on place and unit, nor on the order of chains', () => {
    fc.assert(
      fc.property(chainsArbitrary, fc.constantFrom(0.5, 2, -4), fc.constantFrom(-3, 0, 7), (chains, unit, place) => {
        const moved = chains.map((chain) => chain.map((value) => unit * value + place))
        for (const statistic of [rHat, rankRHat, splitRHat, foldedRHat]) {
          expect(statistic(moved)).toBeCloseTo(statistic(chains), 9)
          expect(statistic(chains.toReversed())).toBeCloseTo(statistic(chains), 9)
        }
      }),
    )
  })

  test('is the larger of the one by ranks and the folded one', () => {
    fc.assert(
      fc.property(chainsArbitrary, (chains) => {
        expect(rHat(chains)).toBe(Math.max(rankRHat(chains), foldedRHat(chains)))
      }),
    )
  })

  test('by ranks does not depend on the scale that draws are told in, if it is a rising one', () => {
    fc.assert(
      fc.property(chainsArbitrary, (chains) => {
        const cubes = chains.map((chain) => chain.map((value) => value ** 3 + value))
        expect(rankRHat(cubes)).toBeCloseTo(rankRHat(chains), 9)
        expect(quantileEss(0.3)(cubes) / quantileEss(0.3)(chains)).toBeCloseTo(1, 9)
      }),
    )
  })

  test('by ranks of long chains does not either', () => {
    const bent = (chains: readonly ArrayLike<number>[]) => chains.map((chain) => Float64Array.from(chain, Math.exp))
    const chains = autoregression(0.5, 3, 4, 60)
    expect(bulkEss(bent(chains))).toBeCloseTo(bulkEss(chains), 9)
    expect(tailEss(bent(chains))).toBeCloseTo(tailEss(chains), 9)
  })
})

describe('the effective sample size', () => {
  test.each([0.3, 0.6, 0.9, -0.3])('of an autoregression with φ = %d is about n (1 - φ) / (1 + φ)', (phi) => {
    const [chains, draws] = [4, 8000]
    const theory = (chains * draws * (1 - phi)) / (1 + phi)
    expect(Math.abs(meanEss(autoregression(phi, 5, chains, draws)) / theory - 1)).toBeLessThan(0.15)
  })

  test('does not depend on place and unit, nor on the order of chains', () => {
    fc.assert(
      fc.property(chainsArbitrary, fc.constantFrom(0.5, 2, -4), fc.constantFrom(-3, 0, 7), (chains, unit, place) => {
        const moved = chains.map((chain) => chain.map((value) => unit * value + place))
        expect(meanEss(moved) / meanEss(chains)).toBeCloseTo(1, 6)
        expect(bulkEss(chains.toReversed()) / bulkEss(chains)).toBeCloseTo(1, 6)
        expect(standardError(moved) / standardError(chains)).toBeCloseTo(Math.abs(unit), 6)
        expect(deviationStandardError(moved)).toBeCloseTo(Math.abs(unit) * deviationStandardError(chains), 6)
      }),
    )
  })

  test('is above zero and bounded by n log n', () => {
    fc.assert(
      fc.property(chainsArbitrary, (chains) => {
        const total = chains.length * (chains[0]?.length ?? 0)
        for (const ess of [bulkEss(chains), meanEss(chains), tailEss(chains), quantileEss(0.3)(chains)]) {
          expect(ess).toBeGreaterThan(0)
          expect(ess).toBeLessThanOrEqual(total * Math.log10(total) + 1e-9)
        }
      }),
    )
  })
})

const drawsArbitrary = fc
  .record({ draws: fc.integer({ min: 4, max: 12 }), chains: fc.integer({ min: 1, max: 3 }), dimension: fc.integer({ min: 1, max: 3 }) })
  .chain(({ draws, chains, dimension }) => {
    const length = draws * chains * dimension
    return fc.record({
      values: fc.array(draw, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values)),
      draws: fc.constant(draws),
      chains: fc.constant(chains),
      dimension: fc.constant(dimension),
    })
  })

describe('the chains of a coordinate', () => {
  test('hold each number once, in the order of draws', () => {
    fc.assert(
      fc.property(drawsArbitrary, (given) => {
        const { values, draws, chains, dimension } = given
        const all = Array.from({ length: dimension }, (_, coordinate) => chainsOf(coordinate)(given))
        values.forEach((value, index) => {
          const [coordinate, chain] = [index % dimension, Math.floor(index / dimension) % chains]
          expect(all[coordinate]?.[chain]?.[Math.floor(index / dimension / chains)]).toBe(value)
        })
        for (const some of all) expect(some.map(({ length }) => length)).toEqual(Array.from({ length: chains }, () => draws))
      }),
    )
  })
})

describe('the summary', () => {
  test('is of the draws of each coordinate alone, whatever the order of chains', () => {
    fc.assert(
      fc.property(drawsArbitrary, fc.double({ min: 0.1, max: 1, noNaN: true }), (given, probability) => {
        const { values, draws, chains, dimension } = given
        const found = summary({ probability })(given)
        expect(found).toHaveLength(dimension)
        found.forEach((one, coordinate) => {
          const own = values.filter((_, index) => index % dimension === coordinate)
          const mean = own.reduce((sum, value) => sum + value, 0) / own.length
          const squares = own.reduce((sum, value) => sum + (value - mean) ** 2, 0)
          const [low, high] = one.interval
          expect(one.mean).toBeCloseTo(mean, 9)
          expect(one.deviation).toBeCloseTo(Math.sqrt(squares / (own.length - 1)), 9)
          expect(low <= one.median && one.median <= high).toBe(true)
          // Half of the rest lies on either side, but for the draws that a quantile falls between.
          const outside = (own.length * (1 - probability)) / 2 + 1
          expect(own.filter((value) => value < low - 1e-9).length).toBeLessThanOrEqual(outside)
          expect(own.filter((value) => value > high + 1e-9).length).toBeLessThanOrEqual(outside)
        })
        const turned = Float64Array.from(values, (_, index) => {
          const [coordinate, chain, at] = [index % dimension, Math.floor(index / dimension) % chains, Math.floor(index / dimension / chains)]
          return values[(at * chains + (chains - 1 - chain)) * dimension + coordinate] ?? NaN
        })
        summary({ probability })({ values: turned, draws, chains, dimension }).forEach((one, coordinate) => {
          for (const [name, value] of Object.entries(one).filter(([, entry]) => typeof entry === 'number'))
            expect(value, name).toBeCloseTo(found[coordinate]?.[name as 'mean'] ?? NaN, 6)
        })
      }),
    )
  })
})

describe('acceptance', () => {
  const acceptances = fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 12 }))
    .chain(([chains, steps]) =>
      fc.array(fc.array(fc.constantFrom(0, 0.25, 0.5, 1), { minLength: steps, maxLength: steps }), { minLength: chains, maxLength: chains }),
    )

  test('is the mean of chains and of all; no stay is longer than the longest, and there is one as long', () => {
    fc.assert(
      fc.property(acceptances, (accepted) => {
        const { mean, chains, longestStay } = acceptanceSummary(accepted)
        const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
        accepted.forEach((chain, index) => expect(chains[index]).toBeCloseTo(meanOf(chain), 12))
        expect(mean).toBeCloseTo(meanOf(accepted.flat()), 12)
        const staying = accepted.map((chain) => chain.map((value) => (value < 0.5 ? 'x' : '-')).join(''))
        expect(staying.some((chain) => chain.includes('x'.repeat(longestStay)))).toBe(true)
        expect(staying.some((chain) => chain.includes('x'.repeat(longestStay + 1)))).toBe(false)
      }),
    )
  })
})

describe('the autocorrelation', () => {
  test('is the sum that defines it', () => {
    fc.assert(
      fc.property(fc.array(draw, { minLength: 2, maxLength: 40 }).filter((chain) => new Set(chain).size > 1), (chain) => {
        const mean = chain.reduce((sum, value) => sum + value, 0) / chain.length
        const at = (lag: number): number =>
          chain.reduce((sum, value, index) => sum + (value - mean) * ((chain[index + lag] ?? mean) - mean), 0)
        const actual = autocorrelation(chain)
        expect(actual).toHaveLength(chain.length)
        actual.forEach((value, lag) => expect(value).toBeCloseTo(at(lag) / at(0), 9))
      }),
    )
  })
})

describe('energy errors', () => {
  test('of Metropolis proposals at stationarity have exponential mean 1', () => {
    // Random-walk proposals on the standard Gaussian: ΔH = (y² - x²) / 2.
    const [x = new Float64Array(), step = new Float64Array()] = gaussianChains(11, 2, 100_000)
    const errors = x.map((value, index) => ((value + 0.8 * (step[index] ?? 0)) ** 2 - value ** 2) / 2)
    expect(energyErrorSummary()([errors]).exponentialMean).toBeCloseTo(1, 1)
  })
})

describe('the Stein discrepancy', () => {
  const pointsArbitrary = fc.array(fc.tuple(draw, draw), { minLength: 2, maxLength: 10 })
  const kernels = [{}, { kernel: 'gaussian', scale: 2 }, { exponent: -0.25, scale: 0.5 }] as const
  const standard = (points: readonly (readonly number[])[]) => ({
    points: points.flat(),
    scores: points.flat().map((value) => -value),
    dimension: 2,
  })

  test('is not below zero', () => {
    fc.assert(
      fc.property(pointsArbitrary, fc.constantFrom(...kernels), (points, options) => {
        expect(squaredSteinDiscrepancy(options)(standard(points))).toBeGreaterThan(-1e-9)
      }),
    )
  })

  test('does not depend on the order of points, nor on turning them with their scores', () => {
    fc.assert(
      fc.property(pointsArbitrary, fc.constantFrom(...kernels), fc.double({ min: 0, max: 6, noNaN: true }), (points, options, angle) => {
        const value = squaredSteinDiscrepancy(options)(standard(points))
        const [c, s] = [Math.cos(angle), Math.sin(angle)]
        expect(squaredSteinDiscrepancy(options)(standard(points.toReversed()))).toBeCloseTo(value, 8)
        const turned = points.map(([u, v]) => [c * u - s * v, s * u + c * v])
        expect(squaredSteinDiscrepancy(options)(standard(turned))).toBeCloseTo(value, 8)
      }),
    )
  })

  test('of both statistics differs by the diagonal', () => {
    fc.assert(
      fc.property(pointsArbitrary, (points) => {
        const n = points.length
        const diagonal = points.reduce((sum, [u, v]) => sum + u * u + v * v + 2, 0)
        const pairs = squaredSteinDiscrepancy({ statistic: 'u' })(standard(points)) * n * (n - 1)
        expect(squaredSteinDiscrepancy({})(standard(points)) * n * n).toBeCloseTo(pairs + diagonal, 6)
      }),
    )
  })

  test.each(kernels)('has mean zero on the target, and not beside it: %j', (options) => {
    const values = Array.from({ length: 40 }, (_, seed) => {
      const points = normal(100)(key(seed))
      return squaredSteinDiscrepancy({ ...options, statistic: 'u' })({ points, scores: points.map((x) => -x), dimension: 2 })
    })
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const error = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length ** 2)
    expect(Math.abs(mean)).toBeLessThan(4 * error)
    const points = normal(100)(key(1)).map((x) => x + 1)
    expect(squaredSteinDiscrepancy({ ...options, statistic: 'u' })({ points, scores: points.map((x) => -x), dimension: 2 })).toBeGreaterThan(10 * error)
  })

  test('falls as samples grow in number', () => {
    const at = (count: number): number => {
      const points = normal(2 * count)(key(7))
      return steinDiscrepancy()({ points, scores: points.map((x) => -x), dimension: 2 })
    }
    expect(at(400)).toBeLessThan(at(25))
  })
})
