import { storyLaws, storyRunner } from '@monge-tooling/stories/testing'
import { expect, test } from 'vitest'

const story = storyRunner(new URL('../dist/main.js', import.meta.url))

storyLaws(story, {
  refuses: [
    [['--digit', '10'], /^--digit: .*got 10\n$/],
    [['--digit', 'three'], /^--digit: .*\n$/],
    [['--blur', '0'], /^--blur: .*got 0\n$/],
  ],
})

interface Data {
  readonly runs: readonly { readonly losses: readonly number[]; readonly before: number; readonly after: number }[]
}

test('writes its table, page, pictures and animation, and comes closer to held-out digits', () => {
  const { status, stdout, stderr } = story.run('--steps', '60', '--digit', '1')
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('the digit 1')
  for (const name of ['index.html', 'digits.gif', 'digits.png', 'losses.png', 'data.json'])
    expect(story.has('out', name), name).toBe(true)
  expect(story.text('out', 'index.html')).not.toMatch(/NaN|>undefined/)
  const { runs } = story.json<Data>('out', 'data.json')
  expect(runs[0]?.losses).toHaveLength(61)
  expect(runs[0]?.after).toBeLessThan(0.2 * (runs[0]?.before ?? 0))
}, 300_000)
