import { storyLaws, storyRunner } from '@monge-tooling/stories/testing'
import { expect, test } from 'vitest'

const story = storyRunner(new URL('../dist/main.js', import.meta.url))

storyLaws(story, {
  refuses: [
    [['--particles', '3'], /^--particles: .*got 3\n$/],
    [['--samples', '10'], /^--samples: .*got 10\n$/],
  ],
})

interface Data {
  readonly shares: readonly { readonly apart: number }[]
  readonly outcomes: readonly {
    readonly sampler: string
    readonly acceptance?: number
    readonly stein: number
    readonly distance: number
  }[]
  readonly learned: readonly { readonly distance: number; readonly gaps: readonly number[] }[]
  readonly floors: readonly { readonly distance: number }[]
}

test('every sampler comes near every target, and all is written', () => {
  const { status, stdout, stderr } = story.run('--particles', '50', '--steps', '120', '--samples', '60000', '--learn', '60')
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('SVGD')
  for (const name of ['index.html', 'samplers.gif', 'samplers.png', 'learned.png', 'data.json']) expect(story.has('out', name), name).toBe(true)
  const { shares, outcomes, learned, floors } = story.json<Data>('out', 'data.json')
  expect(shares).toHaveLength(3)
  for (const { apart } of shares) expect(apart).toBeLessThan(3)
  expect(outcomes).toHaveLength(12)
  outcomes.forEach(({ distance }, index) => {
    expect(distance).toBeLessThan(2.5 * (floors[Math.floor(index / 4)]?.distance ?? 0))
  })
  expect(learned).toHaveLength(3)
  learned.forEach(({ distance, gaps }, index) => {
    expect(gaps).toHaveLength(60)
    expect(distance).toBeLessThan(2.5 * (floors[index]?.distance ?? 0))
  })
  for (const { acceptance = 0 } of outcomes.filter(({ sampler }) => sampler === 'MALA'))
    expect(Math.abs(acceptance - 0.574)).toBeLessThan(0.1)
  expect(story.text('out', 'index.html')).not.toMatch(/NaN|>undefined/)
}, 300_000)
