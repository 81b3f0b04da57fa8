import { emptyLogarithm, tensorFrom } from '@monge/backend'
import type { Backend, Geometry, Precision } from '@monge/backend'
import { dispose } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { cloud, oracle, transposedCase } from './geometry-cases.ts'
import type { GeometryCase } from './geometry-cases.ts'
import { tolerance } from './tolerance.ts'

type Cloud = readonly (readonly number[])[]

/** Two clouds of the same points for the same dimension, seven and five, one of them in both. */
export const sharingClouds = (d: number): readonly [Cloud, Cloud] => {
  const x = cloud(1, 7, d)
  return [x, [...cloud(2, 4, d), ...x.slice(2, 3)]]
}

/** Points as a tensor `[n, d]` at the current backend. */
export const tensorOf = (points: Cloud): Tensor2D => tensorFrom(points.flat(), [points.length, points[0]?.length ?? 0])

/**
 * Asserts that every reduction of a backend's geometry, and of its transpose, is the sum that defines it, for one value
 * a point and for three, with an empty weight on each side; and that it leaves no tensor behind.
 */
export const checkGeometry = <V>(backend: Backend<V>, theCase: GeometryCase, x: Cloud, y: Cloud, epsilon = 0.3): void =>
  backend.within(() => {
    const [from, to] = [tensorOf(x), tensorOf(y)]
    const pairwise = theCase.pairwise(x, y)
    const geometry = backend.geometry(pairwise, from, to)
    expect([geometry.rows, geometry.columns, geometry.dimension]).toEqual([x.length, y.length, from.shape[1]])
    checkReductions(backend, geometry, theCase, x, y, epsilon)
    checkReductions(backend, geometry.transpose(), transposedCase(theCase), y, x, epsilon)
    geometry.dispose()
    dispose([from, to, ...(pairwise.tag === 'matrix' ? [pairwise.entries] : [])])
  })

const checkReductions = <V>(
  backend: Backend<V>,
  geometry: Geometry<V>,
  theCase: GeometryCase,
  x: Cloud,
  y: Cloud,
  epsilon: number,
): void => {
  const { vectors } = backend
  const expected = oracle(theCase, x, y)
  const [n, m] = [x.length, y.length]
  // Quarters and eighths, which every number format holds exactly.
  const p = x.map((_, i) => (i === 1 ? emptyLogarithm : ((i * 5) % 7) / -4))
  const q = y.map((_, j) => (j === 2 ? emptyLogarithm : ((j * 3) % 5) / -4))
  const g = y.map((_, j) => ((j * 3) % 5) / 4)
  const values = (rows: number, k: number): Cloud =>
    Array.from({ length: rows }, (_, i) => Array.from({ length: k }, (__, c) => ((i * 3 + c * 5) % 11) / 8 - 0.5))
  // In many dimensions distances may be taken from a matrix product, with an error relative to the clouds' spread.
  const allowed = geometry.dimension > 16 ? { float64: 1e-10, float32: 3e-4 } : closeness
  const check = (what: string, vector: V, wanted: readonly number[]): void =>
    expectClose(backend, what, vectors.toArray(vector), wanted, allowed)
  vectors.scope(() => {
    const flat = (array: readonly number[]): V => vectors.fromArray(array)
    check('softmin', geometry.softmin(epsilon, flat(q)), expected.softmin(epsilon, q))
    const shifted = expected.softmin(
      epsilon,
      q.map((value) => value - 0.75),
    )
    check('softmin, shifted', geometry.softmin(epsilon, flat(q), 0.75), shifted)
    const both = geometry.softmins?.(epsilon, flat(p), flat(q), { p: 0.25, q: 0.75 })
    if (both !== undefined) check('softmins, shifted', both.f, shifted)
    check('minimum', geometry.minimum(flat(g)), expected.minimum(g))
    check('planCost', geometry.planCost(epsilon, flat(p), flat(q)), expected.planCost(epsilon, p, q))
    for (const k of [1, 3]) {
      const [u, v] = [values(n, k), values(m, k)]
      const [flatU, flatV] = [flat(u.flat()), flat(v.flat())]
      check(
        `planSum ${k}`,
        geometry.planSum(epsilon, flat(p), flat(q), flatV, k),
        expected.planSum(epsilon, p, q, v).flat(),
      )
      check(
        `planGradient ${k}`,
        geometry.planGradient(epsilon, flat(p), flat(q), flatU, flatV, k),
        expected.planGradient(epsilon, p, q, u, v).flat(),
      )
      check(`sum ${k}`, geometry.sum(flatV, k), expected.sum(v).flat())
      check(`sumGradient ${k}`, geometry.sumGradient(flatU, flatV, k), expected.sumGradient(u, v).flat())
    }
    return undefined
  })
  expectClose(backend, 'entries', geometry.entries(1, n - 1), expected.entries.slice(1).flat(), allowed)
}

const closeness: Readonly<Record<Precision, number>> = { float64: 1e-11, float32: 5e-5 }

/** Asserts that values agree, relative to the largest of them. */
export const expectClose = (
  backend: Pick<Backend, 'precision'>,
  what: string,
  actual: ArrayLike<number>,
  expected: readonly number[],
  allowed: Readonly<Record<Precision, number>> = closeness,
): void => {
  expect(actual.length, what).toBe(expected.length)
  const scale = Math.max(Number.MIN_VALUE, ...expected.map(Math.abs))
  const errors = expected.map((value, index) => Math.abs(value - (actual[index] ?? Number.NaN)) / scale)
  const worst = errors.reduce((highest, error) => (error <= highest ? highest : error), 0)
  expect(worst, what).toBeLessThan(tolerance(backend, allowed))
}
