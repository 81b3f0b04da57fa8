import { expect, test } from 'vitest'
import { duration, format } from './format.js'

test('readings have three digits, or as many as are asked for', () => {
  expect([0, 12, 0.31812, 1.25, 0.00008211, 123456.7].map((value) => format(value))).toEqual([
    '0',
    '12',
    '0.318',
    '1.25',
    '8.21e-5',
    '1.23e+5',
  ])
  expect(format(0.123456, 5)).toBe('0.12346')
  expect(format(NaN)).toBe('–')
})

test('times are told in the unit that suits them', () => {
  expect([0.421, 3.14, 9.96, 18.2, 1340].map(duration)).toEqual(['0.42 ms', '3.1 ms', '10 ms', '18 ms', '1.3 s'])
})
