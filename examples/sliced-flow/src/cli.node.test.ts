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
  readonly flow: { readonly losses: readonly number[] }
  readonly barycenter: { readonly losses: readonly number[] }
}

describe('sliced-flow', () => {
  test('writes its table, page, pictures and animations, and both losses go down', () => {
    const { status, stdout, stderr } = run('--steps', '12')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toContain('W2 to a heart')
    for (const name of ['index.html', 'flow.gif', 'barycenter.gif', 'flow.png', 'barycenter.png', 'losses.png', 'data.json'])
      expect(existsSync(join(directory, 'out', name)), name).toBe(true)
    const { flow, barycenter } = JSON.parse(readFileSync(join(directory, 'out/data.json'), 'utf8')) as Data
    expect(flow.losses).toHaveLength(12)
    expect(flow.losses.at(-1)).toBeLessThan(0.8 * (flow.losses[0] ?? 0))
    expect(barycenter.losses.at(-1)).toBeLessThan(0.5 * (barycenter.losses[0] ?? 0))
    const page = readFileSync(join(directory, 'out/index.html'), 'utf8')
    expect(page).not.toMatch(/NaN|>undefined/)
  })

  test('says in one line what it cannot use', () => {
    for (const [words, line] of [
      [['--source', 'missing.png'], /^--source: cannot read .*missing\.png: no such file or directory\n$/],
      [['--steps', '0'], /^--steps: .*got 0\n$/],
    ] as const) {
      const { status, stderr } = run(...words)
      expect(stderr).toMatch(line)
      expect(status).toBe(2)
    }
  })
})
