import { describe, expect, test } from 'vitest'
import { eachBackend, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { cloud, geometryCases, oracle, transposedCase } from '../../../../tooling/testing/src/geometry-cases.ts'
import type { GeometryCase } from '../../../../tooling/testing/src/geometry-cases.ts'
import type { Backend, Geometry } from '../index.js'
import { emptyLogarithm, portableBackend, tensorFrom } from '../index.js'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { dispose } from '@tensorflow/tfjs-core'

type Cloud = readonly (readonly number[])[]

const dimensions = [1, 2, 10]
const epsilon = 0.3

const close = (backend: Backend, actual: ArrayLike<number>, expected: readonly number[], what: string): void => {
  expect(actual.length, what).toBe(expected.length)
  const scale = Math.max(1e-3, ...expected.map(Math.abs))
  const worst = Math.max(...expected.map((value, index) => Math.abs(value - (actual[index] ?? Number.NaN)) / scale))
  expect(worst, what).toBeLessThan(tolerance(backend, { float64: 1e-11, float32: 2e-5 }))
}

const checkAll = <V>(backend: Backend<V>, geometry: Geometry<V>, theCase: GeometryCase, x: Cloud, y: Cloud): void => {
  const { vectors } = backend
  const expected = oracle(theCase, x, y)
  const [n, m] = [x.length, y.length]
  // Sixteenths, exact in every format; one weight of each side is empty.
  const p = x.map((_, i) => (i === 1 ? emptyLogarithm : ((i * 5) % 7) / -4))
  const q = y.map((_, j) => (j === 2 ? emptyLogarithm : ((j * 3) % 5) / -4))
  const values = (rows: number, k: number): Cloud =>
    Array.from({ length: rows }, (_, i) => Array.from({ length: k }, (__, c) => ((i * 3 + c * 5) % 11) / 8 - 0.5))
  const array = (flat: readonly number[]): V => vectors.fromArray(flat)
  const check = (what: string, vector: V, wanted: readonly number[]): void =>
    close(backend, vectors.toArray(vector), wanted, what)
  vectors.scope(() => {
    check('softmin', geometry.softmin(epsilon, array(q)), expected.softmin(epsilon, q))
    check('minimum', geometry.minimum(array(q.map((g) => Math.max(g, -9)))), expected.minimum(q.map((g) => Math.max(g, -9))))
    check('planCost', geometry.planCost(epsilon, array(p), array(q)), expected.planCost(epsilon, p, q))
    for (const k of [1, 3]) {
      const [u, v] = [values(n, k), values(m, k)]
      const [flatU, flatV] = [array(u.flat()), array(v.flat())]
      check(`planSum ${k}`, geometry.planSum(epsilon, array(p), array(q), flatV, k), expected.planSum(epsilon, p, q, v).flat())
      check(
        `planGradient ${k}`,
        geometry.planGradient(epsilon, array(p), array(q), flatU, flatV, k),
        expected.planGradient(epsilon, p, q, u, v).flat(),
      )
      check(`sum ${k}`, geometry.sum(flatV, k), expected.sum(v).flat())
      check(`sumGradient ${k}`, geometry.sumGradient(flatU, flatV, k), expected.sumGradient(u, v).flat())
    }
    return undefined
  })
  close(backend, geometry.entries(1, n - 1), expected.entries.slice(1).flat(), 'entries')
}

const compare = <V>(backend: Backend<V>, theCase: GeometryCase, x: Cloud, y: Cloud): void => {
  const tensors = [x, y].map((points) => tensorFrom<Tensor2D>(points.flat(), [points.length, points[0]?.length ?? 0]))
  const [tx, ty] = tensors as [Tensor2D, Tensor2D]
  const pairwise = theCase.pairwise(x, y)
  const geometry = backend.geometry(pairwise, tx, ty)
  expect([geometry.rows, geometry.columns, geometry.dimension]).toEqual([x.length, y.length, tx.shape[1]])
  checkAll(backend, geometry, theCase, x, y)
  checkAll(backend, geometry.transpose(), transposedCase(theCase), y, x)
  geometry.dispose()
  dispose([tx, ty, ...(pairwise.tag === 'matrix' ? [pairwise.entries] : [])])
}

/** Two clouds that share a point. */
const clouds = (d: number): readonly [Cloud, Cloud] => {
  const x = cloud(1, 7, d)
  return [x, [...cloud(2, 4, d), ...x.slice(2, 3)]]
}

eachBackend('a geometry', (backend) => {
  for (const theCase of geometryCases)
    for (const d of dimensions)
      test(`of the ${theCase.name} in dimension ${d} is the sums that define it`, () => {
        const [x, y] = clouds(d)
        withoutLeaks(() => compare(backend(), theCase, x, y))
      })
})
