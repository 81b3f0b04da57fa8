import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))

interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'gradient-flows-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const run = (...words: readonly string[]): Outcome =>
  spawnSync(process.execPath, [program, ...words], {
    cwd: directory,
    env: { ...process.env, INIT_CWD: directory },
    encoding: 'utf8',
  })

/** A picture of 8 by 4 pixels whose pixels have the grey level that `level` says. */
const picture = (name: string, level: (x: number, y: number) => number): string => {
  const png = new PNG({ width: 8, height: 4 })
  for (let pixel = 0; pixel < 32; pixel++) {
    const grey = level(pixel % 8, Math.floor(pixel / 8))
    png.data.set([grey, grey, grey, 255], 4 * pixel)
  }
  writeFileSync(join(directory, name), PNG.sync.write(png))
  return name
}

const quick = ['--points', '20', '--times', '0,0.1', '--loss', 'energy', '--backend', 'reference'] as const

interface Data {
  readonly source: { readonly points: readonly (readonly [number, number])[] }
  readonly target: { readonly points: readonly (readonly [number, number])[] }
  readonly flows: readonly {
    readonly losses: readonly number[]
    readonly snapshots: readonly { readonly time: number; readonly loss: number; readonly points: unknown[] }[]
  }[]
}

const dataOf = (out: string): Data => JSON.parse(readFileSync(join(directory, out, 'flows.json'), 'utf8')) as Data

describe('what is wrong on the command line is told in one line, with exit code 2', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['an unknown option', ['--pionts', '3'], "gradient-flows: unknown option '--pionts'"],
    ['a word that is no option', ['fast'], 'gradient-flows: expected options only, got "fast"'],
    ['a missing value', ['--blur'], "gradient-flows: option '--blur <length>' argument missing"],
    ['no number', ['--points', 'many'], '--points: expected a number, got "many"'],
    ['an empty number', ['--points='], '--points: expected a number, got ""'],
    ['a fraction of a point', ['--points', '1.5'], '--points: expected a whole number of at least 1, got 1.5'],
    ['a negative blur', ['--loss', 'gaussian', '--blur', '-1'], '--blur: expected a number above 0, got -1'],
    ['a step of 0', ['--step', '0'], '--step: expected a number above 0, got 0'],
    ['a scaling of 1', ['--loss', 'sinkhorn', '--scaling', '1'], '--scaling: expected a number between 0 and 1, got 1'],
    ['a negative time', ['--times', '0,-1'], '--times: expected a number from 0 to 1000000, got -1'],
    ['an unknown loss', ['--loss', 'l2'], '--loss: expected one of sinkhorn, gaussian'],
    ['an unknown backend', ['--backend', 'webgl'], '--backend: expected one of simd, reference, cpu, wasm, got "webgl"'],
    ['a parameter of no loss', ['--p', '2'], '--p: is for one loss: name it with --loss'],
    ['an idle parameter', ['--loss', 'energy', '--blur', '1'], '--blur: means nothing to the energy loss'],
    ['a missing picture', ['--source', 'none.png'], 'none.png: no such file or directory'],
    ['a directory for a picture', ['--target', '.'], 'it is a directory'],
    ['a path through a file', ['--out', join(program, 'out')], 'a file is in the way'],
    ['a file for a directory', ['--out', program], 'a file is in the way'],
  ]
  test.each(cases)('%s', (_, words, message) => {
    const { status, stdout, stderr } = run(...words)
    expect(stderr).toContain(message)
    expect(stderr.trimEnd()).not.toContain('\n')
    expect([status, stdout]).toEqual([2, ''])
  })

  test('a picture that is no PNG, or blank', () => {
    writeFileSync(join(directory, 'words.png'), 'not a picture')
    expect(run('--source', 'words.png').stderr).toMatch(/^--source: .*words\.png is not a PNG picture.*\n$/)
    const blank = run(
      '--target',
      picture('blank.png', () => 255),
    )
    expect(blank.stderr).toMatch(/^--target: .*blank\.png is blank.*\n$/)
    expect(blank.status).toBe(2)
  })
})

describe('the help', () => {
  test('tells of every option', () => {
    const { status, stdout } = run('--help')
    expect(status).toBe(0)
    const names = ['source', 'target', 'points', 'loss', 'p', 'blur', 'reach', 'scaling', 'backend', 'seed', 'step']
    for (const name of [...names, 'times', 'out']) expect(stdout).toContain(`--${name} <`)
  })
})

describe('a run', () => {
  test('writes a page, pictures and data, and lowers the loss', () => {
    const { status, stdout, stderr } = run('--', ...quick, '--out', 'first')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('Energy distance')
    expect(stdout).toContain('t = 0.1')
    for (const name of ['report.html', 'sheet.png', 'energy.png', 'flows.json'])
      expect(existsSync(join(directory, 'first', name))).toBe(true)
    const [flow] = dataOf('first').flows
    expect(flow?.losses).toHaveLength(3)
    expect(flow?.snapshots.map(({ time }) => time)).toEqual([0, 0.1])
    expect(flow?.snapshots.every(({ points }) => points.length === 20)).toBe(true)
    expect(flow?.snapshots[1]?.loss).toBeLessThan(flow?.snapshots[0]?.loss ?? 0)
  })

  test('is the same for the same seed, and another for another', () => {
    run(...quick, '--seed', '7', '--out', 'seven')
    run(...quick, '--seed', '7', '--out', 'again')
    run(...quick, '--seed', '8', '--out', 'eight')
    const page = (out: string): string => readFileSync(join(directory, out, 'energy.png')).toString('base64')
    expect(page('again')).toBe(page('seven'))
    expect(page('eight')).not.toBe(page('seven'))
  })

  test('samples dark pixels only, with up pointing up', () => {
    const source = picture('left.png', (x) => (x < 4 ? 0 : 255))
    const target = picture('top.png', (_, y) => (y === 0 ? 0 : 255))
    const { status } = run(...quick, '--source', source, '--target', target, '--out', 'pictures')
    expect(status).toBe(0)
    const data = dataOf('pictures')
    // The longer side is 1 long: 8 pixels, so that the upper row of 4 lies between 3/8 and 4/8.
    expect(data.source.points.every(([x, y]) => x >= 0 && x <= 0.5 && y >= 0 && y <= 0.5)).toBe(true)
    expect(data.target.points.every(([x, y]) => x >= 0 && x <= 1 && y >= 0.375 && y <= 0.5)).toBe(true)
    expect(new Set(data.source.points.map(([x]) => x)).size).toBe(20)
  })
})
