import { describe, expect, test } from 'vitest'
import { readFigure } from './figure.js'

describe('a figure in words', () => {
  test('is one of ten, or all of them', () => {
    expect(['0', '9', 'all'].map((text) => readFigure('--digit', text))).toEqual([0, 9, 'all'])
  })

  test.each(['10', '-1', '3.5', 'three', '', ' '])('is refused where it is none: "%s"', (text) => {
    expect(() => readFigure('--digit', text)).toThrow(/^--digit: expected a whole number from 0 to 9, or all, got /)
  })

  test('is told as it was typed', () => {
    expect(() => readFigure('--digit', 'three')).toThrow('got "three"')
    expect(() => readFigure('--digit', '10')).toThrow('got 10')
  })
})
