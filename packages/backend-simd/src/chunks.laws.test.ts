import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../../../tooling/testing/src/index.ts'
import { columnChunkRows, sumChunks } from './both.js'
import { group } from './layout.js'
import { chunkRows } from './machine.js'

const size = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 2 ** 20 }))

test('a chunk is the fewest whole groups of rows with enough entries, of which there are not too many', () => {
  fc.assert(
    fc.property(size, size, fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 2 ** 20 }), (rows, columns, most, least) => {
      const chunk = chunkRows(rows, columns, most, least)
      const does = (count: number): boolean => count * columns >= least && count * most >= rows
      expect(chunk % group).toBe(0)
      expect(does(chunk)).toBe(true)
      expect(chunk === group || !does(chunk - group)).toBe(true)
    }),
    { numRuns: runs(100) },
  )
})

test('unless it is said otherwise a chunk has 65,536 entries, and there are at most 3072', () => {
  expect([chunkRows(1000, 1024), chunkRows(1000, 1025), chunkRows(1, 2 ** 20), chunkRows(0, 0)]).toEqual([64, 64, 4, 65536])
  expect([chunkRows(4 * 3072, 2 ** 20), chunkRows(4 * 3072 + 1, 2 ** 20)]).toEqual([4, 8])
})

test('sums by columns have a chunk for each 262,144 entries, and sixteen at most', () => {
  const chunks = (rows: number, columns: number): number => Math.ceil(rows / columnChunkRows(rows, columns))
  expect([chunks(256, 1024), chunks(512, 1024), chunks(1024, 1024), chunks(4096, 1024), chunks(40960, 1024), chunks(3, 2)]).toEqual([1, 2, 4, 16, 16, 1])
})

test('the sums of chunks are added up where there are columns', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 5 }), (chunks, columns, more) => {
      const stride = columns + more
      const sums = Float64Array.from({ length: chunks * stride }, (_, k) => k)
      const wanted = Array.from({ length: columns }, (_, j) => Array.from({ length: chunks }, (__, chunk) => chunk * stride + j).reduce((u, v) => u + v, 0))
      const found = sumChunks(sums, chunks, stride, columns)
      expect(Array.from(found)).toEqual(wanted)
      found[0] = -1
      expect(sums[0]).toBe(0)
    }),
    { numRuns: runs(100) },
  )
})
