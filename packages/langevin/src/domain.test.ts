import { expect, test } from 'vitest'
import { box } from './index.js'

test.each([
  ['no axis at all', [], []],
  ['corners of two dimensions', [0], [1, 1]],
  ['a side of no length', [0, 0], [1, 0]],
  ['a side that is no number', [Number.NaN], [1]],
])('a box is refused that has %s', (_, low, high) => {
  expect(() => box({ low, high })).toThrow(expect.objectContaining({ tag: 'InvalidOption', where: 'box' }))
})
