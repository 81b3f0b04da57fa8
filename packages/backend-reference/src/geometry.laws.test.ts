import { tensorFrom } from '@monge/backend'
import type { Backend, Geometry } from '@monge/backend'
import { grad, keep, memory, square, sum, tidy, zeros } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { runs } from '../../../tooling/testing/src/index.ts'
import { geometryCases, oracle, transposedCase } from '../../../tooling/testing/src/geometry-cases.ts'
import type { GeometryCase } from '../../../tooling/testing/src/geometry-cases.ts'
import { float64Geometry } from './geometry.ts'
import { referenceBackend } from './reference.ts'

type Cloud = readonly (readonly number[])[]

let backend: Backend<Float64Array>

beforeAll(async () => {
  backend = await referenceBackend()
})

// Points coincide now and then; none is zero, where tfjs's derivative of abs is -1.
const coordinates = fc.integer({ min: -20, max: 20 }).map((value) => (value + 0.5) / 16)
const cloudOf = (n: number, d: number): fc.Arbitrary<Cloud> =>
  fc.array(fc.array(coordinates, { minLength: d, maxLength: d }), { minLength: n, maxLength: n })
const vector = (n: number): fc.Arbitrary<number[]> =>
  fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: n, maxLength: n })

const size = fc.integer({ min: 1, max: 7 })
const sizes = fc.tuple(size, size, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }))
const problems = sizes.chain(([n, m, d, k]) =>
  fc.record({
    k: fc.constant(k),
    x: cloudOf(n, d),
    y: cloudOf(m, d),
    p: vector(n),
    q: vector(m),
    u: vector(n * k),
    v: vector(m * k),
    epsilon: fc.constantFrom(0.01, 0.5, 10),
  }),
)

type Make = (own: Backend<Float64Array>) => Backend<Float64Array>['geometry']

/** The geometry of a case, handed to `body`, with nothing left behind. */
const withGeometry = (
  theCase: GeometryCase,
  { x, y }: { readonly x: Cloud; readonly y: Cloud },
  make: Make,
  body: (geometry: Geometry<Float64Array>) => void,
): void => {
  const before = memory().numTensors
  backend.within(() =>
    tidy(() => {
      const [from, to] = [x, y].map((points) => tensorFrom<Tensor2D>(points.flat(), [points.length, points[0].length]))
      const pairwise = theCase.pairwise(x, y)
      const geometry = make(backend)(pairwise, from, to)
      body(geometry)
      geometry.dispose()
    }),
  )
  expect(memory().numTensors).toBe(before)
}

const rowsOf = (flat: readonly number[], k: number): Cloud =>
  Array.from({ length: flat.length / k }, (_, i) => flat.slice(i * k, (i + 1) * k))

const near = (actual: ArrayLike<number>, expected: readonly number[], what: string): void => {
  expect(actual.length, what).toBe(expected.length)
  const scale = 1 + Math.max(...expected.map(Math.abs))
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - value) / scale, `${what} ${i}`).toBeLessThan(1e-12)
  })
}

const implementations = {
  'with its entries kept': (own) => (pairwise, x, y) => own.geometry(pairwise, x, y),
  'with its entries computed anew': (own) => float64Geometry(own, 0),
} satisfies Readonly<Record<string, Make>>

