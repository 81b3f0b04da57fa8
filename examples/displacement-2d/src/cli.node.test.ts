import { storyLaws, storyRunner } from '@monge-tooling/stories/testing'
import { expect, test } from 'vitest'

const story = storyRunner(new URL('../dist/main.js', import.meta.url))

storyLaws(story, { refuses: [[['--points', '1'], /^--points: .*got 1\n$/]] })

interface Data {
  readonly exact: { readonly cost: number; readonly gap: number }
  readonly costs: Readonly<Record<string, number>>
}

test('writes its table, page, pictures and animation; the exact map costs least', () => {
  const { status, stdout, stderr } = story.run('--points', '40', '--frames', '3')
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('sorted pairing')
  for (const name of ['index.html', 'displacement.gif', 'pairings.png', 'data.json'])
    expect(story.has('out', name), name).toBe(true)
  const { exact, costs } = story.json<Data>('out', 'data.json')
  expect(Math.abs(exact.gap)).toBeLessThanOrEqual(1e-12)
  expect(costs['exact map']).toBeCloseTo(exact.cost, 6)
  expect(costs['sorted pairing']).toBeGreaterThan(exact.cost)
})
