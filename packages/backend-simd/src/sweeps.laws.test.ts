import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyLogarithm, softmins } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { dispose } from '@tensorflow/tfjs-core'
import { cloud, geometryCases, oracle, transposedCase } from '../../../tooling/testing/src/geometry-cases.ts'
import { tensorOf } from '../../../tooling/testing/src/geometry-check.ts'
import { onBackends, runs } from '../../../tooling/testing/src/index.ts'

const coordinates = fc.integer({ min: -64, max: 64 }).map((value) => value / 64)
const clouds = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 4 })).chain(
  ([n, m, d]) => {
    const points = (count: number) =>
      fc.array(fc.array(coordinates, { minLength: d, maxLength: d }), { minLength: count, maxLength: count })
    const logarithms = (count: number) =>
      fc.array(
        fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -40, max: 0 }).map((value) => value / 8) }, { weight: 1, arbitrary: fc.constant(emptyLogarithm) }),
        { minLength: count, maxLength: count },
      ).map((values) => (values.every((value) => value === emptyLogarithm) ? values.map(() => 0) : values))
    return fc.record({ x: points(n), y: points(m), p: logarithms(n), q: logarithms(m), epsilon: fc.constantFrom(1e-3, 0.02, 0.3, 5) })
  },
)

const allowed = { float64: 1e-13, float32: 1e-6 }
const settled = { float64: 1e-13, float32: 3e-7 }

// Softmins cancel: what counts is the error beside the costs and scalings that they are made of.
const expectNear = (
  where: Backend,
  what: string,
  actual: Float64Array,
  wanted: readonly number[],
  epsilon: number,
  scalings: readonly number[],
  allowance: typeof allowed,
): void => {
  const most = Math.max(1, ...scalings.filter((value) => value !== emptyLogarithm).map(Math.abs))
  const scale = epsilon * most + Math.max(...wanted.map(Math.abs)) + 4
  const worst = wanted.reduce((highest, value, i) => Math.max(highest, Math.abs(value - actual[i]) / scale), 0)
  expect(worst, what).toBeLessThan(allowance[where.precision])
}

const cases = geometryCases.filter(({ name }) => ['half the squared distance', 'distance', 'l1', 'matrix'].includes(name))

