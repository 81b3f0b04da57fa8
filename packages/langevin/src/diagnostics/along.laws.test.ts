import { tensorFrom } from '@monge/backend'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { abs, mul, sub, sum } from '@tensorflow/tfjs-core'
import type { Tensor1D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cloudArbitrary, eachBackend, runs, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { lossAlong, scoredBy } from './index.js'

eachBackend('along a run', (backend) => {
  test('a loss is told of every so many states, from the first on, and no state is asked for before its turn', () => {
    const options = fc.record({ length: fc.nat({ max: 6 }), every: fc.integer({ min: 1, max: 4 }), takes: fc.nat({ max: 7 }) })
    fc.assert(
      fc.property(options, ({ length, every, takes }) => {
        withoutLeaks(() => {
          const at = (place: number) => measureOrThrow(fromArrays([[place]], undefined, backend()))
          const reference = at(0)
          let asked = 0
          const states = {
            *[Symbol.iterator]() {
              for (let iteration = 0; iteration < length; iteration++) {
                asked++
                const measure = at(iteration / 4)
                try {
                  yield { iteration, measure }
                } finally {
                  disposeMeasure(measure)
                }
              }
            },
          }
          const found: (readonly [number, number])[] = []
          const askedThen: number[] = []
          const told = lossAlong((mu, nu) => sum(abs(sub(mu.points, nu.points))), { every })(reference)(states)
          expect(asked).toBe(0)
          if (takes > 0)
            for (const { iteration, value } of told) {
              found.push([iteration, value])
              askedThen.push(asked)
              if (found.length === takes) break
            }
          const expected = Array.from({ length }, (_, iteration) => [iteration, iteration / 4] as const)
          expect(askedThen).toEqual(found.map(([iteration]) => iteration + 1))
          expect(found).toEqual(expected.filter(([iteration]) => iteration % every === 0).slice(0, takes))
          return [reference.points, reference.weights]
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test('scores are minus the slopes of a quadratic potential, at points of any weight', () => {
    fc.assert(
      fc.property(cloudArbitrary({ dimension: 2, settings: ['near'] }), fc.tuple(fc.nat({ max: 8 }), fc.nat({ max: 8 })), (cloud, rates) => {
        withoutLeaks(() => {
          const measure = measureOrThrow(fromArrays(cloud.points, cloud.weights, backend()))
          const rate = tensorFrom<Tensor1D>(rates, [2])
          const { points, scores, dimension } = scoredBy({ place: backend(), gradient: (x) => mul(x, rate) })(measure)
          expect(dimension).toBe(2)
          expect(Array.from(points)).toEqual(cloud.points.flat())
          const unit = tolerance(backend(), { float64: 1e-15, float32: 1e-6 })
          cloud.points.flat().forEach((x, index) => {
            const slope = x * (rates[index % 2] ?? NaN)
            expect(Math.abs((scores[index] ?? NaN) + slope)).toBeLessThanOrEqual(unit * Math.abs(slope))
          })
          return [measure.points, measure.weights, rate]
        })
      }),
      { numRuns: runs(100) },
    )
  })
})
