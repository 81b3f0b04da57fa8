import { storyLaws, storyRunner } from '@monge-tooling/stories/testing'
import { expect, test } from 'vitest'

const story = storyRunner(new URL('../dist/main.js', import.meta.url))

storyLaws(story, {
  refuses: [
    [['--source', 'missing.png'], /^--source: cannot read .*missing\.png: no such file or directory\n$/],
    [['--steps', '0'], /^--steps: .*got 0\n$/],
  ],
})

interface Data {
  readonly flow: { readonly losses: readonly number[] }
  readonly barycenter: { readonly losses: readonly number[] }
}

test('writes its table, page, pictures and animations, and both losses go down', () => {
  const { status, stdout, stderr } = story.run('--steps', '12')
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('W2 to a heart')
  for (const name of ['index.html', 'flow.gif', 'barycenter.gif', 'flow.png', 'barycenter.png', 'losses.png', 'data.json'])
    expect(story.has('out', name), name).toBe(true)
  const { flow, barycenter } = story.json<Data>('out', 'data.json')
  expect(flow.losses).toHaveLength(12)
  expect(flow.losses.at(-1)).toBeLessThan(0.8 * (flow.losses[0] ?? 0))
  expect(barycenter.losses.at(-1)).toBeLessThan(0.5 * (barycenter.losses[0] ?? 0))
  expect(story.text('out', 'index.html')).not.toMatch(/NaN|>undefined/)
})
