import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { storyLaws, storyRunner } from '@monge-tooling/stories/testing'
import type { Refusal } from '@monge-tooling/stories/testing'
import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'

const story = storyRunner(new URL('../dist/main.js', import.meta.url))
const { program, run } = story

/** A picture of 8 by 4 pixels whose pixels have the grey level that `level` says. */
const picture = (name: string, level: (x: number, y: number) => number): string => {
  const png = new PNG({ width: 8, height: 4 })
  for (let pixel = 0; pixel < 32; pixel++) {
    const grey = level(pixel % 8, Math.floor(pixel / 8))
    png.data.set([grey, grey, grey, 255], 4 * pixel)
  }
  return story.write(name, PNG.sync.write(png))
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

const dataOf = (out: string): Data => story.json<Data>(out, 'flows.json')

const refusals: readonly Refusal[] = [
  [['--pionts', '3'], "gradient-flows: unknown option '--pionts'"],
  [['fast'], 'gradient-flows: expected options only, got "fast"'],
  [['--blur'], "gradient-flows: option '--blur <length>' argument missing"],
  [['--points', 'many'], '--points: expected a number, got "many"'],
  [['--points='], '--points: expected a number, got ""'],
  [['--points', '1.5'], '--points: expected a whole number of at least 1, got 1.5'],
  [['--loss', 'gaussian', '--blur', '-1'], '--blur: expected a number above 0, got -1'],
  [['--step', '0'], '--step: expected a number above 0, got 0'],
  [['--loss', 'sinkhorn', '--scaling', '1'], '--scaling: expected a number between 0 and 1, got 1'],
  [['--times', '0,-1'], '--times: expected a number from 0 to 1000000, got -1'],
  [['--loss', 'l2'], '--loss: expected one of sinkhorn, gaussian'],
  [['--backend', 'webgl'], '--backend: expected one of simd, reference, cpu, wasm, got "webgl"'],
  [['--p', '2'], '--p: is for one loss: name it with --loss'],
  [['--loss', 'energy', '--blur', '1'], '--blur: means nothing to the energy loss'],
  [['--source', 'none.png'], 'none.png: no such file or directory'],
  [['--target', '.'], 'it is a directory'],
  [['--out', join(program, 'out')], 'a file is in the way'],
  [['--out', program], 'a file is in the way'],
]

storyLaws(story, { refuses: refusals })

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
      expect(story.has('first', name)).toBe(true)
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
    const page = (out: string): string => readFileSync(join(story.directory(), out, 'energy.png')).toString('base64')
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
