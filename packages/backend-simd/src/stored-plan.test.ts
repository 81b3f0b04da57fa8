import { expect, test } from 'vitest'
import { dispose } from '@tensorflow/tfjs-core'
import type { Pairwise } from '@monge/backend'
import { cloud } from '../../../tooling/testing/src/geometry-cases.ts'
import { tensorOf } from '../../../tooling/testing/src/geometry-check.ts'
import { onBackends } from '../../../tooling/testing/src/index.ts'

const half: Pairwise = { tag: 'radial', profile: { tag: 'power', scale: 0.5, shift: 0, exponent: 1 } }

const ramp = (length: number, rate: number): Float64Array => Float64Array.from({ length }, (_, i) => Math.sin(1 + rate * i))

onBackends(['simd', 'simd64'])('sums over a plan', (backend) => {
  test.each([0.001, 0.5])('are the same, to the last bit, over one that is stored and one that is not, at epsilon %f', (epsilon) => {
    const [n, m] = [13, 530]
    const [x, y] = [cloud(3, n, 2), cloud(4, m, 2)].map((points) => backend().within(() => tensorOf(points)))
    const geometry = backend().geometry(half, x, y)
    // Sums of two vectors at once are not over a stored plan.
    const twice = (v: Float64Array): Float64Array => Float64Array.from({ length: 2 * v.length }, (_, k) => v[k >> 1] ?? NaN)
    const numbers = (vector: unknown): Float64Array => Float64Array.from(backend().vectors.toArray(vector))
    const compare = (way: typeof geometry, p: Float64Array, q: Float64Array): void => {
      for (const rate of [0.3, 0.7]) {
        const v = ramp(q.length, rate)
        expect(twice(numbers(way.planSum(epsilon, p, q, v, 1)))).toEqual(numbers(way.planSum(epsilon, p, q, twice(v), 2)))
      }
    }
    const [p, q] = [ramp(n, 0.2), ramp(m, 0.4)]
    compare(geometry, p, q)
    compare(geometry.transpose(), q, p)
    compare(geometry, p, ramp(m, 0.5))
    // Who changes a vector in place is not answered for what it was.
    p.set([2], 3)
    compare(geometry, p, q)
    geometry.dispose()
    dispose([x, y])
  })
})
