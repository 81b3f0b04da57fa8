import { disposeMeasure, fromTypedArray, measureOrThrow } from '@monge/measures'
import { key, normal, uniform } from '@monge/random'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, runs, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { disposeState, gaussian, gaussianMixture, isDivergedError, last, ula } from '../index.js'
import type { Potential } from '../index.js'

/** The same potential, of which nobody knows a faster way. */
const plain = (potential: Potential): Potential => {
  const { onHost } = potential
  return { ...potential, ...(onHost === undefined ? {} : { onHost: (...args) => onHost(...args) }) }
}

eachBackend('chains in WebAssembly', (backend) => {
  const endOf = (potential: Potential, count: number, d: number, seed: number, step: number, steps: number): Float64Array => {
    const points = uniform({ low: -6, high: 6 }, count * d)(key(seed))
    const start = measureOrThrow(fromTypedArray(points, d, undefined, backend()))
    try {
      const state = last(ula(potential, { step, temperature: 0.9 }), key(seed + 1), start, { steps })
      const end = Float64Array.from(state.measure.points.dataSync())
      disposeState(state)
      return end
    } finally {
      disposeMeasure(start)
    }
  }

  const sizes = fc.record({
    // Numbers are made and moved by 512.
    count: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 40 }) }, fc.integer({ min: 250, max: 600 })),
    d: fc.integer({ min: 1, max: 5 }),
    seed: fc.integer({ min: 0, max: 1000 }),
    step: fc.constantFrom(0.001, 0.05, 0.3),
    steps: fc.constantFrom(1, 2, 66),
  })

  test('move as the plain loops move them, bit for bit: on Gaussians', () => {
    fc.assert(
      fc.property(sizes, ({ count, d, seed, step, steps }) => {
        const mean = Array.from(normal(d)(key(seed + 2)))
        const covariance = Array.from(uniform({ low: 0.5, high: 3 }, d)(key(seed + 3)))
        const potential = gaussian({ mean, covariance })(backend())
        withoutLeaks(() => {
          expect(endOf(potential, count, d, seed, step, steps)).toEqual(endOf(plain(potential), count, d, seed, step, steps))
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test('move as the plain loops move them, bit for bit: on mixtures in the plane', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 12 }), ({ count, seed, step, steps }, modes) => {
        const flat = normal(2 * modes)(key(seed + 2)).map((value) => 4 * value)
        const means = Array.from({ length: modes }, (_, k) => Array.from(flat.subarray(2 * k, 2 * k + 2)))
        const covariances = Array.from(uniform({ low: 0.05, high: 3 }, modes)(key(seed + 3)))
        const weights = Array.from(uniform({ low: 0.1, high: 1 }, modes)(key(seed + 4)))
        const potential = gaussianMixture({ means, covariances, weights })(backend())
        const shorter = Math.min(step, 0.05)
        expect(endOf(potential, count, 2, seed, shorter, steps)).toEqual(endOf(plain(potential), count, 2, seed, shorter, steps))
      }),
      { numRuns: runs(100) },
    )
  })

  test('do not depend on how many others there are', () => {
    // Noise does: without it, each particle goes its own way.
    const potential = gaussianMixture({ means: [[1, 2], [-3, 0]], covariance: 0.5 })(backend())
    const sampler = ula(potential, { step: 0.1, temperature: 0 })
    const points = uniform({ low: -6, high: 6 }, 2 * 301)(key(1))
    const ends = [301, 2, 1].map((count) => {
      const start = measureOrThrow(fromTypedArray(points.slice(0, 2 * count), 2, undefined, backend()))
      const state = last(sampler, key(1), start, { steps: 66 })
      const end = Array.from(state.measure.points.dataSync())
      disposeState(state)
      disposeMeasure(start)
      return end
    })
    const [all = []] = ends
    for (const end of ends) expect(end).toEqual(all.slice(0, end.length))
  })

  test('that leave the numbers are told of like others', () => {
    const potential = gaussian({ mean: [1, 2, 3], covariance: [1, 1, 1e-3] })(backend())
    const faultOf = (of: Potential): unknown => {
      try {
        return endOf(of, 7, 3, 5, 5, 2000)
      } catch (error) {
        return isDivergedError(error) && [error.message, error.chain, error.iteration]
      }
    }
    const fault = faultOf(potential)
    expect(fault).toEqual([expect.stringContaining('a coordinate is'), expect.any(Number), expect.any(Number)])
    expect(fault).toEqual(faultOf(plain(potential)))
  })
})
