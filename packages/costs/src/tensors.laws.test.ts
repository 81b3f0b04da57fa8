import { tensorFrom } from '@monge/backend'
import { dispose, tidy } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { costArbitrary, eachBackend, pairArbitrary, runs, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { fromMatrix, matrix, pairwiseMatrix, scaled, scaledPairwise } from './index.js'

eachBackend('costs as matrices', (backend) => {
  const pairs = pairArbitrary({ settings: ['near'], maxPoints: 5 })
  const times = { numRuns: runs(100) }
  const pointsOf = (points: readonly (readonly number[])[]): Tensor2D => tensorFrom(points.flat(), [points.length, points[0]?.length ?? 0])
  const entriesOf = (made: Tensor2D): readonly number[] => Array.from(made.dataSync())
  const close = (found: readonly number[], expected: readonly number[]) => {
    const most = Math.max(...expected.map(Math.abs))
    const allowed = tolerance(backend(), { float64: 1e-13, float32: 1e-5 }) * most
    expect(found).toHaveLength(expected.length)
    found.forEach((entry, index) => {
      expect(Math.abs(entry - (expected[index] ?? NaN))).toBeLessThanOrEqual(allowed)
    })
  }

  test('are the same by the cost and by its function of two points, and scale with either', () => {
    fc.assert(
      fc.property(pairs, costArbitrary(), fc.integer({ min: -3, max: 3 }), ({ mu, nu }, cost, exponent) => {
        tidy(() => {
          const [x, y, factor] = [pointsOf(mu.points), pointsOf(nu.points), 3 ** exponent]
          const entries = entriesOf(matrix(cost)(x, y))
          close(entriesOf(pairwiseMatrix(cost.pairwise)(x, y)), entries)
          const more = entries.map((entry) => factor * entry)
          close(entriesOf(matrix(scaled(factor)(cost))(x, y)), more)
          close(entriesOf(pairwiseMatrix(scaledPairwise(factor, cost.pairwise))(x, y)), more)
        })
      }),
      times,
    )
  })

  test('given as a matrix are that matrix, whatever the points', () => {
    const given = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })).chain(([n, m]) =>
      fc.array(fc.array(fc.integer({ min: -32, max: 32 }).map((entry) => entry / 8), { minLength: m, maxLength: m }), { minLength: n, maxLength: n }),
    )
    fc.assert(
      fc.property(given, (rows) => {
        withoutLeaks(() => {
          const cost = fromMatrix(rows, backend())
          const square = rows.length === rows[0]?.length
          expect(cost.symmetric).toBe(square && rows.every((row, i) => row.every((entry, j) => entry === rows[j]?.[i])))
          const [x, y] = [rows.length, rows[0]?.length ?? 0].map((count) => pointsOf(Array.from({ length: count }, (_, index) => [index]))) as [Tensor2D, Tensor2D]
          const made = matrix(cost)(x, y)
          expect(entriesOf(made)).toEqual(rows.flat())
          dispose([x, y, made])
          if (cost.pairwise.tag === 'matrix') cost.pairwise.entries.dispose()
        })
      }),
      times,
    )
  })
})
