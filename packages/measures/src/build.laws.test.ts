import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, runs, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import type { Measure } from './index.js'
import { describeMeasureError, dirac, disposeMeasure, fromArrays, fromDensity, fromHistogram, mass, measureOrThrow, toArrays, uniform } from './index.js'

const times = { numRuns: runs(100) }
const grey = fc.integer({ min: 1, max: 4 }).chain((width) =>
  fc.integer({ min: 1, max: 4 }).chain((height) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      levels: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: width * height, maxLength: width * height }).filter((all) => all.some((level) => level > 0 && level < 8)),
    }),
  ),
)

/** What is wrong with a measure that was accepted, over several lines; or `fine`. It is disposed of. */
const faultOf = (measure: Measure): string => {
  const { points, weights } = toArrays(measure)
  disposeMeasure(measure)
  const sound =
    points.length === weights.length &&
    (points[0]?.length ?? 0) > 0 &&
    [...points.flat(), ...weights].every(Number.isFinite) &&
    weights.every((weight) => weight >= 0) &&
    weights.some((weight) => weight > 0)
  return sound ? 'fine' : `accepted\n${JSON.stringify({ points, weights })}`
}

eachBackend('measures of other data', (backend) => {
  const unit = () => tolerance(backend(), { float64: 1e-14, float32: 1e-6 })
  const read = (made: ReturnType<typeof dirac>) => {
    const measure = measureOrThrow(made)
    const found = { ...toArrays(measure), mass: mass(measure) }
    disposeMeasure(measure)
    return found
  }

  test('a point mass is one point of weight 1', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -64, max: 64 }), { minLength: 1, maxLength: 4 }), (point) => {
        expect(read(dirac(point, backend()))).toEqual({ points: [point], weights: [1], mass: 1 })
      }),
      times,
    )
  })

  test('a uniform measure has its points, in order, of equal weights and mass 1; the same from rows and from numbers', () => {
    const sixteenths = fc.integer({ min: -64, max: 64 }).map((entry) => entry / 16)
    const clouds = fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 4 }))
      .chain(([n, d]) => fc.array(fc.array(sixteenths, { minLength: d, maxLength: d }), { minLength: n, maxLength: n }))
    fc.assert(
      fc.property(clouds, (points) => {
        const found = read(uniform(points, backend()))
        expect(found.points).toEqual(points)
        for (const weight of found.weights) expect(Math.abs(weight - 1 / points.length)).toBeLessThanOrEqual(unit())
        expect(Math.abs(found.mass - 1)).toBeLessThanOrEqual(unit() * points.length)
        expect(read(uniform({ data: points.flat(), shape: [points.length, points[0]?.length ?? 0] }, backend()))).toEqual(found)
      }),
      times,
    )
  })

  test('a picture has its levels for weights, inside of the unit square; its negative has the others', () => {
    fc.assert(
      fc.property(grey, ({ width, height, levels }) => {
        const picture = { data: levels, width, height, white: 8, normalise: false } as const
        const bright = read(fromDensity(picture, backend()))
        const dark = read(fromDensity({ ...picture, mass: 'darkness' }, backend()))
        expect(Math.abs(bright.mass + dark.mass - width * height)).toBeLessThanOrEqual(20 * unit())
        expect(bright.points).toHaveLength(levels.filter((level) => level > 0).length)
        expect([...bright.points, ...dark.points].flat().every((entry) => entry > 0 && entry < 1)).toBe(true)
        expect(Math.abs(read(fromDensity({ ...picture, normalise: true }, backend())).mass - 1)).toBeLessThanOrEqual(4 * unit())
        // Mirrored, the points are: y to h - y.
        const rows = Array.from({ length: height }, (_, row) => levels.slice(row * width, (row + 1) * width)).toReversed()
        const flipped = read(fromDensity({ ...picture, data: rows.flat() }, backend()))
        const key = ([x = 0, y = 0]: readonly number[]) => `${x.toFixed(4)} ${y.toFixed(4)}`
        const top = height / Math.max(width, height)
        expect(flipped.points.map(key).toSorted()).toEqual(bright.points.map(([x = 0, y = 0]) => key([x, top - y])).toSorted())
      }),
      times,
    )
  })

  test('a histogram has its counts at the middles of its bins, equal or given', () => {
    const histograms = fc.record({
      counts: fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 6 }).filter((counts) => counts.some((count) => count > 0)),
      low: fc.integer({ min: -8, max: 8 }),
      width: fc.integer({ min: 1, max: 8 }),
    })
    fc.assert(
      fc.property(histograms, ({ counts, low, width }) => {
        const n = counts.length
        const [equal, given] = [
          { counts, low, high: low + n * width },
          { counts, edges: Array.from({ length: n + 1 }, (_, k) => low + k * width) },
        ].map((histogram) => read(fromHistogram({ ...histogram, normalise: false }, backend())))
        expect(equal?.weights).toEqual(counts)
        equal?.points.forEach(([x = NaN], k) => {
          expect(Math.abs(x - (low + (k + 0.5) * width))).toBeLessThanOrEqual(100 * unit())
          expect(Math.abs(x - (given?.points[k]?.[0] ?? NaN))).toBeLessThanOrEqual(100 * unit())
        })
      }),
      times,
    )
  })

  test('anything else is refused in words, and leaves nothing behind', () => {
    const wild = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(NaN, Infinity, -1, 1e300))
    fc.assert(
      fc.property(fc.array(fc.array(wild, { maxLength: 3 }), { maxLength: 4 }), fc.array(wild, { maxLength: 4 }), (points, weights) => {
        withoutLeaks(() => {
          const made = fromArrays(points, weights, backend())
          expect(made._tag === 'Left' ? describeMeasureError(made.left) : faultOf(made.right)).toMatch(/^[^\n]{4,200}$/)
        })
      }),
      times,
    )
  })
})
