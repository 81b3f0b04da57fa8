import { expect, test } from 'vitest'
import { squaredSteinDiscrepancy } from './index.js'

/** `k s s' + s ∂'k + s' ∂k + ∂∂'k` on a line, by differences of the kernel. */
const pairTerm = (k: (x: number, y: number) => number, x: number, y: number, s: number, t: number): number => {
  const h = 1e-3
  const inX = (k(x + h, y) - k(x - h, y)) / (2 * h)
  const inY = (k(x, y + h) - k(x, y - h)) / (2 * h)
  const inBoth = (k(x + h, y + h) - k(x + h, y - h) - k(x - h, y + h) + k(x - h, y - h)) / (4 * h * h)
  return k(x, y) * s * t + s * inY + t * inX + inBoth
}

const kernels = {
  gaussian: (x: number, y: number) => Math.exp(-((x - y) ** 2) / (2 * 1.5 ** 2)),
  'inverse-multiquadric': (x: number, y: number) => (1 + (x - y) ** 2 / 1.5 ** 2) ** -0.5,
}

test.each(['gaussian', 'inverse-multiquadric'] as const)('the discrepancy by the %s kernel is its definition', (kernel) => {
  const [points, scores] = [[-0.3, 0.5, 2], [0.3, -0.7, -1]]
  const k = kernels[kernel]
  let [all, apart] = [0, 0]
  points.forEach((x, i) =>
    points.forEach((y, j) => {
      const term = pairTerm(k, x, y, scores[i] ?? NaN, scores[j] ?? NaN)
      all += term / 9
      if (i !== j) apart += term / 6
    }),
  )
  const scored = { points, scores, dimension: 1 }
  expect(squaredSteinDiscrepancy({ kernel, scale: 1.5 })(scored)).toBeCloseTo(all, 5)
  expect(squaredSteinDiscrepancy({ kernel, scale: 1.5, statistic: 'u' })(scored)).toBeCloseTo(apart, 5)
})
