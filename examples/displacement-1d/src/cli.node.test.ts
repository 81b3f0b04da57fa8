import { storyLaws, storyRunner } from '@monge-tooling/stories/testing'
import { expect, test } from 'vitest'

const story = storyRunner(new URL('../dist/main.js', import.meta.url))

storyLaws(story, {
  refuses: [
    [['--points', 'many'], '--points: expected a whole number from 2 to 100000, got "many"\n'],
    [['--to', '5,-4'], '--to: expected a number above 0, got -4\n'],
    [['--nope'], "displacement-1d: unknown option '--nope'\n"],
  ],
})

interface Data {
  readonly W2: number
  readonly error: number
  readonly times: readonly number[]
  readonly distances: readonly number[]
}

test('writes its table, page, pictures and animation, and the numbers are right', () => {
  const { status, stdout, stderr } = story.run('--points', '60', '--frames', '3')
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('W2 from start')
  for (const name of ['index.html', 'displacement.gif', 'overview.png', 'map.png', 'data.json'])
    expect(story.has('out', name), name).toBe(true)
  const data = story.json<Data>('out', 'data.json')
  expect(data.W2).toBeCloseTo(Math.sqrt(26), 8)
  const whole = data.distances.at(-1) ?? Number.NaN
  data.times.forEach((t, k) => {
    expect(data.distances[k]).toBeCloseTo(t * whole, 6)
  })
  const page = story.text('out', 'index.html')
  expect(page.match(/class="frame"/g)).toHaveLength(3)
  expect(page).not.toMatch(/NaN|>undefined/)
})
