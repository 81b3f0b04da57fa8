import { toNumber } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { key } from '@monge/random'
import { tensorFrom } from '@monge/backend'
import { matMul } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkLaws, eachBackend, pairArbitrary, planLaws, runs, tolerance } from '../../../tooling/testing/src/index.ts'
import type { CloudPair } from '../../../tooling/testing/src/index.ts'
import { farthestDirection, generalisedSliced, maxSliced, slicedPlan, slicedWasserstein } from './index.js'

eachBackend('sliced plans', (backend) => {
  const planBetween = (plan: 'least' | 'mean') => (mu: Measure, nu: Measure) => {
    const { shape, rows, columns, masses } = slicedPlan({ key: key(3), count: 4, plan })(backend())(mu, nu)
    const dense = Array.from({ length: shape[0] }, () => new Float64Array(shape[1]))
    masses.forEach((mass, k) => {
      dense[rows[k]][columns[k]] += mass
    })
    return dense
  }
  describe.each([['least', true], ['mean', false]] as const)('of the %s', (kind, sparse) => {
    // Weights come in the backend's precision, whatever the plan is computed in.
    checkLaws(planLaws(planBetween(kind), { sparse, accuracy: 1e-6 }), { test, parameters: { numRuns: runs(100) } })
  })
})

eachBackend('slices', (backend) => {
  const between = ({ mu, nu }: CloudPair, body: (mu: Measure, nu: Measure) => void): void => {
    const [from, to] = [mu, nu].map(({ points, weights }) => measureOrThrow(fromArrays(points, weights, backend())))
    body(from, to)
    disposeMeasure(from)
    disposeMeasure(to)
  }
  const near = { settings: ['near'], maxPoints: 6, dimension: 2 } as const
  const allowed = () => tolerance(backend(), { float64: 1e-7, float32: 1e-3 })

  test('cost of a plan bounds the distance from above, and each slice from below', () => {
    fc.assert(
      fc.property(pairArbitrary(near), (pair) => {
        between(pair, (mu, nu) => {
          const options = { key: key(5), count: 4 }
          const cost = slicedPlan(options)(backend())(mu, nu).cost
          const slice = toNumber(maxSliced({ ...options, steps: 0 })(backend()))(mu, nu)
          expect(slice).toBeLessThanOrEqual(Math.sqrt(cost) + allowed())
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test('the farthest direction has norm 1, and its slice is the largest', () => {
    fc.assert(
      fc.property(pairArbitrary(near), (pair) => {
        between(pair, (mu, nu) => {
          const options = { key: key(5), count: 4, steps: 10 }
          const direction = farthestDirection(options)(backend())(mu, nu)
          expect(Math.abs(Math.hypot(...direction) - 1)).toBeLessThanOrEqual(1e-6)
          const along = toNumber(slicedWasserstein({ directions: [Array.from(direction)] })(backend()))(mu, nu)
          expect(Math.abs(along - toNumber(maxSliced(options)(backend()))(mu, nu))).toBeLessThanOrEqual(allowed())
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test('generalised by linear projections are the usual ones', () => {
    fc.assert(
      fc.property(pairArbitrary(near), fc.constantFrom(1, 2), (pair, p) => {
        between(pair, (mu, nu) => {
          const directions = [[1, 0], [0.6, 0.8], [0, 1]]
          const projections = (points: Tensor2D): Tensor2D => matMul(points, tensorFrom<Tensor2D>([1, 0.6, 0, 0, 0.8, 1], [2, 3]))
          const general = toNumber(generalisedSliced({ p, projections })(backend()))(mu, nu)
          expect(Math.abs(general - toNumber(slicedWasserstein({ p, directions })(backend()))(mu, nu))).toBeLessThanOrEqual(allowed())
        })
      }),
      { numRuns: runs(100) },
    )
  })
})
