import { describe, expect, test } from 'vitest'
import { limits } from './limits.mjs'
import { lineFor, readmeOf, toldBytes, withLine } from './line.mjs'
import { measure } from './measure.mjs'

const sizes = await measure()

describe.each([...sizes])('$name', ({ name, folder, bytes }) => {
  test('keeps within its limit', () => {
    expect(limits[name], 'a limit: run "npm run sizes"').toBeDefined()
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThanOrEqual(limits[name] ?? 0)
  })

  test('tells its size in its README, to a tenth (or 100 bytes)', () => {
    const told = toldBytes(readmeOf(folder))
    expect(told, 'a size line: run "npm run sizes"').toBeDefined()
    expect(Math.abs((told ?? 0) - bytes)).toBeLessThanOrEqual(Math.max(100, bytes / 10))
  })
})

describe('the size line', () => {
  test('is put right in place, or added', () => {
    expect(withLine('# a\n\nSize: \n\nEnd\n', 1234)).toBe(`# a\n\n${lineFor(1234)}\n\nEnd\n`)
    expect(withLine('# a\n', 1234)).toBe(`# a\n\n${lineFor(1234)}\n`)
    expect(toldBytes(withLine('# a\n', 1234))).toBe(1200)
  })
})
