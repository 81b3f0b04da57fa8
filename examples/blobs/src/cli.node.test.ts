import { storyLaws, storyRunner } from '@monge-tooling/stories/testing'
import { expect, test } from 'vitest'

const story = storyRunner(new URL('../dist/main.js', import.meta.url))

storyLaws(story, {
  refuses: [
    [['--steps', '0'], /^--steps: .*got 0\n$/],
    [['--epsilon', '-1'], /^--epsilon: .*got -1\n$/],
    [['--batch', '1.5'], /^--batch: .*got 1\.5\n$/],
  ],
})

interface Data {
  readonly runs: readonly {
    readonly form: string
    readonly losses: readonly number[]
    readonly values: Readonly<Record<string, number>>
    readonly shares: readonly number[]
  }[]
}

test('writes its table, page, pictures and animation; every form finds both blobs, and primal and dual agree', () => {
  const { status, stdout, stderr } = story.run('--steps', '60', '--batch', '48')
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('transport cost')
  for (const name of ['index.html', 'blobs.gif', 'blobs.png', 'losses.png', 'data.json'])
    expect(story.has('out', name), name).toBe(true)
  expect(story.text('out', 'index.html')).not.toMatch(/NaN|>undefined/)
  const { runs } = story.json<Data>('out', 'data.json')
  expect(runs.map(({ form }) => form)).toEqual(['transport', 'primal', 'dual', 'debiased'])
  for (const { form, losses, values, shares } of runs) {
    expect(losses.at(-1), form).toBeLessThan(0.5 * (losses[0] ?? 0))
    expect(Math.min(...shares), form).toBeGreaterThan(0.2)
    expect(Math.abs((values['primal'] ?? 0) - (values['dual'] ?? 1)), form).toBeLessThan(0.01)
    expect(values['transport'], form).toBeLessThan(values['dual'] ?? 0)
  }
}, 300_000)
