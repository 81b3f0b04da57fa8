import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { blocksOfPage, packagePages } from '../../readmes/src/blocks.ts'
import { runBlock, runProgram } from '../../readmes/src/run.ts'
import type { Outcome } from '../../readmes/src/run.ts'

const project = inject('project')

interface Compared {
  readonly error: number
  readonly tolerance: number
}

describe('in plain Node, from the tarballs', () => {
  test.each([...packagePages, 'README.md'].flatMap(blocksOfPage))('$page runs at line $line', async (block) => {
    const { code, output, errors } = await runBlock(block, project)
    expect(code, errors).toBe(0)
    expect(output).not.toBe('')
  })

  test('the gradient of a Sinkhorn divergence is right on reference, cpu and wasm', async () => {
    const block = { page: 'gradient', line: 1, code: readFileSync(join(project, 'gradient.ts'), 'utf8') }
    const { code, output, errors } = await runBlock(block, project)
    expect(code, errors).toBe(0)
    const outcomes = JSON.parse(output) as Readonly<Record<string, Compared>>
    expect(Object.keys(outcomes)).toEqual(['reference', 'cpu', 'wasm'])
    expect(Object.entries(outcomes).filter(([, { error, tolerance }]) => !(error < tolerance))).toEqual([])
  })
})

/** This process's environment, less what its own runner of tests put there. */
const { NODE_OPTIONS: _options, NODE_ENV: _mode, NODE_TEST_CONTEXT: _context, VITEST: _vitest, ...env } = process.env

describe('under node:test, from the tarballs', () => {
  const underNode = (suite: string): Promise<Outcome> =>
    runProgram(process.execPath, ['--test', '--test-reporter=spec', join(project, `node-test/${suite}.js`)], project, env)

  test('laws and assertions pass where they hold', async () => {
    const { code, output } = await underNode('holds')
    expect(code, output).toBe(0)
    expect(output).toMatch(/pass 12\b/)
    expect(output).toMatch(/fail 0\b/)
  })

  test('laws and assertions fail where they do not, and say what broke where', async () => {
    const { code, output } = await underNode('breaks')
    expect(code).toBe(1)
    expect(output).toMatch(/pass 9\b/)
    expect(output).toMatch(/fail 5\b/)
    for (const said of [
      /Counterexample: \[{"mu":{"points":\[\[0(,0)*\]\]/,
      /the loss: found -[\d.]+, expected at least 0/,
      /AssertionError.*: expected a measure: weight 1 is -0.25/,
      'expected a plan with the given marginals: column 0 sums to 0.75, not 0.5',
      'at (0) it has mass 0.5, not 0.25',
    ])
      expect(output).toMatch(said)
  })
})

describe('in jest, from the tarballs', () => {
  // jest runs ES modules by Node's own, behind this flag.
  const inJest = async (suite: string): Promise<Outcome> => {
    const words = ['--experimental-vm-modules', join(project, 'node_modules/jest/bin/jest.js'), '--ci', '--no-color', `jest/${suite}`]
    return runProgram(process.execPath, words, project, env)
  }

  test('laws and matchers pass where they hold', async () => {
    const { code, errors } = await inJest('holds')
    expect(code, errors).toBe(0)
    expect(errors).toMatch(/Tests: +12 passed, 12 total/)
  })

  test('laws and matchers fail where they do not, and say what broke where', async () => {
    const { code, errors } = await inJest('breaks')
    expect(code).toBe(1)
    expect(errors).toMatch(/Tests: +5 failed, 9 passed, 14 total/)
    for (const said of [
      'a norm of the wrong sign › is not negative',
      /Counterexample: \[{"mu":{"points":\[\[0(,0)*\]\]/,
      /the loss: found -[\d.]+, expected at least 0/,
      'expected a measure: weight 1 is -0.25',
      'expected a plan with the given marginals: column 0 sums to 0.75, not 0.5',
      'at (0) it has mass 0.5, not 0.25',
    ])
      expect(errors).toMatch(said)
  })
})
