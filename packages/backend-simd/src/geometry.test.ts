import { describe, expect, test } from 'vitest'
import { emptyLogarithm, softmins } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { isMongeError } from '@monge/errors'
import { dispose, reshape, slice } from '@tensorflow/tfjs-core'
import { cloud, geometryCases, oracle } from '../../../tooling/testing/src/geometry-cases.ts'
import type { GeometryCase } from '../../../tooling/testing/src/geometry-cases.ts'
import { checkGeometry, expectClose, sharingClouds, tensorOf } from '../../../tooling/testing/src/geometry-check.ts'
import { onBackends, withoutLeaks } from '../../../tooling/testing/src/index.ts'

const caseNamed = (name: string): GeometryCase => {
  const found = geometryCases.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no case ${name}`)
  return found
}

const exact = { float64: 1e-12, float32: 1e-5 }

onBackends(['simd', 'simd64'])('the geometry', (backend) => {
  describe.each(geometryCases)('of $name', (theCase) => {
    test.each([1, 2, 3, 4, 9])('is its defining sums in dimension %i', (d) => {
      withoutLeaks(() => checkGeometry(backend(), theCase, ...sharingClouds(d)))
    })

    test('of a cloud to itself is its defining sums', () => {
      const x = cloud(5, 9, 3)
      withoutLeaks(() => checkGeometry(backend(), theCase, x, x))
    })
  })

  // A user's function is computed by the portable backend.
  const ours = geometryCases.filter((each) => !/user|function/.test(each.name))

  test.each(ours)('of $name is its defining sums where columns fill several tiles, and rows several groups', (theCase) => {
    withoutLeaks(() => checkGeometry(backend(), theCase, cloud(3, 6, 2), cloud(4, 1030, 2)))
  })

  describe.each([0.002, 0.02, 0.3, 20])('in many dimensions, at epsilon %f,', (epsilon) => {
    test.each([
      [9, 21, 530],
      [40, 30, 61],
      [40, 30, 30],
    ])('%i of them, is the sums of a plan and its half-updates', (d, n, m) => {
      const theCase = caseNamed('half the squared distance')
      const [x, y] = [cloud(3, n, d), n === m ? cloud(3, n, d) : cloud(4, m, d)]
      const wanted = oracle(theCase, x, y)
      const q = y.map((_, j) => Math.cos(j) / 4 - Math.log(m))
      const f = wanted.softmin(epsilon, q)
      const p = f.map((value) => value / epsilon)
      const ones = (count: number) => Array.from({ length: count }, () => [1, 0.5])
      withoutLeaks(() =>
        backend().within(() => {
          const points = [tensorOf(x), tensorOf(y)] as const
          const { vectors } = backend() as Backend<Float64Array>
          const flat = (values: readonly number[]) => vectors.fromArray(values)
          const geometry = (backend() as Backend<Float64Array>).geometry(theCase.pairwise(x, y), ...points)
          // From a cloud to itself hardly anything moves at small epsilon: one is added, which the error is then relative to.
          const gradient = (): Float64Array =>
            geometry.planGradient(epsilon, flat(p), flat(q), flat(ones(n).flat()), flat(ones(m).flat()), 2).map((slope) => slope + 1)
          const slopes = wanted.planGradient(epsilon, p, q, ones(n), ones(m)).flat().map((slope) => slope + 1)
          // Before costs are stored, and after.
          expectClose(backend(), 'planGradient', gradient(), slopes, exact)
          const both = softmins(epsilon, flat(p), flat(q))(geometry)
          expectClose(backend(), 'softmins f', both.f, f, exact)
          expectClose(backend(), 'softmin', geometry.softmin(epsilon, flat(q)), f, exact)
          expectClose(backend(), 'planGradient again', gradient(), slopes, exact)
          const costs = geometry.planCost(epsilon, flat(p), flat(q)).map((cost) => cost + 1)
          expectClose(backend(), 'planCost', costs, wanted.planCost(epsilon, p, q).map((cost) => cost + 1), exact)
          geometry.dispose()
          dispose([...points])
        }),
      )
    })
  })

  test('disposed of, serves the same clouds again and no others', () => {
    const theCase = caseNamed('half the squared distance')
    const [x, y, z] = [cloud(3, 12, 9), cloud(4, 15, 9), cloud(5, 15, 9)]
    const pairwise = theCase.pairwise(x, y)
    backend().within(() => {
      const [from, to, other] = [tensorOf(x), tensorOf(y), tensorOf(z)]
      const { vectors, geometry: make } = backend() as Backend<Float64Array>
      const q = vectors.fromArray(y.map((_, j) => -j / 8))
      const softminOf = (points: typeof from): Float64Array => {
        const geometry = make(pairwise, from, points)
        const result = geometry.softmin(0.1, q)
        geometry.dispose()
        geometry.dispose()
        return result
      }
      const first = softminOf(to)
      expect(softminOf(other)).not.toEqual(first)
      expect(softminOf(to)).toEqual(first)
      // The same data as points of another dimension is another cloud.
      const [fewer, fewerTo] = [reshape(from, [18, 6]) as typeof from, reshape(to, [45, 3]) as typeof to]
      expect(() => make(pairwise, fewer, fewerTo)).toThrow(/dimension/)
      dispose([from, to, other, fewer, fewerTo])
    })
  })

  test.each(['half the squared distance', 'distance', 'laplacian', 'l3'])('of %s holds far from the origin', (name) => {
    const far = (points: readonly (readonly number[])[]) => points.map((point) => point.map((value) => Math.fround(value + 16384)))
    const [x, y] = [cloud(1, 20, 3), cloud(2, 33, 3)]
    const theCase = caseNamed(name)
    backend().within(() => {
      const [from, to] = [tensorOf(far(x)), tensorOf(far(y))]
      const geometry = backend().geometry(theCase.pairwise(x, y), from, to)
      expectClose(backend(), 'entries', geometry.entries(0, x.length), oracle(theCase, far(x), far(y)).entries.flat(), exact)
      geometry.dispose()
      dispose([from, to])
    })
  })

  test.each([1e-6, 1e6])('of the distance is right at scale %f', (scale) => {
    const theCase = caseNamed('distance')
    const sized = (points: readonly (readonly number[])[]) => points.map((point) => point.map((value) => Math.fround(value * scale)))
    const [x, y] = [sized(cloud(1, 20, 2)), sized(cloud(2, 33, 2))]
    const wanted = oracle(theCase, x, y)
    const q = y.map((_, j) => -j / 8)
    backend().within(() => {
      const [from, to] = [tensorOf(x), tensorOf(y)]
      const geometry = backend().geometry(theCase.pairwise(x, y), from, to)
      const { vectors } = backend()
      for (const epsilon of [0.001 * scale, 0.1 * scale]) {
        const values = vectors.toArray(geometry.softmin(epsilon, vectors.fromArray(q)))
        expectClose(backend(), 'softmin', values, wanted.softmin(epsilon, q), exact)
      }
      geometry.dispose()
      dispose([from, to])
    })
  })

  test('gives a softmin of infinity to a row of infinite costs, and leaves infinite costs out of empty places', () => {
    backend().within(() => {
      const [from, to] = [tensorOf(cloud(1, 2, 1)), tensorOf(cloud(2, 3, 1))]
      const entries = tensorOf([
        [Infinity, Infinity, Infinity],
        [1, Infinity, 0.5],
      ])
      const { vectors } = backend()
      const geometry = backend().geometry({ tag: 'matrix', entries }, from, to)
      const zeros = vectors.fromArray([0, 0, 0])
      const f = vectors.toArray(geometry.softmin(0.5, zeros))
      expect(f[0]).toBe(Infinity)
      expect(f[1]).toBeCloseTo(-0.5 * Math.log(Math.exp(-2) + Math.exp(-1)), 6)
      const cost = vectors.toArray(geometry.planCost(0.5, vectors.fromArray([0, 0]), zeros))
      expect(cost[0]).toBe(0)
      expect(cost[1]).toBeCloseTo(Math.exp(-2) + 0.5 * Math.exp(-1), 6)
      geometry.dispose()
      dispose([from, to, entries])
    })
  })

  test('keeps the digits of a plan where large scalings cancel', () => {
    const theCase = caseNamed('half the squared distance')
    const [x, y] = [cloud(1, 6, 2), cloud(2, 9, 2)]
    const [p, q] = [x.map((_, i) => 20_000 - i / 4), y.map((_, j) => -20_000 - j / 8)]
    const wanted = oracle(theCase, x, y).planSum(50, p, q, y.map(() => [1]))
    backend().within(() => {
      const [from, to] = [tensorOf(x), tensorOf(y)]
      const { vectors } = backend()
      const geometry = backend().geometry(theCase.pairwise(x, y), from, to)
      const sums = geometry.planSum(50, vectors.fromArray(p), vectors.fromArray(q), vectors.fromArray(y.map(() => 1)), 1)
      expectClose(backend(), 'planSum', vectors.toArray(sums), wanted.flat(), { float64: 1e-10, float32: 1e-5 })
      geometry.dispose()
      dispose([from, to])
    })
  })

  test('gives points of no weight no part in a plan', () => {
    backend().within(() => {
      const points = tensorOf(cloud(1, 4, 2))
      const { vectors } = backend()
      const geometry = backend().geometry(caseNamed('distance').pairwise([], []), points, points)
      const empty = vectors.fromArray([emptyLogarithm, 0, 0, 0])
      const ones = vectors.fromArray([1, 1, 1, 1])
      expect(vectors.toArray(geometry.planSum(0.5, empty, vectors.fromArray([0, 0, 0, 0]), ones, 1))[0]).toBe(0)
      geometry.dispose()
      dispose(points)
    })
  })

  test('refuses clouds of different dimensions, and matrices of another size', () => {
    backend().within(() => {
      const [two, three, square] = [tensorOf(cloud(1, 4, 2)), tensorOf(cloud(1, 4, 3)), tensorOf(cloud(1, 3, 3))]
      const attempt = (body: () => unknown): unknown => {
        try {
          return body()
        } catch (error) {
          return isMongeError(error) ? error.tag : error
        }
      }
      expect(attempt(() => backend().geometry(caseNamed('distance').pairwise([], []), two, three))).toBe('DimensionMismatch')
      // The matrix fits neither, the source, or the target.
      for (const [from, to] of [[square, two], [two, two], [square, square]] as const)
        expect(attempt(() => backend().geometry({ tag: 'matrix', entries: three }, from, to))).toBe('DimensionMismatch')
      // Numbers in a row are no points, however many there are.
      const row = reshape(slice(three, [0, 0], [1, 3]), [3]) as unknown as typeof three
      const [across, down] = [slice(three, [0, 0], [3, 3]), slice(three, [0, 0], [4, 3])] as const
      for (const [entries, from, to] of [[across, row, square], [across, square, row], [down, two, row]] as const)
        expect(attempt(() => backend().geometry({ tag: 'matrix', entries }, from, to))).toBe('DimensionMismatch')
      dispose([row, across, down])
      dispose([two, three, square])
    })
  })
})
