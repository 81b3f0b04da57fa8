import { storyLaws, storyRunner } from '@monge-tooling/stories/testing'
import { expect, test } from 'vitest'

const story = storyRunner(new URL('../dist/main.js', import.meta.url))

storyLaws(story, {
  refuses: [
    [['--steps', '0'], /^--steps: .*got 0\n$/],
    [['--batch', 'many'], /^--batch: .*"many"\n$/],
  ],
})

interface Report {
  readonly divergence: { readonly value: number; readonly low: number; readonly high: number }
  readonly neighbours: { readonly coverage: number }
}

interface Data {
  readonly runs: readonly {
    readonly loss: string
    readonly losses: readonly number[]
    readonly before: Report
    readonly after: Report
  }[]
}

test('writes its table, page, pictures and animation; each loss brings the samples closer', () => {
  const { status, stdout, stderr } = story.run('--steps', '80', '--batch', '128')
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('kernel of features alone')
  for (const name of ['index.html', 'spiral.gif', 'spiral.png', 'losses.png', 'data.json'])
    expect(story.has('out', name), name).toBe(true)
  expect(story.text('out', 'index.html')).not.toMatch(/NaN|>undefined/)
  const { runs } = story.json<Data>('out', 'data.json')
  expect(runs.map(({ loss }) => loss)).toEqual(['sliced', 'features', 'custom'])
  for (const { loss, before, after, losses } of runs) {
    expect(losses.at(-1), loss).toBeLessThan(0.5 * (losses[0] ?? 0))
    expect(after.divergence.high, loss).toBeLessThan(before.divergence.low)
    expect(after.neighbours.coverage, loss).toBeGreaterThan(before.neighbours.coverage)
  }
}, 300_000)
