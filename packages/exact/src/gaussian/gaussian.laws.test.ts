import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buresDistance, empiricalGaussian, gaussianBarycenter, gaussianDistance, gaussianGeodesic, gaussianMap } from '../index.js'
import type { Gaussian } from '../index.js'

/** Symmetric matrices of eigenvalues from 1/4 on, of dimension `d`. */
const covariances = (d: number): fc.Arbitrary<number[][]> =>
  fc
    .array(fc.array(fc.integer({ min: -8, max: 8 }).map((eighths) => eighths / 8), { minLength: d, maxLength: d }), { minLength: d, maxLength: d })
    .map((rows) => rows.map((row, i) => rows.map((other, j) => row.reduce((sum, entry, k) => sum + entry * (other[k] ?? 0), i === j ? 0.25 : 0))))

const vectors = (d: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -16, max: 16 }).map((quarters) => quarters / 4), { minLength: d, maxLength: d })

const laws = (count: number): fc.Arbitrary<Gaussian[]> =>
  fc.integer({ min: 1, max: 3 }).chain((d) =>
    fc.array(fc.record({ mean: vectors(d), covariance: covariances(d) }), { minLength: count, maxLength: count }),
  )

const close = (found: number, expected: number, allowed = 1e-7) => {
  expect(Math.abs(found - expected), `${found} for ${expected}`).toBeLessThanOrEqual(allowed * (1 + Math.abs(expected)))
}

const allClose = (found: readonly (readonly number[])[], expected: readonly (readonly number[])[], allowed = 1e-7) => {
  found.flat().forEach((entry, index) => {
    close(entry, expected.flat()[index] ?? NaN, allowed)
  })
}

describe('the distance of normal laws', () => {
  test('is a metric', () => {
    fc.assert(
      fc.property(laws(3), ([one, two, three]) => {
        const there = gaussianDistance(one, two)
        close(gaussianDistance(two, one), there)
        close(gaussianDistance(one, one), 0, 1e-6)
        expect(there).toBeLessThanOrEqual(gaussianDistance(one, three) + gaussianDistance(three, two) + 1e-6)
      }),
    )
  })

  test('is that of means and covariances together', () => {
    fc.assert(
      fc.property(laws(2), ([one, two]) => {
        const means = one.mean.reduce((sum, entry, k) => sum + (entry - two.mean[k]) ** 2, 0)
        close(gaussianDistance(one, two) ** 2, means + buresDistance(one.covariance, two.covariance) ** 2)
      }),
    )
  })
})

describe('the map between normal laws', () => {
  test('takes mean to mean and covariance to covariance, by a positive matrix', () => {
    fc.assert(
      fc.property(laws(2), ([one, two]) => {
        const { matrix, offset } = gaussianMap(one, two)
        const moved = matrix.map((row, i) => row.reduce((sum, entry, k) => sum + entry * one.mean[k], offset[i]))
        allClose([moved], [two.mean])
        const half = matrix.map((row) => one.covariance.map((_, j) => row.reduce((sum, entry, k) => sum + entry * one.covariance[k][j], 0)))
        allClose(half.map((row) => matrix.map((other) => row.reduce((sum, entry, k) => sum + entry * other[k], 0))), two.covariance)
        allClose(matrix, matrix.map((_, j) => matrix.map((row) => row[j])))
        matrix.forEach((row, i) => {
          expect(row[i]).toBeGreaterThan(0)
        })
      }),
    )
  })

  test('is followed at constant speed', () => {
    fc.assert(
      fc.property(laws(2), fc.nat({ max: 8 }), ([one, two], eighths) => {
        const at = gaussianGeodesic(one, two)
        close(gaussianDistance(one, at(eighths / 8)), (eighths / 8) * gaussianDistance(one, two), 1e-6)
      }),
    )
  })
})

describe('the barycenter of normal laws', () => {
  test('of two is on the way between them, of one is itself', () => {
    fc.assert(
      fc.property(laws(2), fc.integer({ min: 1, max: 7 }), ([one, two], eighths) => {
        const t = eighths / 8
        const middle = gaussianBarycenter({ laws: [one, two], weights: [1 - t, t] })
        const between = gaussianGeodesic(one, two)(t)
        allClose([middle.mean, ...middle.covariance], [between.mean, ...between.covariance], 1e-5)
        const alone = gaussianBarycenter({ laws: [one] })
        allClose([alone.mean, ...alone.covariance], [one.mean, ...one.covariance], 1e-6)
      }),
    )
  })
})

describe('the normal law of a sample', () => {
  test('has its moments, and moves with it', () => {
    const samples = fc.integer({ min: 1, max: 3 }).chain((d) => fc.tuple(fc.array(vectors(d), { minLength: 2, maxLength: 8 }), vectors(d)))
    fc.assert(
      fc.property(samples, ([x, shift]) => {
        const { mean, covariance } = empiricalGaussian({ x })
        allClose([mean], [shift.map((_, axis) => x.reduce((sum, point) => sum + point[axis] / x.length, 0))])
        const moved = empiricalGaussian({ x: x.map((point) => point.map((entry, axis) => entry + shift[axis])) })
        allClose([moved.mean], [mean.map((entry, axis) => entry + shift[axis])])
        allClose(moved.covariance, covariance)
      }),
    )
  })
})
