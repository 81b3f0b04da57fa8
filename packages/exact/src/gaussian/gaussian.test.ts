import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectNear } from '../../testing/near.ts'
import { pot } from '../../fixtures/pot.ts'
import {
  buresDistance,
  empiricalGaussian,
  gaussianBarycenter,
  gaussianDistance,
  gaussianGeodesic,
  gaussianMap,
} from '../index.js'
import type { Gaussian } from '../index.js'

const { cases, singular, empirical, barycenter } = pot.gaussian

describe('Gaussians', () => {
  test.each(cases.map((each) => [each.ms.length, each] as const))('agree with POT in %s dimensions', (_, peer) => {
    const from = { mean: peer.ms, covariance: peer.Cs }
    const to = { mean: peer.mt, covariance: peer.Ct }
    expect(Math.abs(gaussianDistance(from, to) - peer.W2)).toBeLessThanOrEqual(1e-9)
    expect(Math.abs(buresDistance(peer.Cs, peer.Ct) - peer.bures)).toBeLessThanOrEqual(1e-9)
    const map = gaussianMap(from, to)
    expectNear(map.matrix.flat(), peer.map_A.flat())
    expectNear(map.offset, peer.map_b)
  })

  test('that are singular have a distance', () => {
    const { ms, mt, Cs, Ct, W2 } = singular
    expect(Math.abs(gaussianDistance({ mean: ms, covariance: Cs }, { mean: mt, covariance: Ct }) - W2)).toBeLessThanOrEqual(1e-9)
  })

  test('that are fitted to samples agree with POT', () => {
    const fit = (x: readonly (readonly number[])[]) => empiricalGaussian({ x, regularisation: empirical.reg })
    expect(Math.abs(gaussianDistance(fit(empirical.x), fit(empirical.y)) - empirical.W2)).toBeLessThanOrEqual(1e-9)
  })

  test("have POT's barycenter", () => {
    const laws = barycenter.means.map((mean, k) => ({ mean, covariance: barycenter.covs[k] }))
    const found = gaussianBarycenter({ laws, weights: barycenter.weights })
    expectNear(found.mean, barycenter.mean)
    expectNear(found.covariance.flat(), barycenter.cov.flat(), 1e-7)
  })

  const entry = fc.integer({ min: -20, max: 20 }).map((value) => value / 10)
  const gaussian = (d: number): fc.Arbitrary<Gaussian> =>
    fc
      .tuple(fc.array(entry, { minLength: d, maxLength: d }), fc.array(entry, { minLength: d * d, maxLength: d * d }))
      .map(([mean, factor]) => ({
        mean,
        covariance: mean.map((_, i) =>
          mean.map((__, j) => mean.reduce((sum, ___, k) => sum + factor[i * d + k] * factor[j * d + k], 0)),
        ),
      }))

  test('run along their geodesic at constant speed, from end to end', () => {
    fc.assert(
      fc.property(gaussian(3), gaussian(3), (from, to) => {
        const at = gaussianGeodesic(from, to)
        const whole = gaussianDistance(from, to)
        expect(gaussianDistance(at(0), from)).toBeLessThanOrEqual(1e-6)
        expect(gaussianDistance(at(1), to)).toBeLessThanOrEqual(1e-6)
        expect(Math.abs(gaussianDistance(at(0.25), at(0.75)) - whole / 2)).toBeLessThanOrEqual(1e-6)
      }),
    )
  })

  test('are no distance apart from themselves', () => {
    fc.assert(
      fc.property(gaussian(2), (law) => {
        expect(gaussianDistance(law, law)).toBeLessThanOrEqual(1e-12)
      }),
    )
  })

  test('obey the triangle inequality', () => {
    fc.assert(
      fc.property(gaussian(2), gaussian(2), gaussian(2), (one, two, three) => {
        const [direct, first, second] = [gaussianDistance(one, three), gaussianDistance(one, two), gaussianDistance(two, three)]
        expect(direct).toBeLessThanOrEqual(first + second + 1e-9)
      }),
    )
  })

  test('refuse a covariance that is none', () => {
    const law = { mean: [0, 0], covariance: [[1, 0], [0, 1]] }
    expect(() => gaussianDistance(law, { mean: [0, 0], covariance: [[1, 2], [0, 1]] })).toThrow(/not symmetric/)
    expect(() => gaussianDistance(law, { mean: [0, 0], covariance: [[1, 2], [2, 1]] })).toThrow(/negative eigenvalue/)
    expect(() => gaussianDistance(law, { mean: [0], covariance: [[1]] })).toThrow(/dimensions/)
  })

  test('may be points, and have a covariance that is symmetric within rounding', () => {
    const point = { mean: [3, 4], covariance: [[0, 0], [0, 0]] }
    const law = { mean: [0, 0], covariance: [[1, 1e-12], [0, 1]] }
    expect(gaussianDistance(point, law)).toBeCloseTo(Math.sqrt(25 + 2), 9)
    expect(gaussianDistance(point, point)).toBe(0)
  })
})
