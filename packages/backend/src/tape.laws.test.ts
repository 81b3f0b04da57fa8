import { grad, keep, memory, mul, square, sum, tidy } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { fc } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { eachBackend, runs, tolerance } from '../../../tooling/testing/src/index.ts'
import { constant, currentPrecision, differentiate, tensorFrom, untaped } from './index.js'

const entries = fc.array(fc.integer({ min: -16, max: 16 }).map((quarters) => quarters / 4), { minLength: 1, maxLength: 6 })

eachBackend('the tape', (backend) => {
  const allowed = () => tolerance(backend(), { float64: 1e-13, float32: 1e-5 })
  const close = (found: ArrayLike<number>, expected: readonly number[]) => {
    expect(found).toHaveLength(expected.length)
    Array.from(found).forEach((entry, index) => {
      expect(Math.abs(entry - (expected[index] ?? NaN))).toBeLessThanOrEqual(allowed() * (1 + Math.abs(expected[index] ?? 0)))
    })
  }

  test('numbers have the precision of the place', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        tidy(() => {
          expect(currentPrecision()).toBe(backend().precision)
          const kept = backend().precision === 'float64' ? value : Math.fround(value)
          expect(constant(value).dataSync()[0]).toBe(kept)
          expect(tensorFrom([value], [1]).dataSync()[0]).toBe(kept)
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test('derivatives are those of the formula, on their own, inside of untaped work, and inside of another derivative', () => {
    fc.assert(
      fc.property(entries, entries, (x, u) => {
        const upstream = x.map((_, index) => u[index % u.length] ?? 0)
        const slopes = x.map((entry, index) => 3 * entry * entry * (upstream[index] ?? 0))
        // A polynomial: GPUs round sines to some four digits.
        const of = (at: Tensor1D): Tensor => differentiate((z: Tensor1D) => mul(z, square(z)), at, tensorFrom(upstream, [x.length]))
        const before = memory().numTensors
        tidy(() => {
          const at = tensorFrom<Tensor1D>(x, [x.length])
          close(of(at).dataSync(), slopes)
          close(untaped(() => of(at)).dataSync(), slopes)
          // The outer derivative does not see the inner one's work: of z * stop(f'(z)) it is f'(z) alone.
          close(grad((z) => sum(mul(z, untaped(() => of(z as Tensor1D)))))(at).dataSync(), slopes)
        })
        expect(memory().numTensors).toBe(before)
      }),
      { numRuns: runs(100) },
    )
  })

  test('untaped work returns anything, keeps what is kept, and leaves nothing else', () => {
    fc.assert(
      fc.property(entries, (x) => {
        const before = memory().numTensors
        const at = tensorFrom<Tensor1D>(x, [x.length])
        const found = untaped(() => {
          const kept = keep(square(at))
          return { kept, total: sum(kept).dataSync()[0] }
        })
        close([found.total ?? NaN], [x.reduce((total, entry) => total + entry * entry, 0)])
        expect(memory().numTensors).toBe(before + 2)
        found.kept.dispose()
        at.dispose()
      }),
      { numRuns: runs(100) },
    )
  })
})
