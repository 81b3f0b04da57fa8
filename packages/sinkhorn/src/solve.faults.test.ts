import { tensorFrom } from '@monge/backend'
import { fromFunction } from '@monge/costs'
import { isMongeError } from '@monge/errors'
import { valueAndGradient } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { dispose, expandDims, memory, mul, squaredDifference, sum } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs } from '../../../tooling/testing/src/index.ts'
import { sinkhornDivergence, solve, solveAsync, solveBatch } from './index.js'
import type { Solution } from './index.js'

/*
 * What goes wrong around a solver: it answers with a typed error or with the right numbers, leaves no tensor behind,
 * and the next call is as good as the first.
 */

eachBackend('a solver', (backend) => {
  const measure = (points: readonly number[], weights: readonly number[]): Measure =>
    measureOrThrow(fromArrays(points, weights, backend()))
  const read = ({ f, g, iterations, converged, lower, upper }: Solution) => {
    const found = { f: Array.from(f.dataSync()), g: Array.from(g.dataSync()), iterations, converged, lower, upper }
    dispose([f, g])
    return found
  }
  const options = { p: 2, blur: 0.3, tolerance: 1e-4 } as const
  const solved = (mu: Measure, nu: Measure) => read(solve(options)(backend())(mu, nu))
  const outcome = (body: () => unknown): string => {
    try {
      body()
      return 'none'
    } catch (error) {
      return isMongeError(error) ? error.tag : String(error)
    }
  }

  /** Runs the fault between two measures, before and after which a solve gives the same numbers. */
  const around = async (fault: (mu: Measure, nu: Measure) => Promise<void> | void): Promise<void> => {
    const [mu, nu] = [measure([0, 1, 2.5], [0.5, 0.25, 0.25]), measure([0.5, 3], [0.75, 0.25])]
    const before = solved(mu, nu)
    const tensors = memory().numTensors
    await fault(mu, nu)
    expect(memory().numTensors, 'tensors left behind').toBe(tensors)
    expect(solved(mu, nu)).toEqual(before)
    disposeMeasure(mu)
    disposeMeasure(nu)
  }

  test('that is aborted in any of its sweeps stops there', () =>
    around(async (mu, nu) => {
      const { iterations } = solved(mu, nu)
      for (let stop = 1; stop < iterations; stop++) {
        const abortAt = () => {
          const controller = new AbortController()
          let sweeps = 0
          const onProgress = () => {
            sweeps += 1
            if (sweeps === stop) controller.abort()
          }
          return { ...options, signal: controller.signal, onProgress }
        }
        expect(outcome(() => solve(abortAt())(backend())(mu, nu))).toBe('Aborted')
        expect(outcome(() => solveBatch(abortAt())(backend())([[mu, nu], [nu, mu]]))).toBe('Aborted')
        const later = solveAsync(abortAt(), 0)(backend())(mu, nu)
        expect(await later.then(() => 'none', (error: unknown) => (isMongeError(error) ? error.tag : error))).toBe('Aborted')
      }
    }))

  describe.each<readonly [string, (x: Tensor2D, y: Tensor2D) => Tensor2D]>([
    ['is not a number', (x, y) => mul(sum(squaredDifference(expandDims(x, 1), expandDims(y, 0)), 2), NaN) as Tensor2D],
    [
      'is not a number in one place',
      (x, y) => {
        const entries = Array.from({ length: x.shape[0] * y.shape[0] }, (_, index) => (index === 1 ? NaN : 1))
        return tensorFrom(entries, [x.shape[0], y.shape[0]])
      },
    ],
    ['is infinite', (x, y) => mul(sum(squaredDifference(expandDims(x, 1), expandDims(y, 0)), 2), Infinity) as Tensor2D],
    [
      'throws',
      () => {
        throw new Error('mine')
      },
    ],
    ['is of the wrong shape', () => tensorFrom([1, 2, 3, 4, 5], [1, 5])],
  ])('given a cost that %s', (_, value) => {
    test('throws, and solves the next problem', () =>
      around(async (mu, nu) => {
        const cost = fromFunction('broken', value, { symmetric: true })
        const broken = { cost, blur: 0.3 } as const
        const faults = [
          outcome(() => solve({ ...broken, tolerance: 1e-4 })(backend())(mu, nu)),
          outcome(() => solve(broken)(backend())(mu, nu)),
          outcome(() => sinkhornDivergence(broken)(backend())(mu, nu)),
          outcome(() => valueAndGradient(sinkhornDivergence(broken)(backend()))(mu, nu)),
          await solveAsync(broken, 0)(backend())(mu, nu).then(() => 'none', (error: unknown) => (isMongeError(error) ? error.tag : String(error))),
        ]
        faults.forEach((fault) => {
          expect(fault).toMatch(/^(Diverged|InvalidArgument|DimensionMismatch|Error: mine|Error: .*shape.*)$/)
        })
      }))
  })

  test('at several problems at a time gives each its own solution', () =>
    around(async (mu, nu) => {
      const third = measure([-1, 0, 1, 2], [0.1, 0.2, 0.3, 0.4])
      const problems = [[mu, nu], [nu, mu], [mu, third], [third, nu], [mu, mu]] as const
      const alone = problems.map(([from, to]) => solved(from, to))
      const together = await Promise.all(problems.map(([from, to]) => solveAsync(options, 0)(backend())(from, to)))
      expect(together.map(read)).toEqual(alone)
      disposeMeasure(third)
    }))

  test('goes on when others fail beside it', () =>
    around(async (mu, nu) => {
      const alone = solved(mu, nu)
      const aborted = new AbortController()
      const failing = solveAsync({ ...options, signal: aborted.signal }, 0)(backend())(nu, mu)
      const [there, failed] = await Promise.allSettled([
        solveAsync({ ...options, onProgress: () => aborted.abort() }, 0)(backend())(mu, nu),
        failing,
      ])
      expect(there.status === 'fulfilled' && read(there.value)).toEqual(alone)
      // It may have been done before the signal came.
      if (failed.status === 'fulfilled') read(failed.value)
      expect(failed.status === 'rejected' ? isMongeError(failed.reason) : true).toBe(true)
    }))

  test('solves as well the hundredth time, or the ten thousandth, as the first', () =>
    around((mu, nu) => {
      const quick = solve({ p: 2, blur: 2, scaling: 0.3 })(backend())
      const first = read(quick(mu, nu))
      // The default engine does the whole number; tensor operations are slow, and the oracle is none of the fastest.
      const engine = backend().vectors.scope(() => backend().name === 'cpu' && backend().vectors.fromArray([0]) instanceof Float64Array)
      const times = engine ? 10_000 : runs(100)
      for (let time = 0; time < times; time++) dispose(ofPotentials(quick(mu, nu)))
      expect(read(quick(mu, nu))).toEqual(first)
    }))

  const ofPotentials = ({ f, g }: Solution) => [f, g]
})
