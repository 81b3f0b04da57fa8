import { storyLaws, storyRunner } from '@monge-tooling/stories/testing'
import { expect, test } from 'vitest'

const story = storyRunner(new URL('../dist/main.js', import.meta.url))

storyLaws(story, {
  refuses: [
    [['--loss', 'hinge'], /^--loss: expected one of all, energy, .*got "hinge"\n$/],
    [['--points', '1'], /^--points: .*got 1\n$/],
  ],
})

interface Data {
  readonly runs: readonly {
    readonly loss: string
    readonly losses: readonly number[]
    readonly divergence: number
    readonly real: number
  }[]
}

test('writes its table, page, pictures and animation; no loss is ever NaN', () => {
  const { status, stdout, stderr } = story.run('--steps', '20', '--points', '30')
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('maximum likelihood')
  for (const name of ['index.html', 'fits.gif', 'fits.png', 'losses.png', 'data.json'])
    expect(story.has('out', name), name).toBe(true)
  expect(story.text('out', 'index.html')).not.toMatch(/NaN|>undefined/)
  const { runs } = story.json<Data>('out', 'data.json')
  expect(runs).toHaveLength(8)
  for (const { loss, losses } of runs) {
    expect(losses, loss).toHaveLength(21)
    expect(losses.every((value) => Number.isFinite(value)), loss).toBe(true)
  }
}, 300_000)

test('comes closer to the truth by the Sinkhorn divergence', () => {
  const { status } = story.run('--loss', 'debiased', '--steps', '100', '--points', '50')
  expect(status).toBe(0)
  const { runs } = story.json<Data>('out', 'data.json')
  // At first, as a point at the origin, it is more than seven times as far as two draws of the truth.
  expect(runs[0]?.divergence).toBeLessThan(4 * (runs[0]?.real ?? 0))
  expect(runs[0]?.losses.at(-1)).toBeLessThan(0.5 * (runs[0]?.losses[0] ?? 0))
}, 300_000)
