import { fc } from '@fast-check/vitest'
import { div, expandDims, mul, sqrt, square, sub, sum, tidy } from '@tensorflow/tfjs-core'
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachImplementation, runs, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { tensorFrom } from '../index.js'
import { slopesApart } from './slopes-apart.js'

// Few places for many points, so that most of them coincide with others, in their own cloud and in the other.
const place = fc.constantFrom(-1, -0, 0, 1)
const weight = fc.integer({ min: -8, max: 8 }).map((entry) => entry / 4)
const problems = fc
  .record({ n: fc.integer({ min: 1, max: 7 }), m: fc.integer({ min: 1, max: 9 }), d: fc.integer({ min: 1, max: 3 }) })
  .chain(({ n, m, d }) =>
    fc.record({
      n: fc.constant(n),
      m: fc.constant(m),
      d: fc.constant(d),
      x: fc.array(place, { minLength: n * d, maxLength: n * d }),
      y: fc.array(place, { minLength: m * d, maxLength: m * d }),
      weights: fc.array(weight, { minLength: n * m, maxLength: n * m }),
    }),
  )

/** `sum_j w_ij (x_i - y_j) / |x_i - y_j|`, as tfjs has it: zero by zero where the points coincide. */
const slopesOf = (x: Tensor2D, y: Tensor2D, weights: Tensor2D): Tensor2D => {
  const apart: Tensor3D = sub(expandDims(x, 1), expandDims(y, 0))
  const distances = sqrt(sum(square(apart), 2, true))
  return sum(mul(div(apart, distances), expandDims(weights, 2)), 1)
}

eachImplementation('slopes that are infinite where points coincide', (backend) => {
  test('are summed over the points that do not', () => {
    fc.assert(
      fc.property(problems, ({ n, m, d, x, y, weights }) => {
        withoutLeaks(() => {
          const expected: number[] = []
          const given: number[] = []
          for (let i = 0; i < n; i++)
            for (let k = 0; k < d; k++) {
              let [total, spoilt] = [0, false]
              for (let j = 0; j < m; j++) {
                const apart = Array.from({ length: d }, (_, axis) => (x[i * d + axis] ?? NaN) - (y[j * d + axis] ?? NaN))
                const distance = Math.hypot(...apart)
                if (distance === 0) spoilt = true
                else total += ((weights[i * m + j] ?? NaN) * (apart[k] ?? NaN)) / distance
              }
              expected.push(total)
              given.push(spoilt ? NaN : total)
            }
          const found = tidy(() =>
            slopesApart(slopesOf, tensorFrom(x, [n, d]), tensorFrom(y, [m, d]), tensorFrom(weights, [n, m]), given),
          )
          const allowed = tolerance(backend(), { float64: 1e-13, float32: 2e-5 })
          expect(found.shape).toEqual([n, d])
          const worst = Math.max(...expected.map((slope, index) => Math.abs(slope - (found.dataSync()[index] ?? NaN))))
          expect(worst).toBeLessThanOrEqual(allowed)
          return found
        })
      }),
      { numRuns: runs(100) },
    )
  })
})
