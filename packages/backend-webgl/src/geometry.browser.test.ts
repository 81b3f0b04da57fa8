import { expect, test } from 'vitest'
import { dispose } from '@tensorflow/tfjs-core'
import { cloud, geometryCases, oracle } from '../../../tooling/testing/src/geometry-cases.ts'
import type { GeometryCase } from '../../../tooling/testing/src/geometry-cases.ts'
import { checkGeometry, expectClose, sharingClouds, tensorOf } from '../../../tooling/testing/src/geometry-check.ts'
import { onBackends, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { webglBackend } from './index.js'

const caseNamed = (name: string): GeometryCase => {
  const found = geometryCases.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no case ${name}`)
  return found
}

const exact = { float64: 1e-12, float32: 1e-5 }

onBackends(['webgl'])('the geometry', (backend) => {
  // A user's function is computed by the portable backend.
  const ours = geometryCases.filter(({ name }) => !/user|function/.test(name))

  test.each(ours)('of $name is its defining sums', (theCase) => {
    withoutLeaks(() => checkGeometry(backend(), theCase, ...sharingClouds(2)))
  })

  // Up to three dimensions coordinates fill one texel; beyond sixteen the portable backend computes.
  test.each([1, 3, 5, 16, 20])('of the distance is its defining sums in dimension %i', (d) => {
    withoutLeaks(() => checkGeometry(backend(), caseNamed('distance'), ...sharingClouds(d), d > 16 ? 3 : 0.3))
  })

  test.each(['half the squared distance', 'matrix'])('of %s to itself is its defining sums', (name) => {
    const x = cloud(5, 9, 3)
    withoutLeaks(() => checkGeometry(backend(), caseNamed(name), x, x))
  })

  // 8192 pairs a draw make three draws of six chunks here, 64 make one draw of every other column.
  test.each(['distance', 'matrix'].flatMap((name) => [8192, 64].map((pairsPerDraw) => [name, pairsPerDraw] as const)))(
    'of the %s is its defining sums in draws of %i pairs',
    async (name, pairsPerDraw) => {
      const inParts = await webglBackend({ pairsPerDraw })
      const columns = pairsPerDraw === 64 ? 41 : 500
      withoutLeaks(() => checkGeometry(inParts, caseNamed(name), cloud(3, 37, 2), cloud(4, columns, 2)))
    },
  )

  test.each(['half the squared distance', 'distance', 'l3'])('of %s holds far from the origin', (name) => {
    const far = (points: readonly (readonly number[])[]): readonly (readonly number[])[] =>
      points.map((point) => point.map((value) => Math.fround(value + 16384)))
    const [x, y] = [far(cloud(1, 20, 3)), far(cloud(2, 33, 3))]
    const { vectors } = backend()
    const q = y.map((_, j) => -j / 8)
    backend().within(() => {
      const [from, to] = [tensorOf(x), tensorOf(y)]
      const geometry = backend().geometry(caseNamed(name).pairwise(x, y), from, to)
      const found = vectors.toArray(geometry.softmin(0.1, vectors.fromArray(q)))
      expectClose(backend(), 'softmin', found, oracle(caseNamed(name), x, y).softmin(0.1, q), exact)
      geometry.dispose()
      dispose([from, to])
    })
  })

  test('sums thousands of terms to the last digits but one', () => {
    const [x, y] = [cloud(1, 3, 2), cloud(2, 4000, 2)]
    const { vectors } = backend()
    backend().within(() => {
      const [from, to] = [tensorOf(x), tensorOf(y)]
      const geometry = backend().geometry(caseNamed('distance').pairwise(x, y), from, to)
      const expected = oracle(caseNamed('distance'), x, y)
      const ones = y.map(() => [1])
      const sums = vectors.toArray(geometry.sum(vectors.fromArray(ones.flat()), 1))
      expectClose(backend(), 'sum', sums, expected.sum(ones).flat(), { float64: 0, float32: 1e-6 })
      const softmin = vectors.toArray(geometry.softmin(1, vectors.fromArray(y.map(() => 0))))
      expectClose(
        backend(),
        'softmin',
        softmin,
        expected.softmin(
          1,
          y.map(() => 0),
        ),
        { float64: 0, float32: 1e-6 },
      )
      geometry.dispose()
      dispose([from, to])
    })
  })

  test('gives a softmin of infinity to a row of infinite costs', () => {
    const { vectors } = backend()
    backend().within(() => {
      const [from, to] = [tensorOf(cloud(1, 2, 1)), tensorOf(cloud(2, 3, 1))]
      const entries = tensorOf([
        [Infinity, Infinity, Infinity],
        [1, Infinity, 0.5],
      ])
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
})
