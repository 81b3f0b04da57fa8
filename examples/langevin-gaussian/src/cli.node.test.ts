import { storyLaws, storyRunner } from '@monge-tooling/stories/testing'
import { expect, test } from 'vitest'

const story = storyRunner(new URL('../dist/main.js', import.meta.url))

storyLaws(story, {
  refuses: [
    [['--particles', '1'], /^--particles: .*got 1\n$/],
    [['--step', '2'], /^--step: .*got 2\n$/],
  ],
})

interface Data {
  readonly moments: readonly {
    readonly mean: readonly number[]
    readonly distance: number
    readonly theory: { readonly mean: readonly number[]; readonly variance: number; readonly distance: number }
  }[]
  readonly floor: number
}

test('the particles follow theory, and all is written', () => {
  const { status, stdout, stderr } = story.run('--particles', '60', '--steps', '100', '--step', '0.05')
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('W2 to draws')
  for (const name of ['index.html', 'particles.gif', 'particles.png', 'theory.png', 'data.json'])
    expect(story.has('out', name), name).toBe(true)
  const { moments, floor } = story.json<Data>('out', 'data.json')
  expect(moments).toHaveLength(101)
  moments.forEach(({ mean, theory }) =>
    // Four standard errors of 60 particles.
    mean.forEach((found, axis) =>
      expect(Math.abs(found - (theory.mean[axis] ?? 0))).toBeLessThan(4 * Math.sqrt(theory.variance / 60)),
    ),
  )
  const last = moments.at(-1)
  expect(last?.theory.variance).toBeCloseTo(1 / (1 - 0.025), 2)
  expect(last?.distance).toBeLessThan(0.06 * (moments[0]?.distance ?? 0))
  expect(floor).toBeGreaterThan(0)
  expect(story.text('out', 'index.html')).not.toMatch(/NaN|>undefined/)
})
