import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'story-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const run = (...words: readonly string[]) =>
  spawnSync(process.execPath, [program, ...words], {
    cwd: directory,
    env: { ...process.env, INIT_CWD: directory },
    encoding: 'utf8',
  })

interface Data {
  readonly exact: { readonly cost: number; readonly gap: number }
  readonly costs: Readonly<Record<string, number>>
}

describe('displacement-2d', () => {
  test('writes its table, page, pictures and animation; the exact map costs least', () => {
    const { status, stdout, stderr } = run('--points', '40', '--frames', '3')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toContain('sorted pairing')
    for (const name of ['index.html', 'displacement.gif', 'pairings.png', 'data.json'])
      expect(existsSync(join(directory, 'out', name)), name).toBe(true)
    const { exact, costs } = JSON.parse(readFileSync(join(directory, 'out/data.json'), 'utf8')) as Data
    expect(Math.abs(exact.gap)).toBeLessThanOrEqual(1e-12)
    expect(costs['exact map']).toBeCloseTo(exact.cost, 6)
    expect(costs['sorted pairing']).toBeGreaterThan(exact.cost)
  })

  test('says in one line what it cannot use', () => {
    const { status, stderr } = run('--points', '1')
    expect(stderr).toMatch(/^--points: .*got 1\n$/)
    expect(status).toBe(2)
  })
})