onBackends(['simd', 'simd64'])('sweeps', (backend) => {
  test.each([
    [5, 2],
    [33, 2],
    [150, 2],
    [150, 9],
    [75, 40],
  ])('over a cloud of %i points in dimension %i and itself are softmins', (n, d) => {
    const [theCase] = cases
    const x = cloud(5, n, d)
    backend().within(() => {
      const points = tensorOf(x)
      const { vectors, geometry: make } = backend() as Backend<Float64Array>
      const geometry = make(theCase.pairwise(x, x), points, points)
      for (const epsilon of [0.5, 0.02]) {
        // Potentials near each other's updates, as in a solve: there half of the entries will do.
        const start = x.map((_, i) => Math.cos(i) - 3)
        const f = oracle(theCase, x, x).softmin(epsilon, start)
        const q = start.map((value, i) => value + f[i] / (2 * epsilon))
        const wanted = oracle(theCase, x, x).softmin(epsilon, q)
        for (let call = 0; call < 6; call++)
          expectNear(backend(), `call ${call}`, geometry.softmin(epsilon, vectors.fromArray(q)), wanted, epsilon, q, allowed)
      }
      geometry.dispose()
      dispose(points)
    })
  })

  test.each([1, 2, 3])('far from each other or near, in dimension %i, are softmins at epsilons as large as the costs', (d) => {
    const [theCase] = cases
    for (const distance of [0, 1000]) {
      const [x, y] = [cloud(7, 500, d), cloud(8, 401, d).map((point) => point.map((value) => value + distance))]
      const sides = x[0].map((_, k) => {
        const values = [...x, ...y].map((point) => point[k])
        return Math.max(...values) - Math.min(...values)
      })
      const most = sides.reduce((sum, side) => sum + side * side, 0) / 2
      // Some points have no weight.
      const [p, q] = [x, y].map((points) => points.map((_, i) => (i % 7 === 3 ? emptyLogarithm : 3 * Math.cos(i) - 6)))
      backend().within(() => {
        const [from, to] = [tensorOf(x), tensorOf(y)]
        const { vectors, geometry: make } = backend() as Backend<Float64Array>
        const geometry = make(theCase.pairwise(x, y), from, to)
        for (const epsilon of [4 * most, most, most / 4]) {
          const [P, Q] = [vectors.fromArray(p), vectors.fromArray(q)]
          const wanted = { f: oracle(theCase, x, y).softmin(epsilon, q), g: oracle(theCase, y, x).softmin(epsilon, p) }
          expectNear(backend(), 'rows', geometry.softmin(epsilon, Q), wanted.f, epsilon, q, settled)
          expectNear(backend(), 'columns', geometry.transpose().softmin(epsilon, P), wanted.g, epsilon, p, settled)
          const both = softmins(epsilon, P, Q)(geometry)
          expectNear(backend(), 'both, rows', both.f, wanted.f, epsilon, q, settled)
          expectNear(backend(), 'both, columns', both.g, wanted.g, epsilon, p, settled)
          const nothing = vectors.fromArray(q.map(() => emptyLogarithm))
          expect(geometry.softmin(epsilon, nothing).every((value) => value > 1e20), 'no weight').toBe(true)
        }
        geometry.dispose()
        dispose([from, to])
      })
    }
  })

  describe.each(cases)('over $name', (theCase) => {
    test('are softmins at each call, whatever way they were computed', () => {
      fc.assert(
        fc.property(clouds, ({ x, y, p, q, epsilon }) =>
          backend().within(() => {
            const [from, to] = [tensorOf(x), tensorOf(y)]
            const pairwise = theCase.pairwise(x, y)
            const { vectors, geometry: make } = backend() as Backend<Float64Array>
            const geometry = make(pairwise, from, to)
            const wanted = { f: oracle(theCase, x, y).softmin(epsilon, q), g: oracle(transposedCase(theCase), y, x).softmin(epsilon, p) }
            // Eight calls at one epsilon: the first are log-sum-exps, the last sums of a stored kernel.
            for (let call = 0; call < 8; call++) {
              const closeness = call < 4 ? allowed : settled
              const [P, Q] = [vectors.fromArray(p), vectors.fromArray(q)]
              expectNear(backend(), `rows ${call}`, geometry.softmin(epsilon, Q), wanted.f, epsilon, q, closeness)
              const shifted = geometry.softmin(epsilon, Q, 2).map((value) => value - 2 * epsilon)
              expectNear(backend(), `shifted rows ${call}`, shifted, wanted.f, epsilon, q, closeness)
              expectNear(backend(), `columns ${call}`, geometry.transpose().softmin(epsilon, P), wanted.g, epsilon, p, closeness)
              const both = softmins(epsilon, P, Q, { p: -1, q: 3 })(geometry)
              expectNear(backend(), `both, rows ${call}`, both.f.map((value) => value - 3 * epsilon), wanted.f, epsilon, q, closeness)
              expectNear(backend(), `both, columns ${call}`, both.g.map((value) => value + epsilon), wanted.g, epsilon, p, closeness)
            }
            geometry.dispose()
            dispose([from, to, ...(pairwise.tag === 'matrix' ? [pairwise.entries] : [])])
          }),
        ),
        { numRuns: runs(100) },
      )
    })

    test.each([false, true])('at once are their two halves, one after the other (settled: %s)', (settles) => {
      fc.assert(
        fc.property(clouds, fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 8, maxLength: 8 }), (problem, moves) =>
          backend().within(() => {
            const { x, y, p, q, epsilon } = problem
            const [from, to] = [tensorOf(x), tensorOf(y)]
            const pairwise = theCase.pairwise(x, y)
            const { vectors, geometry: make } = backend() as Backend<Float64Array>
            const geometry = make(pairwise, from, to)
            const marginal = (logarithms: readonly number[]) => {
              const shift = Math.log(logarithms.length)
              const weights = logarithms.map((value) => (value === emptyLogarithm ? 0 : Math.exp(value - shift)))
              return { weights: vectors.fromArray(weights), logWeights: vectors.fromArray(logarithms), shift }
            }
            const [source, target] = [marginal(p), marginal(q)]
            const scalings = (logarithms: readonly number[], potential: Float64Array) =>
              logarithms.map((value, i) => (value === emptyLogarithm ? value : value + potential[i] / epsilon))
            if (settles) geometry.settle?.(epsilon)
            moves.forEach((move, call) => {
              // The first potentials are near each other, the last far apart.
              const far = call < 4 ? 0.1 : move / 2
              const g = vectors.fromArray(q.map((_, j) => epsilon * far * Math.cos(j + call)))
              const found = geometry.sweep?.(epsilon, source, target, g)
              if (found === undefined) throw new Error('there is no sweep')
              const opposite = scalings(q, g)
              const f = oracle(theCase, x, y).softmin(epsilon, opposite).map((value) => value + epsilon * target.shift)
              const own = scalings(p, found.f)
              const updated = oracle(transposedCase(theCase), y, x).softmin(epsilon, own).map((value) => value + epsilon * source.shift)
              const most = [...own, ...opposite]
              expectNear(backend(), `rows ${call}`, found.f, f, epsilon, most, allowed)
              expectNear(backend(), `columns ${call}`, found.g, updated, epsilon, most, allowed)
              const parts = updated.map((value, j) =>
                target.weights[j] === 0 ? 0 : target.weights[j] * Math.abs(Math.exp((g[j] - value) / epsilon) - 1),
              )
              const excess = parts.reduce((sum, part) => sum + part, 0)
              const cost = Math.max(1, ...updated.map((value) => Math.abs(value / epsilon)), ...most.filter((value) => value > -1e29).map(Math.abs))
              const loss = { float64: 1e-13, float32: 2e-6 }[backend().precision]
              expect(Math.abs(found.excess - excess), `excess ${call}`).toBeLessThan(loss * cost * (1 + excess))
            })
            geometry.dispose()
            dispose([from, to, ...(pairwise.tag === 'matrix' ? [pairwise.entries] : [])])
          }),
        ),
        { numRuns: runs(100) },
      )
    })

    test('follow potentials that move far at one epsilon', () => {
      fc.assert(
        fc.property(clouds, fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 12, maxLength: 12 }), (problem, moves) =>
          backend().within(() => {
            const { x, y, q, epsilon } = problem
            const [from, to] = [tensorOf(x), tensorOf(y)]
            const pairwise = theCase.pairwise(x, y)
            const { vectors, geometry: make } = backend() as Backend<Float64Array>
            const geometry = make(pairwise, from, to)
            const expected = oracle(theCase, x, y)
            moves.forEach((move, call) => {
              const moved = q.map((value, j) => (value === emptyLogarithm ? value : value + (move * Math.cos(j + call)) / 2))
              const f = geometry.softmin(epsilon, vectors.fromArray(moved))
              expectNear(backend(), `call ${call}`, f, expected.softmin(epsilon, moved), epsilon, moved, allowed)
            })
            geometry.dispose()
            dispose([from, to, ...(pairwise.tag === 'matrix' ? [pairwise.entries] : [])])
          }),
        ),
        { numRuns: runs(100) },
      )
    })
  })
})
