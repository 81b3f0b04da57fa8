import { tensorFrom } from '@monge/backend'
import { disposeMeasure, fromArrays, measureOrThrow, toArrays } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { dispose } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  eachBackend,
  isEngine,
  pairArbitrary,
  planLaws,
  potentialLaws,
  runs,
  tolerance,
  withoutLeaks,
} from '../../../tooling/testing/src/index.ts'
import type { CloudPair, Law } from '../../../tooling/testing/src/index.ts'
import {
  applyPlan,
  applyTransposedPlan,
  barycentricProjection,
  densePlan,
  denseRoundedPlan,
  extendSourcePotential,
  extendTargetPotential,
  planCost,
  planMarginals,
  planMass,
  solve,
  solveBatch,
  sparsePlan,
} from './index.js'
import type { Acceleration, Plan, Solution, SolveOptions } from './index.js'

const halfSquare = (x: readonly number[], y: readonly number[]): number =>
  x.reduce((sum, entry, axis) => sum + (entry - (y[axis] ?? 0)) ** 2 / 2, 0)

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0)

const permutations = (n: number): readonly (readonly number[])[] =>
  n === 0 ? [[]] : permutations(n - 1).flatMap((rest) => rest.concat(n - 1).map((_, at) => rest.toSpliced(at, 0, n - 1)))

const near = { settings: ['near'] as const, maxPoints: 6 }

