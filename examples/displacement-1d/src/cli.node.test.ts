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
  readonly W2: number
  readonly error: number
  readonly times: readonly number[]
  readonly distances: readonly number[]
}

describe('displacement-1d', () => {
  test('writes its table, page, pictures and animation, and the numbers are right', () => {
    const { status, stdout, stderr } = run('--points', '60', '--frames', '3')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toContain('W2 from start')
    for (const name of ['index.html', 'displacement.gif', 'overview.png', 'map.png', 'data.json'])
      expect(existsSync(join(directory, 'out', name)), name).toBe(true)
    const data = JSON.parse(readFileSync(join(directory, 'out/data.json'), 'utf8')) as Data
    expect(data.W2).toBeCloseTo(Math.sqrt(26), 8)
    const whole = data.distances.at(-1) ?? Number.NaN
    data.times.forEach((t, k) => expect(data.distances[k]).toBeCloseTo(t * whole, 6))
    const page = readFileSync(join(directory, 'out/index.html'), 'utf8')
    expect(page.match(/class="frame"/g)).toHaveLength(3)
    expect(page).not.toMatch(/NaN|>undefined/)
  })

  test('says in one line what it cannot use', () => {
    for (const [words, line] of [
      [['--points', 'many'], '--points: expected a number, got "many"\n'],
      [['--to', '5,-4'], '--to: expected a number above 0, got -4\n'],
      [['--nope'], "displacement-1d: unknown option '--nope'\n"],
    ] as const) {
      const { status, stderr } = run(...words)
      expect(stderr).toBe(line)
      expect(status).toBe(2)
    }
  })
})
