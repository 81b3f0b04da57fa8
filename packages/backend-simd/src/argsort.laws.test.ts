import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { isMongeError } from '@monge/errors'
import { runs } from '../../../tooling/testing/src/index.ts'
import { simdBackend } from './index.ts'
import type { SimdBackend } from './index.ts'

let backend: SimdBackend

beforeAll(async () => {
  backend = await simdBackend({ threads: 2 })
})

const numbers = fc.oneof(
  fc.float({ noNaN: true }),
  fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity, Math.fround(1e-45), -Math.fround(1e-45)),
  fc.integer({ min: -3, max: 3 }),
)

const tables = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 30 }))
  .chain(([columns, rows]) =>
    fc.record({ columns: fc.constant(columns), rows: fc.array(fc.array(numbers, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }) }),
  )

describe('argsort of rows', () => {
  test('is the stable sort of each', () => {
    fc.assert(
      fc.property(tables, ({ columns, rows }) => {
        const wanted = rows.map((row) => row.map((_, j) => j).toSorted((i, j) => (row[i] < row[j] ? -1 : row[i] > row[j] ? 1 : i - j)))
        expect(Array.from(backend.argsortRows(rows.flat(), columns))).toEqual(wanted.flat())
      }),
      { numRuns: runs(200) },
    )
  })

  test('refuses what is not whole rows', () => {
    const attempt = (): unknown => {
      try {
        return backend.argsortRows([1, 2, 3], 2)
      } catch (error) {
        return isMongeError(error) && error.tag
      }
    }
    expect(attempt()).toBe('InvalidArgument')
  })
})
