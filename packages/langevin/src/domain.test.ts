import { key, normal } from '@monge/random'
import { expect, test } from 'vitest'
import { ball, box } from './index.js'

test.each([
  ['no axis at all', [], []],
  ['corners of two dimensions', [0], [1, 1]],
  ['a side of no length', [0, 0], [1, 0]],
  ['a side that is no number', [Number.NaN], [1]],
])('a box is refused that has %s', (_, low, high) => {
  expect(() => box({ low, high })).toThrow(expect.objectContaining({ tag: 'InvalidOption', where: 'box' }))
})

test.each([0.1, 1, 3, 1e6])('what comes back to a ball of radius %s is in it, and what is beyond rounding is not', (radius) => {
  for (const d of [1, 2, 3, 7]) {
    const centre = Array.from(normal(d)(key(d)), (x) => radius * x)
    const domain = ball({ centre, radius })
    for (let seed = 0; seed < 300; seed++) {
      const way = normal(d)(key(seed + 10))
      const length = Math.hypot(...way)
      const at = (distance: number): Float64Array => way.map((x, axis) => (centre[axis] ?? NaN) + (distance * x) / length)
      for (const distance of [1.0001, 1.5, 2.5, 40]) {
        expect(domain.contains(domain.project(at(distance * radius)))).toBe(true)
        expect(domain.contains(domain.reflect(at(distance * radius)))).toBe(true)
      }
      expect(domain.contains(at(radius * (1 + 1e-9)))).toBe(false)
      expect(domain.contains(at(radius * (1 - 1e-9)))).toBe(true)
    }
  }
})
