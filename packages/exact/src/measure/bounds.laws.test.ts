import { tensorFrom } from '@monge/backend'
import type { Measure } from '@monge/measures'
import { solve } from '@monge/sinkhorn'
import { dispose } from '@tensorflow/tfjs-core'
import type { TensorContainer } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, runs } from '../../../../tooling/testing/src/index.ts'
import { clouds } from '../../testing/arbitraries.ts'
import type { Cloud } from '../../testing/arbitraries.ts'
import { emdSamples } from '../index.js'

eachBackend("Sinkhorn's certificate", (backend) => {
  test('encloses the exact cost', () => {
    const measure = ({ x, a }: Cloud): Measure =>
      backend().within(() => ({ weights: tensorFrom(a, [a.length]), points: tensorFrom(x.flat(), [x.length, 2]) }))
    fc.assert(
      fc.property(clouds(2), clouds(2), fc.constantFrom(1, 2), fc.constantFrom(0.3, 1), (one, two, p, blur) => {
        const [mu, nu] = [measure(one), measure(two)]
        const { lower, upper, f, g } = solve({ p, blur, tolerance: 1e-3 })(backend())(mu, nu)
        // Sinkhorn's p = 2 has half the squared distance for its cost.
        const exact = emdSamples({ x: one.x, a: one.a, y: two.x, b: two.a, p }).cost / p
        expect(lower).toBeLessThanOrEqual(exact * (1 + 1e-5) + 1e-5)
        expect(upper).toBeGreaterThanOrEqual(exact * (1 - 1e-5) - 1e-5)
        dispose({ mu, nu, f, g } as unknown as TensorContainer)
      }),
      { numRuns: runs(100) },
    )
  })
})
