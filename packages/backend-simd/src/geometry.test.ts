import { describe, expect, test } from 'vitest'
import { emptyLogarithm } from '@monge/backend'
import { isMongeError } from '@monge/errors'
import { dispose } from '@tensorflow/tfjs-core'
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
      const [two, three] = [tensorOf(cloud(1, 4, 2)), tensorOf(cloud(1, 4, 3))]
      const attempt = (body: () => unknown): unknown => {
        try {
          return body()
        } catch (error) {
          return isMongeError(error) ? error.tag : error
        }
      }
      expect(attempt(() => backend().geometry(caseNamed('distance').pairwise([], []), two, three))).toBe('DimensionMismatch')
      expect(attempt(() => backend().geometry({ tag: 'matrix', entries: three }, two, two))).toBe('DimensionMismatch')
      dispose([two, three])
    })
  })
})
