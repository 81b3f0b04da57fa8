import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow, toArrays } from '@monge/measures'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkLaws, divergenceLaws, eachBackend, metricLaws, pairArbitrary, planLaws, runs, tolerance } from '../../../../tooling/testing/src/index.ts'
import { densePlan, displacement, emdLoss, transportBetween, wassersteinLoss } from '../index.js'

eachBackend('exact transport', (backend) => {
  const lately =
    (make: () => Loss): Loss =>
    (mu, nu) =>
      make()(mu, nu)
  const parameters = { numRuns: runs(100) }
  const claims = { translationInvariant: true, rigidInvariant: true, clouds: { settings: ['near', 'tiny', 'huge'], maxPoints: 6 } } as const
  // Equal masses are equal up to the rounding of weights; a p-th root magnifies what is left of a cost.
  const rooted = (p: number) => ({ ...claims, homogeneous: 1, accuracy: p === 1 ? 1e-5 : 2e-3 })

  describe.each([1, 2, 3])('the distance of order %i is a metric', (p) => {
    checkLaws(metricLaws(lately(() => wassersteinLoss({ p })(backend())), rooted(p)), { test, parameters })
  })

  describe('the cost is a divergence, convex in each measure', () => {
    const cost = lately(() => emdLoss({ p: 2 })(backend()))
    checkLaws(divergenceLaws(cost, { ...claims, homogeneous: 2, convexInFirst: true, accuracy: 1e-5 }), { test, parameters })
  })

  describe('the plan', () => {
    const plan = (p: number): Parameters<typeof planLaws>[0] => (mu, nu) => {
      const { plan: found } = transportBetween({ p })(backend())(mu, nu)
      const dense = densePlan(found)
      return Array.from({ length: found.shape[0] }, (_, i) => dense.subarray(i * found.shape[1], (i + 1) * found.shape[1]))
    }
    checkLaws(planLaws(plan(2), { sparse: true, accuracy: 1e-6 }), { test, parameters })
  })

  test('the geodesic starts and ends at the measures, and is as far on its way as its time says', () => {
    const near = { settings: ['near'], maxPoints: 5 } as const
    fc.assert(
      fc.property(pairArbitrary(near), fc.nat({ max: 8 }), ({ mu, nu }, eighths) => {
        const [from, to] = [mu, nu].map(({ points, weights }) => measureOrThrow(fromArrays(points, weights, backend())))
        const at = displacement({ p: 2 })(backend())(from, to)
        const [start, middle, end] = [at(0), at(eighths / 8), at(1)]
        const distance = (one: typeof from, other: typeof from): number => {
          const value = wassersteinLoss({ p: 2 })(backend())(one, other)
          const [found] = value.dataSync()
          value.dispose()
          return found
        }
        const allowed = tolerance(backend(), { float64: 1e-6, float32: 4e-3 })
        expect(distance(from, start)).toBeLessThanOrEqual(allowed)
        expect(distance(to, end)).toBeLessThanOrEqual(allowed)
        expect(Math.abs(distance(from, middle) - (eighths / 8) * distance(from, to))).toBeLessThanOrEqual(allowed)
        expect(toArrays(middle).weights.every((weight) => weight >= 0)).toBe(true)
        for (const measure of [from, to, start, middle, end]) disposeMeasure(measure)
      }),
      parameters,
    )
  })
})
