import type { Backend } from '@monge/backend'
import { squaredEuclidean } from '@monge/costs'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { dispose, tidy } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, tolerance } from '../../../tooling/testing/src/index.ts'
import { anderson } from './anderson.js'
import { solve, sparsePlan } from './index.js'
import { newton } from './newton.js'
import { initialPotentials, sideOf } from './problem.js'
import type { Problem } from './problem.js'
import { relaxed } from './sweep.js'

const cloud = (n: number, phase: number): number[][] => Array.from({ length: n }, (_, i) => [Math.sin(3 * i + phase), Math.cos(5 * i + phase)])

type Geometry = Problem<unknown>['geometry']

eachBackend('a method', (backend) => {
  /** A problem between clouds of n points, with what `watched` makes of its geometry. */
  const on = (n: number, body: (problem: Problem<unknown>) => void, watched = (geometry: Geometry): Geometry => geometry): void => {
    const measures = [fromArrays(cloud(n, 0), undefined, backend()), fromArrays(cloud(n, 1), undefined, backend())].map(measureOrThrow)
    const [mu, nu] = measures as [never, never]
    const { vectors, geometry: make, within } = backend() as Backend
    within(() =>
      tidy(() => {
        const { points: x } = measures[0] ?? mu
        const { points: y } = measures[1] ?? nu
        const geometry = make(squaredEuclidean.pairwise, x, y)
        const [source, target] = [mu, nu].map(sideOf(vectors))
        if (source && target) body({ vectors, geometry: watched(geometry), source, target, rho: undefined, symmetric: false })
        geometry.dispose()
      }),
    )
    measures.forEach(disposeMeasure)
  }

  test('that relaxes more than it should goes on without, once its error is ten times the least', () => {
    on(6, (problem) => {
      const { init, step } = relaxed(problem, 0.5, 1.5)
      const first = step(init(initialPotentials(problem, 0.5)))
      expect(first.factor).toBe(1.5)
      expect(first.best).toBe(first.error)
      const { error = NaN } = step(first)
      for (const [best, factor] of [[error / 20, 1], [error / 5, 1.5], [error * 5, 1.5]] as const) {
        const next = step({ ...first, best })
        expect(next.factor).toBe(factor)
        // An engine may come to the same sums another way the next time.
        expect(next.best / Math.min(best, error)).toBeCloseTo(1, 4)
      }
    })
  })

  test.each([1, 2, 3])('of Anderson’s remembers %i trials, and no more', (memory) => {
    on(6, (problem) => {
      const { init, step } = anderson(problem, 0.5, memory)
      let state = init(initialPotentials(problem, 0.5))
      const lengths = [1, 2, 3, 4, 5].map(() => (state = step(state)).history.length)
      expect(Math.max(...lengths)).toBe(memory)
    })
  })

  test('of Anderson’s goes back to the best point’s image once its error is more than twice the least', () => {
    on(6, (problem) => {
      const { vectors } = problem
      const { init, step } = anderson(problem, 0.5, 5)
      const first = step(init(initialPotentials(problem, 0.5)))
      expect(first.best).toBe(first.error)
      const { error = NaN } = step(first)
      const safe = vectors.fromArray(Array.from({ length: 6 }, (_, i) => i / 8))
      for (const [best, back] of [[error / 2.1, true], [error / 20, true], [error / 1.9, false], [error * 5, false]] as const) {
        const next = step({ ...first, best, safe })
        expect([next.history.length === 0, next.safe === undefined, next.swept === undefined]).toEqual([back, back, back])
        expect(next.best).toBe(back ? Infinity : Math.min(best, next.error ?? NaN))
        expect(Array.from(vectors.toArray(next.potentials.f))).toEqual(Array.from(vectors.toArray(back ? safe : next.settled.f)))
      }
    })
  })

  test('of Newton’s squares its error near the solution, and grows bold', () => {
    on(6, (given) => {
      for (const rho of [undefined, 0.7]) {
        const problem = { ...given, rho }
        const epsilon = 0.5
        const sweeps = relaxed(problem, epsilon, 1)
        let near = sweeps.init(initialPotentials(problem, epsilon))
        for (let sweep = 0; sweep < 6; sweep++) near = sweeps.step(near)
        const { init, step } = newton(problem, epsilon)
        let state = step(init(near.potentials))
        const errors = [state.error ?? NaN]
        for (let k = 0; k < 2; k++) {
          const { caution } = state
          state = step(state)
          errors.push(state.error ?? NaN)
          expect([caution / 10, Math.min(1, 4 * caution), 1e-12].some((each) => Math.abs(state.caution / each - 1) < 1e-12)).toBe(true)
        }
        const floor = tolerance(backend(), { float64: 1e-12, float32: 2e-5 })
        errors.slice(1).forEach((error, k) => expect(error).toBeLessThanOrEqual(floor + 0.1 * errors[k]))
      }
    })
  })

  test('of Newton’s has a third more digits after each step near the solution', () => {
    on(20, (problem) => {
      const { init, step } = newton(problem, 0.1)
      let state = step(init(initialPotentials(problem, 0.1)))
      const floor = tolerance(backend(), { float64: 1e-13, float32: 2e-5 })
      for (let k = 0; k < 14; k++) {
        const { error = NaN } = state
        state = step(state)
        // Far away there is no telling.
        expect(state.error).toBeLessThanOrEqual(error < 1e-3 ? floor + error ** 1.3 : 1)
      }
      expect(state.error).toBeLessThanOrEqual(floor)
    })
  })

  test('of Newton’s asks for few products while it is far away', () => {
    let products = 0
    const counted = (geometry: Geometry): Geometry => ({
      ...geometry,
      planSum: (...given) => {
        products += 1
        return geometry.planSum(...given)
      },
      transpose: () => counted(geometry.transpose()),
    })
    const step = (problem: Problem<unknown>): void => {
      const { init, step: stepOf } = newton(problem, 0.1)
      stepOf(init(initialPotentials(problem, 0.1)))
    }
    on(20, step, counted)
    // Two for each of few steps of conjugate gradients.
    expect(products).toBeGreaterThanOrEqual(2)
    expect(products).toBeLessThanOrEqual(24)
  })
})

eachBackend('a sparse plan', (backend) => {
  test('reads each row of costs once', () => {
    const rows: number[] = []
    const watching: Backend = {
      ...backend(),
      geometry: (...given) => {
        const geometry = backend().geometry(...given)
        const entries = (start: number, count: number) => {
          rows.push(...Array.from({ length: count }, (_, i) => start + i))
          return geometry.entries(start, count)
        }
        return { ...geometry, entries }
      },
    }
    const measures = [cloud(7, 0), cloud(5, 1)].map((points) => measureOrThrow(fromArrays(points, undefined, backend())))
    const [mu, nu] = measures as [never, never]
    const { f, g, plan } = solve({ blur: 0.5 })(watching)(mu, nu)
    rows.length = 0
    sparsePlan(2)(plan)
    expect(rows).toEqual([0, 1, 2, 3, 4, 5, 6])
    dispose([f, g])
    measures.forEach(disposeMeasure)
  })
})
