import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkLaws, law } from './index.js'
import type { RegisterTest } from './index.js'

/*
 * vitest runs the laws in every other suite; here are the other runners.
 */

const even = law('is even', fc.integer({ min: 0, max: 100 }), (value) => {
  if ((2 * value) % 2 !== 0) throw new Error(`${value} is odd`)
})
const small = law('is small', fc.integer({ min: 0, max: 100 }), (value) => {
  if (value > 17) throw new Error(`${value} is large`)
})

describe('node:test', () => {
  const program = `
    import { test } from 'node:test'
    import { referenceBackend } from '@monge/backend-reference'
    import { brokenLaws, checkLaws, law, planLaws } from '@monge/laws'
    const independent = (mu, nu) =>
      Array.from(mu.weights.dataSync(), (a) => Array.from(nu.weights.dataSync(), (b) => a * b))
    const laws = planLaws(independent, { place: await referenceBackend(), sparse: process.argv[1] === 'sparse' })
    // Fewer runs: other runners are to pass and to fail, on laws that are tried elsewhere
    checkLaws(laws, { test, parameters: { numRuns: 50, seed: 1 } })
  `
  const run = (...words: readonly string[]) =>
    spawnSync(process.execPath, ['--input-type=module', '--eval', program, ...words], {
      cwd: fileURLToPath(new URL('../../../tooling/testing', import.meta.url)),
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    })

  test('passes laws that hold', () => {
    const { status, stdout } = run()
    expect(stdout).toMatch(/pass 5\b/)
    expect(stdout).toMatch(/fail 0\b/)
    expect(status).toBe(0)
  })

  test('fails those that do not, with the smallest counterexample', () => {
    const { status, stdout } = run('sparse')
    expect(stdout).toMatch(/pass 5\b/)
    expect(stdout).toMatch(/fail 1\b/)
    expect(stdout).toContain('4 entries are not zero, expected at most 3')
    expect(stdout).toContain('"mu":{"points":[[0],[0]],"weights":[0.5,0.5]}')
    expect(status).toBe(1)
  })
})

describe('jest', () => {
  // A test of jest's must take no argument, or it waits for a callback; and return nothing, or a promise.
  const registered = () => {
    const tests: { readonly name: string; readonly body: (...given: unknown[]) => unknown }[] = []
    const jestsTest: RegisterTest = (name, body) => {
      tests.push({ name, body })
    }
    return { tests, jestsTest }
  }

  test('is given tests of the shape that it asks for', () => {
    const { tests, jestsTest } = registered()
    checkLaws([even, small], { test: jestsTest })
    expect(tests.map(({ name }) => name)).toEqual(['is even', 'is small'])
    expect(tests.map(({ body }) => body.length)).toEqual([0, 0])
    expect(tests[0]?.body()).toBeUndefined()
    expect(() => tests[1]?.body()).toThrow(/Counterexample: \[18\]/)
  })
})
