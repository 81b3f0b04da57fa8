import { expect, test } from 'vitest'
import { naturalLogarithm } from './logarithm.js'
import { lowerTailQuantile } from './normal-quantile.js'

// Quantiles by high-precision arithmetic.
test.each([
  [0.5, 0],
  [0.25, -0.6744897501960817],
  [0.075, -1.4395314709384563],
  [0.025, -1.959963984540054],
  [1e-3, -3.090232306167813],
  [1e-10, -6.361340902404056],
  [1e-16, -8.222082216130437],
  [1e-300, -37.0470964],
])('the quantile of %d', (tail, quantile) => {
  expect(lowerTailQuantile(tail)).toBeCloseTo(quantile, tail === 1e-300 ? 5 : 14)
})

test.each([0, -0.01, 0.6, 1, -Infinity, Infinity, Number.NaN])('there is no quantile of %d', (tail) => {
  expect(() => lowerTailQuantile(tail)).toThrow(expect.objectContaining({ tag: 'InvalidArgument', where: 'lowerTailQuantile' }))
})

test('the logarithm is within two units in the last place of the engine’s', () => {
  for (let step = 0; step < 2000; step++) {
    const value = 2 ** (-54 + step / 20) * (1 + ((step * 0.6180339887) % 1))
    expect(Math.abs(naturalLogarithm(value) - Math.log(value))).toBeLessThanOrEqual(
      2 ** -51 * Math.abs(Math.log(value)),
    )
  }
})

test('the logarithm of 1 is 0', () => {
  expect(naturalLogarithm(1)).toBe(0)
})
