import { expect, test } from 'vitest'
import { erf } from './erf.ts'

// Abramowitz & Stegun, Table 7.1, and the limits.
test.each([
  [0, 0],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [3, 0.9999779095030014],
  [7, 1],
  [Infinity, 1],
])('erf %d is %d, and odd', (x, expected) => {
  expect(Math.abs(erf(x) - expected)).toBeLessThan(5e-16)
  expect(erf(-x)).toBeCloseTo(-erf(x), 20)
})

test('erf of NaN is NaN', () => {
  expect(erf(NaN)).toBeNaN()
})
