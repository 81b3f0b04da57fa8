import type { Backend } from '@monge/backend'
import { disposeMeasure, fromTypedArray, measureOrThrow } from '@monge/measures'
import { fold, key, normal, uniform } from '@monge/random'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, onBackends, runs, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { disposeState, gaussian, gaussianMixture, isDivergedError, last, ula } from '../index.js'
import type { Potential } from '../index.js'
import { chainsOn } from './moves.js'

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

const steps = [
  [0.1, 0.3],
  [0.02, 0.5],
  [0.2, 0],
] as const

onBackends(['reference'])('walks in WebAssembly', (backend) => {
  const potentials: readonly (readonly [string, number, (place: Backend) => Potential])[] = [
    ['a Gaussian', 3, gaussian({ mean: [1, -2, 0.5], covariance: [0.5, 1, 2] })],
    ['a mixture', 2, gaussianMixture({ means: [[1, 2], [-3, 0], [0, -1]], covariances: [0.5, 1, 2], weights: [1, 2, 3] })],
  ]
  const plan = Float64Array.from(steps.flat())

  /** The same steps in plain loops: points are rounded as they are read where they are narrow. */
  const walked = (potential: Potential, d: number, start: Float64Array, seed: number, noisy: boolean, narrow: boolean, count: number = steps.length): Float64Array => {
    const gradient = new Float64Array(start.length)
    return steps.slice(0, count).reduce<Float64Array>((before, [step, scale], k) => {
      const x = narrow ? before.map(Math.fround) : before
      potential.onHost?.(x, d, gradient)
      const noise = noisy ? normal(x.length)(fold(5 + k)(key(seed))) : new Float64Array(x.length)
      return x.map((value, i) => value - step * (gradient[i] ?? NaN) + scale * (noise[i] ?? NaN))
    }, start)
  }

  // The sampler takes the plain way where WebAssembly gives up, which nobody would notice.
  test.each(potentials)('on %s do not give up, and come where plain loops come, bit for bit', (_, d, make) => {
    for (const count of [1, 2, 3, 5, 170, 171, 300, 600])
      for (const [noisy, narrow] of [[true, false], [true, true], [false, false]] as const) {
        const potential = make(backend())
        const start = uniform({ low: -6, high: 6 }, count * d)(key(count))
        const end = walked(potential, d, start, 7, noisy, narrow)
        const chains = chainsOn(potential.onHost, count * d, d, plan)
        if (chains === undefined) throw new Error('no WebAssembly here')
        const walk = (limit: number): boolean => {
          chains.points.set(start)
          return chains.walk(...key(7).words, 5, noisy ? 1 : 0, limit, narrow ? 1 : 0)
        }
        expect(walk(Number.MAX_VALUE)).toBe(true)
        expect(chains.points).toEqual(end)
        // What is at the limit is within it, for each number on the way and none beyond.
        const most = Math.max(...steps.flatMap((__, k) => Array.from(walked(potential, d, start, 7, noisy, narrow, k + 1), Math.abs)))
        expect([walk(most), walk(most * (1 - 1e-12))]).toEqual([true, false])
      }
  })
})
