import { describe, expect, test } from 'vitest'
import { wholeOf } from './command-line.js'

describe('a whole number on the command line', () => {
  const read = wholeOf('--points', 2, 1000)

  test('is read within its bounds', () => {
    expect(['2', ' 30 ', '1e3'].map(read)).toEqual([2, 30, 1000])
  })

  test.each([
    ['three', '"three"'],
    ['', '""'],
    [' ', '" "'],
    ['1', '1'],
    ['1001', '1001'],
    ['2.5', '2.5'],
    ['-Infinity', '-Infinity'],
  ])('is refused by what is allowed and what was typed: "%s"', (text, told) => {
    expect(() => read(text)).toThrow(`--points: expected a whole number from 2 to 1000, got ${told}`)
  })
})
