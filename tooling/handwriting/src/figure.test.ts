import { describe, expect, test } from 'vitest'
import { readFigure } from './figure.js'

describe('a figure in words', () => {
  test('is one of ten, or all of them', () => {
    expect(['0', '9', 'all'].map((text) => readFigure('--digit', text))).toEqual([0, 9, 'all'])
  })

  test.each(['10', '-1', '3.5', 'three', '', ' '])('is refused where it is none: "%s"', (text) => {
    expect(() => readFigure('--digit', text)).toThrow(/^--digit: /)
  })
})
