import { describe, expect, test } from 'vitest'
import { oneLine } from './one-line.js'

describe('a message for a terminal', () => {
  test('is one line, whatever words it quotes', () => {
    expect(oneLine('--a: got "b"')).toBe('--a: got "b"')
    expect(oneLine('got "two\nlines"\n')).toBe('got "two\\nlines"')
    expect(oneLine('got "\u001b[31m\u0000\u009b\u2028"')).toBe('got "\\u001b[31m\\u0000\\u009b\\u2028"')
  })

  test('keeps its start and its end where it is too long', () => {
    const line = oneLine(`--points: expected a number, got "${'a'.repeat(5000)}" instead`)
    expect(line.length).toBeLessThanOrEqual(303)
    expect(line).toMatch(/^--points: expected a number, got "a+ … a+" instead$/)
  })
})
