import type { Backend } from '@monge/backend'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { dispose } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import { sinkhornCost, sinkhornDivergence, solve } from './index.js'
import type { SolveOptions } from './index.js'

const cloud = (n: number, phase: number): number[][] =>
  Array.from({ length: n }, (_, i) => [(phase + 0.5698402909980532 * i) % 1, (phase + 0.7548776662466927 * i) % 1])

const courses: Readonly<Record<string, readonly [number, SolveOptions]>> = {
  'a schedule': [8, { blur: 0.3 }],
  'a tolerance': [8, { blur: 0.3, tolerance: 1e-3 }],
  'one that is never reached': [8, { blur: 0.3, tolerance: 1e-30, maximumIterations: 4 }],
  'soft marginals': [8, { blur: 0.3, reach: 0.5, tolerance: 1e-3 }],
  'Newton’s method': [8, { blur: 0.3, tolerance: 1e-3, acceleration: { kind: 'newton' } }],
  'cells of points': [260, { blur: 0.1, tolerance: 1e-3, certificate: false }],
}

eachBackend('vectors that outlive a sweep', (backend) => {
  /** The backend, with those of its vectors that are kept, and not yet released. */
  const counting = () => {
    const { vectors } = backend()
    const held = new Set<unknown>()
    const seen = new Set<unknown>()
    const on: Backend = {
      ...backend(),
      vectors: {
        ...vectors,
        keep: (vector) => {
          held.add(vector)
          seen.add(vector)
          return vectors.keep(vector)
        },
        release: (vector) => {
          if (!held.delete(vector)) throw new Error('a vector is released that nobody kept, or twice')
          vectors.release(vector)
        },
      },
    }
    return { on, held, seen }
  }

  test.each(Object.entries(courses))('are released once each, with %s', (_name, [n, options]) => {
    const [mu, nu] = [cloud(n, 0.1), cloud(n - 2, 0.6)].map((points) => measureOrThrow(fromArrays(points, undefined, backend()))) as [never, never]
    const { on, held, seen } = counting()
    const { f, g } = solve(options)(on)(mu, nu)
    expect([held.size, seen.size > 0]).toEqual([0, true])
    dispose([f, g])
    const { certificate: _, ...rest } = options
    for (const loss of [sinkhornCost, sinkhornDivergence]) {
      dispose(loss(rest)(on)(mu, nu))
      expect(held.size).toBe(0)
    }
    // A solve that is left in the midst gives all back, too.
    let sweeps = 0
    const stop = (): void => {
      sweeps += 1
      if (sweeps === 2) throw new Error('enough')
    }
    expect(() => solve({ ...options, onProgress: stop })(on)(mu, nu)).toThrow('enough')
    expect(held.size).toBe(0)
    for (const measure of [mu, nu]) disposeMeasure(measure)
  })

  test('are there until the solution is read', () => {
    const [mu, nu] = [cloud(8, 0.1), cloud(6, 0.6)].map((points) => measureOrThrow(fromArrays(points, undefined, backend()))) as [never, never]
    const { vectors } = backend()
    const gone = new Set<unknown>()
    const on: Backend = {
      ...backend(),
      vectors: {
        ...vectors,
        toTensor: (vector, shape) => {
          if (gone.has(vector)) throw new Error('a vector is read that was released')
          return vectors.toTensor(vector, shape)
        },
        release: (vector) => {
          gone.add(vector)
          vectors.release(vector)
        },
      },
    }
    const { f, g } = solve({ blur: 0.3, tolerance: 1e-3 })(on)(mu, nu)
    expect([f.size, g.size]).toEqual([8, 6])
    dispose([f, g, sinkhornDivergence({ blur: 0.3 })(on)(mu, nu)])
    for (const measure of [mu, nu]) disposeMeasure(measure)
  })
})
