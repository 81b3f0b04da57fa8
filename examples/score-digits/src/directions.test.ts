import { key, normal } from '@monge/random'
import { describe, expect, test } from 'vitest'
import { codeOf, directionsOf, pictureOf } from './directions.js'

/** Points that spread by 3, 2 and 0.1 along three axes that are not those of the coordinates. */
const points = (): readonly Float64Array[] => {
  const xi = normal(3 * 400)(key(1))
  const [c, s] = [Math.cos(0.5), Math.sin(0.5)]
  return Array.from({ length: 400 }, (_, row) => {
    const [x = 0, y = 0, z = 0] = xi.subarray(3 * row)
    return Float64Array.of(1 + 3 * c * x - 2 * s * y, 3 * s * x + 2 * c * y, 0.1 * z - 2)
  })
}

describe('principal directions', () => {
  test('are where points differ most', () => {
    const { mean, axes, deviations } = directionsOf(points(), 2)
    expect(Math.abs((mean[2] ?? 0) + 2)).toBeLessThan(0.05)
    const [first, second] = axes
    expect(Math.abs((first?.[0] ?? 0) * Math.cos(0.5) + (first?.[1] ?? 0) * Math.sin(0.5))).toBeGreaterThan(0.98)
    expect(Math.abs(second?.[2] ?? 1)).toBeLessThan(0.05)
    expect(Math.abs((deviations[0] ?? 0) - 3)).toBeLessThan(0.3)
    expect(Math.abs((deviations[1] ?? 0) - 2)).toBeLessThan(0.2)
  })

  test('give a point back but for what they do not see', () => {
    const all = points()
    const directions = directionsOf(all, 2)
    for (const point of all.slice(0, 20)) {
      const back = pictureOf(directions)(codeOf(directions)(point))
      expect(Math.hypot(...back.map((x, i) => x - (point[i] ?? 0)))).toBeLessThan(0.5)
    }
  })

  test('codes have mean zero and the identity for their covariance', () => {
    const all = points()
    const codes = all.map(codeOf(directionsOf(all, 3)))
    const meanOf = (of: (code: Float64Array) => number): number => codes.reduce((sum, code) => sum + of(code), 0) / codes.length
    for (const i of [0, 1, 2]) {
      expect(meanOf((code) => code[i] ?? 0)).toBeCloseTo(0, 10)
      for (const j of [0, 1, 2]) expect(meanOf((code) => (code[i] ?? 0) * (code[j] ?? 0))).toBeCloseTo(i === j ? 1 : 0, 1)
    }
  })
})