describe.each(Object.entries(implementations))('a geometry %s', (_, make) => {
  test.each(geometryCases)('of the $name is its naive loops', (theCase) => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { x, y, p, q, u, v, k, epsilon } = problem
        const [P, Q, U, V] = [p, q, u, v].map((values) => Float64Array.from(values))
        const naive = oracle(theCase, x, y)
        withGeometry(theCase, problem, make, (geometry) => {
          near(geometry.entries(0, x.length), naive.entries.flat(), 'entries')
          near(geometry.softmin(epsilon, Q), naive.softmin(epsilon, q), 'softmin')
          near(geometry.minimum(Q), naive.minimum(q), 'minimum')
          near(geometry.planSum(epsilon, P, Q, V, k), naive.planSum(epsilon, p, q, rowsOf(v, k)).flat(), 'planSum')
          near(geometry.planCost(epsilon, P, Q), naive.planCost(epsilon, p, q), 'planCost')
          near(
            geometry.planGradient(epsilon, P, Q, U, V, k),
            naive.planGradient(epsilon, p, q, rowsOf(u, k), rowsOf(v, k)).flat(),
            'planGradient',
          )
          near(geometry.sum(V, k), naive.sum(rowsOf(v, k)).flat(), 'sum')
          near(geometry.sumGradient(U, V, k), naive.sumGradient(rowsOf(u, k), rowsOf(v, k)).flat(), 'sumGradient')
          const other = oracle(transposedCase(theCase), y, x)
          const flipped = geometry.transpose()
          expect([flipped.rows, flipped.columns]).toEqual([y.length, x.length])
          near(flipped.softmin(epsilon, P), other.softmin(epsilon, p), 'transposed softmin')
          near(
            flipped.sumGradient(V, U, k),
            other.sumGradient(rowsOf(v, k), rowsOf(u, k)).flat(),
            'transposed sumGradient',
          )
          expect(flipped.transpose()).toBe(geometry)
        })
      }),
      { numRuns: runs(100) },
    )
  })
})

test('many rows, read in several blocks, are the same as few', () => {
  const [n, m] = [300, 500]
  const at = (i: number): number[] => [Math.sin(i), Math.cos(3 * i)]
  const [x, y] = [n, m].map((count, which) => Array.from({ length: count }, (_, i) => at(i + which * 0.5)))
  const q = Array.from({ length: m }, (_, j) => Math.cos(j))
  // Blocks hold 2^16 entries.
  expect(n * m).toBeGreaterThan(2 * 2 ** 16)
  const distance = geometryCases.find(({ name }) => name === 'distance') ?? geometryCases[0]
  const naive = oracle(distance, x, y)
  for (const make of Object.values(implementations))
    withGeometry(distance, { x, y }, make, (geometry) => {
      near(geometry.softmin(0.1, Float64Array.from(q)), naive.softmin(0.1, q), 'softmin')
      const ones = new Float64Array(n).fill(1)
      near(
        geometry.sumGradient(ones, Float64Array.from(q), 1),
        naive.sumGradient(rowsOf([...ones], 1), rowsOf(q, 1)).flat(),
        'sumGradient',
      )
    })
})

test('a function of tensors is kept off the tape of whoever differentiates', () => {
  const before = memory().numTensors
  const slope = backend.within(() =>
    tidy(() => {
      const points = tensorFrom<Tensor2D>([1, 2], [2, 1])
      const value = (x: Tensor): Tensor => {
        const inside = memory().numTensors
        const geometry = backend.geometry(
          { tag: 'function', value: (a) => square(zeros([a.shape[0], 2])) },
          points,
          points,
        )
        geometry.entries(0, 2)
        expect(memory().numTensors).toBe(inside)
        return sum(square(x))
      }
      return grad(value)(points)
    }),
  )
  expect(Array.from(slope.dataSync())).toEqual([2, 4])
  slope.dispose()
  expect(memory().numTensors).toBe(before)
})

test('a user’s function may return a tensor that it keeps', () => {
  const before = memory().numTensors
  const kept = backend.within(() => keep(tensorFrom<Tensor2D>([1, 2, 3, 4], [2, 2])))
  const points = backend.within(() => tensorFrom<Tensor2D>([0, 0], [2, 1]))
  const geometry = backend.geometry({ tag: 'function', value: () => kept }, points, points)
  expect(geometry.entries(0, 2)).toEqual(Float64Array.of(1, 2, 3, 4))
  expect(geometry.sumGradient(Float64Array.of(1, 1), Float64Array.of(1, 1), 1)).toEqual(Float64Array.of(0, 0))
  expect(kept.isDisposed).toBe(false)
  kept.dispose()
  points.dispose()
  expect(memory().numTensors).toBe(before)
})
