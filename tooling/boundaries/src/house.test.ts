import { describe, expect, test } from 'vitest'
import { isOurs } from './house.ts'
import { readPackages } from './read.ts'
import { deepImports, escapes, undeclaredImports, violations } from './violations.ts'

describe('the house', () => {
  const packages = readPackages('packages')

  test('is read: every package is found, with imports between them', () => {
    expect(packages.length).toBeGreaterThanOrEqual(13)
    expect(packages.flatMap(({ imports }) => imports).filter(({ specifier }) => isOurs(specifier)).length).toBeGreaterThan(50)
  })

  test('has no import but downwards, to the public face of what is declared', () => {
    expect(violations(packages)).toEqual([])
  })

  test('is used by the examples through its public face alone', () => {
    const examples = readPackages('examples')
    expect(examples.length).toBeGreaterThan(0)
    expect([deepImports, escapes].flatMap((rule) => rule(examples))).toEqual([])
    expect(undeclaredImports(examples).filter((fault) => !fault.includes('imports node:'))).toEqual([])
  })
})
