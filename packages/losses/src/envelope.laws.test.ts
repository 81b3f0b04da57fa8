import { constant } from '@monge/backend'
import { isMongeError } from '@monge/errors'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { add, dispose, expandDims, mul, onesLike, square, sum, tidy } from '@tensorflow/tfjs-core'
import type { Scalar } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkLaws, eachBackend, gradientLaws, pairArbitrary, runs, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { envelopeTerm, lossAt, requireSameDimension, valueAndGradient } from './index.js'
import type { Loss } from './index.js'

eachBackend('envelope terms', (backend) => {
  /** The second moment `sum_i a_i |x_i|²`, with its gradients by hand, times a factor on the way. */
  const moment = (measure: Measure): Scalar =>
    envelopeTerm({
      place: backend(),
      measure,
      value: () => sum(mul(measure.weights, sum(square(measure.points), 1))),
      saved: [onesLike(measure.weights)],
      gradient: ({ weights, points }, [ones]) => ({
        weights: mul(ones as typeof weights, sum(square(points), 1)),
        points: mul(mul(points, expandDims(weights, 1)), constant(2)),
      }),
    })
  const loss: Loss = (mu, nu) => lossAt(backend(), (one, other) => tidy(() => add(moment(one), mul(moment(other), constant(3))) as Scalar))(mu, nu)

  describe('have the gradients that they are given', () => {
    checkLaws(gradientLaws(loss, { homogeneous: 2, clouds: { maxPoints: 5 } }), { test, parameters: { numRuns: runs(100) } })
  })

  test('pass on what is upstream, and leave no tensor behind', () => {
    fc.assert(
      fc.property(pairArbitrary({ settings: ['near'], maxPoints: 5 }), ({ mu }) => {
        withoutLeaks(() => {
          const measure = measureOrThrow(fromArrays(mu.points, mu.weights, backend()))
          const { value, mu: one, nu: other } = valueAndGradient(loss)(measure, measure)
          const [single, triple] = [one, other].map(({ points }) => Array.from(points.dataSync()))
          single?.forEach((slope, index) => {
            expect(Math.abs((triple?.[index] ?? NaN) - 3 * slope)).toBeLessThanOrEqual(1e-5 * (1 + Math.abs(slope)))
          })
          dispose([value, one.points, one.weights, other.points, other.weights])
          disposeMeasure(measure)
        })
      }),
      { numRuns: runs(100) },
    )
  })
})

eachBackend('dimensions', (backend) => {
  test('must agree', () => {
    const clouds = pairArbitrary({ settings: ['near'], maxPoints: 3, dimension: 3 })
    fc.assert(
      fc.property(clouds, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), ({ mu, nu }, d, e) => {
        const [one, other] = [
          fromArrays(mu.points.map((point) => point.slice(0, d)), mu.weights, backend()),
          fromArrays(nu.points.map((point) => point.slice(0, e)), nu.weights, backend()),
        ].map(measureOrThrow) as [Measure, Measure]
        const tag = (() => {
          try {
            requireSameDimension('here', one, other)
          } catch (error) {
            return isMongeError(error) ? `${error.tag} at ${error.where}` : 'untyped'
          }
          return 'none'
        })()
        expect(tag).toBe(d === e ? 'none' : 'DimensionMismatch at here')
        disposeMeasure(one)
        disposeMeasure(other)
      }),
      { numRuns: runs(100) },
    )
  })
})
