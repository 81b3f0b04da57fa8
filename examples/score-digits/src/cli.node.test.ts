import { storyLaws, storyRunner } from '@monge-tooling/stories/testing'
import { expect, test } from 'vitest'

const story = storyRunner(new URL('../dist/main.js', import.meta.url))

storyLaws(story, {
  refuses: [
    [['--digit', '10'], /^--digit: .*got 10\n$/],
    [['--digit', 'three'], '--digit: expected a whole number from 0 to 9, or all, got "three"\n'],
    [['--samples', '3'], /^--samples: .*got 3\n$/],
    [['--energy-steps', '0'], /^--energy-steps: .*got 0\n$/],
    [['--steps', '0'], /^--steps: .*got 0\n$/],
  ],
})

interface Data {
  readonly losses: readonly number[]
  readonly results: readonly { readonly name: string; readonly divergence: number; readonly nearest: number }[]
}

test('a short training already takes samples more than half the way to real threes', () => {
  const { status, stdout, stderr } = story.run('--steps', '120', '--energy-steps', '40', '--width', '64', '--samples', '24')
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('reverse diffusion')
  for (const name of ['index.html', 'diffusion.gif', 'samples.png', 'levels.png', 'loss.png', 'data.json'])
    expect(story.has('out', name), name).toBe(true)
  const { losses, results } = story.json<Data>('out', 'data.json')
  expect(losses.at(-1)).toBeLessThan(0.5 * (losses[0] ?? 0))
  const [untrained, diffusion, flow, annealed, energy, gaussian, network] = results
  const half = 0.5 * (untrained?.divergence ?? 0)
  for (const way of [diffusion, flow, annealed, energy, gaussian, network]) expect(way?.divergence, way?.name).toBeLessThan(half)
  // The energy knows its data by heart.
  expect(energy?.nearest).toBeLessThan(0.7 * (diffusion?.nearest ?? 0))
  expect(story.text('out', 'index.html')).not.toMatch(/NaN|>undefined/)
}, 300_000)