eachBackend('solve', (backend) => {
  const exact = (): boolean => backend().precision === 'float64'
  const times = (): number => (isEngine(backend()) ? runs(100) : runs(10, 'a solve is some hundred tensor operations'))
  const assert = <A>(arbitrary: fc.Arbitrary<A>, body: (value: A) => void): void => {
    fc.assert(fc.property(arbitrary, body), { numRuns: times() })
  }
  /** Each law once, tried on all variants in turn. */
  const expectLaws = (...variants: readonly (readonly Law[])[]): void => {
    for (const [k, { name }] of (variants[0] ?? []).entries())
      test(name, () => {
        for (const laws of variants) fc.assert(laws[k].property, { numRuns: Math.ceil(times() / variants.length) })
      })
  }
  const goal = (): number => tolerance(backend(), { float64: 1e-11, float32: 2e-6 })
  const given = <A>({ mu, nu }: Pick<CloudPair, 'mu' | 'nu'>, body: (mu: Measure, nu: Measure) => A): A => {
    const measures = [mu, nu].map(({ points, weights }) => measureOrThrow(fromArrays(points, weights, backend())))
    try {
      return body(...(measures as [Measure, Measure]))
    } finally {
      for (const measure of measures) disposeMeasure(measure)
    }
  }
  const solved = <A>(pair: Pick<CloudPair, 'mu' | 'nu'>, options: SolveOptions, body: (solution: Solution) => A): A =>
    given(pair, (mu, nu) => {
      const solution = solve(options)(backend())(mu, nu)
      try {
        return body(solution)
      } finally {
        dispose([solution.f, solution.g])
      }
    })
  const read = (tensor: Tensor1D | Tensor2D): number[] => {
    const values = Array.from(tensor.dataSync())
    tensor.dispose()
    return values
  }
  const options = { blur: 0.5 } as const
  const entriesOf =
    (make: (plan: Plan) => Tensor2D, extra: SolveOptions = {}) =>
    (mu: Measure, nu: Measure): readonly number[][] => {
      const { f, g, plan } = solve({ ...options, tolerance: goal(), ...extra })(backend())(mu, nu)
      const dense = make(plan)
      const [, columns] = dense.shape
      const flat = read(dense)
      dispose([f, g])
      return Array.from({ length: mu.weights.size }, (_, i) => flat.slice(i * columns, (i + 1) * columns))
    }

  describe('its rounded plan, at the end and after a single sweep', () => {
    const once: SolveOptions = { maximumIterations: 1, schedule: (_, epsilon) => [epsilon] }
    expectLaws(planLaws(entriesOf(denseRoundedPlan), { clouds: near }), planLaws(entriesOf(denseRoundedPlan, once), { clouds: near }))
  })
  describe('its plan', () => {
    expectLaws(planLaws(entriesOf(densePlan), { clouds: near, accuracy: 2e-5 }))
  })
  describe('its potentials', () => {
    const run = (mu: Measure, nu: Measure): Solution => solve({ ...options, tolerance: goal() })(backend())(mu, nu)
    const potentials = (mu: Measure, nu: Measure) => {
      const { f, g } = run(mu, nu)
      return { f: read(f), g: read(g) }
    }
    const value = (mu: Measure, nu: Measure): number => {
      const solution = run(mu, nu)
      dispose([solution.f, solution.g])
      return solution.value
    }
    expectLaws(potentialLaws(potentials, { cost: halfSquare, epsilon: () => 0.25, value, accuracy: 2e-5, clouds: near }))
  })

  test('encloses the optimal assignment between its bounds', () => {
    const clouds = fc.integer({ min: 1, max: 5 }).chain((n) => {
      const points = fc.array(fc.array(fc.integer({ min: -64, max: 64 }).map((k) => k / 32), { minLength: 2, maxLength: 2 }), {
        minLength: n,
        maxLength: n,
      })
      return fc.tuple(points, points, fc.constantFrom(0.01, 0.1, 1), fc.constantFrom(1, 30))
    })
    assert(clouds, ([x, y, blur, maximumIterations]) => {
      const cost = (order: readonly number[]): number =>
        sum(order.map((j, i) => halfSquare(x[i] ?? [], y[j] ?? []) / x.length))
      const best = Math.min(...permutations(x.length).map(cost))
      const weights = x.map(() => 1 / x.length)
      const pair = { mu: { points: x, weights }, nu: { points: y, weights } }
      solved(pair, { blur, tolerance: goal(), maximumIterations }, ({ lower, upper }) => {
        expect(lower).toBeLessThanOrEqual(best)
        expect(upper).toBeGreaterThanOrEqual(best)
      })
    })
  })

  test('encloses it where float32 holds the exponents to three digits alone', () => {
    const [x, y] = [[[-2, -1.84375], [0, 0]], [[0, -0.15625], [1.34375, 0.46875]]]
    const weights = [0.5, 0.5]
    const pair = { mu: { points: x, weights }, nu: { points: y, weights } }
    solved(pair, { blur: 0.01, tolerance: goal(), maximumIterations: 30 }, ({ lower, upper }) => {
      expect(lower).toBeLessThanOrEqual(2.21826171875)
      expect(upper).toBeGreaterThanOrEqual(2.21826171875)
    })
  })

  test('says nothing of bounds that nobody asks for, and the same of all else', () => {
    assert(pairArbitrary({ ...near, mass: 'any' }), (pair) => {
      const numbers = (certificate: boolean) =>
        solved(pair, { blur: 0.3, reach: 1, tolerance: goal(), maximumIterations: 300, certificate }, ({ value, lower, upper }) => ({
          value,
          lower,
          upper,
        }))
      const [with_, without] = [numbers(true), numbers(false)]
      expect(without).toEqual({ value: with_.value, lower: -Infinity, upper: Infinity })
    })
  })

  test('bounds that shrink with blur enclose one optimum, with reach as well', () => {
    assert(pairArbitrary({ ...near, mass: 'any' }), (pair) => {
      const brackets = [1, 0.3, 0.1].map((blur) =>
        solved(pair, { blur, reach: 1, tolerance: goal(), maximumIterations: 300 }, ({ lower, upper }) => ({ lower, upper })),
      )
      const lowest = Math.min(...brackets.map(({ upper }) => upper))
      for (const { lower } of brackets) expect(lower).toBeLessThanOrEqual(lowest)
      const [wide, , tight] = brackets
      const slack = tolerance(backend(), { float64: 1e-9, float32: 1e-3 })
      const width = (bracket?: { readonly lower: number; readonly upper: number }): number =>
        (bracket?.upper ?? Number.NaN) - (bracket?.lower ?? Number.NaN)
      expect(width(tight)).toBeLessThanOrEqual(width(wide) + slack)
    })
  })

  test('has a marginal error below the tolerance where it says that it has converged', () => {
    const smallEnough = fc.constantFrom(1e-2, 1e-4)
    const reach = fc.constantFrom(undefined, 1)
    assert(fc.tuple(pairArbitrary(near), smallEnough, reach), ([pair, allowed, far]) => {
      solved(pair, { ...options, tolerance: allowed, ...(far && { reach: far }) }, ({ converged, marginalError, value, lower, upper }) => {
        expect(converged).toBe(true)
        expect(marginalError).toBeLessThanOrEqual(allowed)
        expect([value, lower, upper].every(Number.isFinite)).toBe(true)
      })
    })
  })

  describe('reaches the same optimum', () => {
    const accelerations: readonly (readonly [string, Acceleration])[] = [
      ['plain sweeps', { kind: 'none' }],
      ...[0.5, 0.9, 1.3, 1.5, 1.9].map((factor) => [`relaxation by ${factor}`, { kind: 'relaxation', factor }] as const),
      ...[1, 2, 5, 10].map((memory) => [`Anderson’s with a memory of ${memory}`, { kind: 'anderson', memory }] as const),
      ['Newton’s method', { kind: 'newton' }],
    ]
    test('by any acceleration', () => {
      assert(
        fc.tuple(pairArbitrary({ ...near, maxPoints: 5 }), fc.constantFrom(undefined, 2), fc.constantFrom(...accelerations)),
        ([pair, reach, [, acceleration]]) => {
          const allowed = tolerance(backend(), { float64: 1e-9, float32: 1e-5 })
          const run = { blur: 0.75, tolerance: allowed, ...(reach && { reach }) }
          const expected = solved(pair, run, ({ value }) => value)
          solved(pair, { ...run, acceleration, scaling: 0.5 }, ({ value, converged }) => {
            expect(converged).toBe(true)
            expect(Math.abs(value - expected)).toBeLessThanOrEqual(50 * allowed)
          })
        },
      )
    })

    test.each(accelerations)('or stays near it, on hostile input, by %s', (_, acceleration) => {
      const clusters = [-100, -99.9, 0, 0.1, 100, 100.05]
      const hostile: readonly (readonly [string, Pick<CloudPair, 'mu' | 'nu'>])[] = [
        [
          'clusters far apart of masses that disagree',
          {
            mu: { points: clusters.map((x) => [x]), weights: [0.1, 0.2, 0.05, 0.3, 0.15, 0.2] },
            nu: { points: clusters.map((x) => [x + 0.02]), weights: [0.25, 0.05, 0.3, 0.05, 0.25, 0.1] },
          },
        ],
        [
          'tiny masses',
          {
            mu: { points: [[0], [1], [2]], weights: [1 - 2e-6, 1e-6, 1e-6] },
            nu: { points: [[0.5], [1.5], [3]], weights: [1e-6, 1 - 2e-6, 1e-6] },
          },
        ],
      ]
      for (const [name, pair] of hostile)
        for (const blur of [0.2, 3]) {
          const run: SolveOptions = { blur, tolerance: 1e-5, acceleration, maximumIterations: exact() ? 400 : 60 }
          solved(pair, run, ({ value, lower, upper, marginalError }) => {
            expect(marginalError, name).toBeLessThanOrEqual(2.001)
            expect(lower, name).toBeLessThanOrEqual(upper)
            expect(Number.isFinite(value), name).toBe(true)
            const scale = 200 ** 2 / 2
            expect(Math.abs(value), name).toBeLessThanOrEqual(scale)
          })
        }
    })
  })

  test('takes few sweeps from its own solution', () => {
    assert(pairArbitrary(near), (pair) => {
      given(pair, (mu, nu) => {
        const run = { ...options, tolerance: 1e-4 }
        const first = solve({ ...run, tolerance: 1e-5 })(backend())(mu, nu)
        const again = solve({ ...run, start: { f: first.f, g: first.g } })(backend())(mu, nu)
        expect(again.converged).toBe(true)
        expect(again.iterations).toBeLessThanOrEqual(3)
        dispose([first.f, first.g, again.f, again.g])
      })
    })
  })

  const numbersOf = ({ f, g, value, lower, upper, marginalError, iterations, converged }: Solution) => {
    const numbers = { f: Array.from(f.dataSync()), g: Array.from(g.dataSync()), value, lower, upper, marginalError }
    dispose([f, g])
    return { ...numbers, iterations, converged }
  }

  test('gives the same twice, and changes nothing of the caller’s', () => {
    assert(pairArbitrary(near), (pair) => {
      given(pair, (mu, nu) => {
        const before = [toArrays(mu), toArrays(nu)]
        const twice = [0, 1].map(() => numbersOf(solve({ ...options, tolerance: 1e-4 })(backend())(mu, nu)))
        expect(twice[1]).toEqual(twice[0])
        expect([toArrays(mu), toArrays(nu)]).toEqual(before)
      })
    })
  })

  test('in a batch solves each problem as if it were alone', () => {
    assert(fc.array(pairArbitrary({ ...near, mass: 'any' }), { maxLength: 3 }), (pairs) => {
      const run = { ...options, reach: 1, tolerance: 1e-4 }
      const measures = pairs.map(({ mu, nu }) =>
        [mu, nu].map(({ points, weights }) => measureOrThrow(fromArrays(points, weights, backend()))),
      ) as [Measure, Measure][]
      const alone = measures.map(([mu, nu]) => numbersOf(solve(run)(backend())(mu, nu)))
      expect(solveBatch(run)(backend())(measures).map(numbersOf)).toEqual(alone)
      for (const measure of measures.flat()) disposeMeasure(measure)
    })
  })

  describe('its plan as an operator', () => {
    const run: SolveOptions = { ...options, tolerance: 1e-4 }
    const allowed = (): number => tolerance(backend(), { float64: 1e-12, float32: 5e-5 })
    const expectClose = (found: ArrayLike<number>, expected: ArrayLike<number>, scale = 1): void => {
      expect(found.length).toBe(expected.length)
      Array.from(expected, (value, index) => {
        expect(Math.abs((found[index] ?? Number.NaN) - value)).toBeLessThanOrEqual(allowed() * scale)
      })
    }
    const matrixOf = (plan: Plan): readonly number[] => read(densePlan(plan))

    test('is the dense matrix, and its adjoint the transpose', () => {
      assert(pairArbitrary(near), (pair) => {
        solved(pair, run, ({ plan }) => {
          const [n, m] = [pair.mu.points.length, pair.nu.points.length]
          const dense = matrixOf(plan)
          const at = (i: number, j: number): number => dense[i * m + j] ?? Number.NaN
          const indices = (size: number): number[] => Array.from({ length: size }, (_, index) => index)
          const v = backend().within(() => tensorFrom<Tensor2D>(indices(2 * m).map((k) => (k % 5) - 2), [m, 2]))
          const u = backend().within(() => tensorFrom<Tensor1D>(indices(n).map((k) => (k % 3) - 1), [n]))
          expectClose(
            read(applyPlan(v)(plan)),
            indices(n).flatMap((i) => [0, 1].map((k) => sum(indices(m).map((j) => at(i, j) * (((2 * j + k) % 5) - 2))))),
          )
          expectClose(
            read(applyTransposedPlan(u)(plan)),
            indices(m).map((j) => sum(indices(n).map((i) => at(i, j) * ((i % 3) - 1)))),
          )
          const [one, two] = [applyPlan(v)(plan), applyTransposedPlan(u)(plan)]
          expect([one.shape, two.shape]).toEqual([[n, 2], [m]])
          dispose([one, two])
          const { source, target } = planMarginals(plan)
          expectClose(read(source), indices(n).map((i) => sum(indices(m).map((j) => at(i, j)))))
          expectClose(read(target), indices(m).map((j) => sum(indices(n).map((i) => at(i, j)))))
          expectClose([planMass(plan)], [sum(dense)])
          const costs = pair.mu.points.flatMap((x) => pair.nu.points.map((y) => halfSquare(x, y)))
          expectClose([planCost(plan)], [sum(dense.map((mass, index) => mass * (costs[index] ?? 0)))], 16)
          dispose([u, v])
        })
      })
    })

    test('costs no more than the upper bound, but for what its marginals lack', () => {
      assert(pairArbitrary(near), (pair) => {
        solved(pair, { ...options, tolerance: 1e-5 }, ({ plan, upper }) => {
          expect(planCost(plan)).toBeLessThanOrEqual(upper + 64 * 1e-5)
        })
      })
    })

    test('in its sparse form has the largest entries of each row, in falling order', () => {
      assert(fc.tuple(pairArbitrary(near), fc.integer({ min: 1, max: 8 })), ([pair, top]) => {
        solved(pair, run, ({ plan }) => {
          const m = pair.nu.points.length
          const dense = matrixOf(plan)
          const { rows, columns, masses } = sparsePlan(top)(plan)
          expect(masses.length).toBe(pair.mu.points.length * Math.min(top, m))
          expectClose(masses, Array.from(rows, (i, k) => dense[i * m + (columns[k] ?? 0)] ?? Number.NaN))
          pair.mu.points.forEach((_, i) => {
            const sorted = dense.slice(i * m, (i + 1) * m).toSorted((a, b) => b - a)
            expectClose(masses.filter((__, k) => rows[k] === i), sorted.slice(0, top))
          })
        })
      })
    })

    test('projects to x - ∇f(x), for the half squared distance', () => {
      assert(pairArbitrary(near), (pair) => {
        solved(pair, { ...options, tolerance: goal() }, ({ plan, f }) => {
          const projection = read(barycentricProjection(plan))
          const m = pair.nu.points.length
          const dense = matrixOf(plan)
          pair.mu.weights.forEach((weight, i) => {
            if (weight === 0) return
            const row = dense.slice(i * m, (i + 1) * m)
            for (let axis = 0; axis < pair.dimension; axis++) {
              const mean = sum(row.map((mass, j) => mass * (pair.nu.points[j]?.[axis] ?? Number.NaN))) / sum(row)
              expect(Math.abs((projection[i * pair.dimension + axis] ?? Number.NaN) - mean)).toBeLessThanOrEqual(20 * allowed())
            }
          })
          // By differences of the extended potential, where they tell something.
          const step = exact() ? 2 ** -13 : 2 ** -8
          const at = (by: number): number[] => {
            const moved = pair.mu.points.map(([first = 0, ...rest]) => [first + by, ...rest])
            const points = backend().within(() => tensorFrom<Tensor2D>(moved.flat(), [moved.length, pair.dimension]))
            const values = read(extendSourcePotential(plan)(points))
            points.dispose()
            return values
          }
          const [here, there] = [at(-step), at(step)]
          pair.mu.points.forEach(([first = 0], i) => {
            const slope = ((there[i] ?? Number.NaN) - (here[i] ?? Number.NaN)) / (2 * step)
            expect(Math.abs(first - slope - (projection[i * pair.dimension] ?? Number.NaN))).toBeLessThanOrEqual(
              tolerance(backend(), { float64: 1e-4, float32: 3e-2 }),
            )
          })
          expectClose(at(0), f.dataSync(), 100)
        })
      })
    })

    test('extends both potentials off the support, with reach as well', () => {
      assert(pairArbitrary({ ...near, mass: 'any' }), (pair) => {
        solved(pair, { ...options, reach: 1, tolerance: goal() }, ({ plan, f, g }) => {
          expectClose(read(extendSourcePotential(plan)(plan.mu.points)), f.dataSync(), 100)
          expectClose(read(extendTargetPotential(plan)(plan.nu.points)), g.dataSync(), 100)
        })
      })
    })
  })

  test('leaves no tensor behind', () => {
    assert(pairArbitrary(near), (pair) => {
      given(pair, (mu, nu) => {
        withoutLeaks(() => {
          const { f, g } = solve({ ...options, tolerance: 1e-4 })(backend())(mu, nu)
          return [f, g]
        })
      })
    })
  })
})
