import { storyLaws, storyRunner } from '@monge-tooling/stories/testing'
import { expect, test } from 'vitest'

const story = storyRunner(new URL('../dist/main.js', import.meta.url))

storyLaws(story, {
  refuses: [
    [['--draws', '1'], /^--draws: .*got 1\n$/],
    [['--chains', '1'], /^--chains: .*got 1\n$/],
    [['--prior', '0'], /^--prior: .*got 0\n$/],
  ],
})

interface Coefficient {
  readonly mean: number
  readonly deviation: number
  readonly standardError: number
  readonly rHat: number
  readonly bulkEss: number
}

interface Data {
  readonly laplace: { readonly mode: readonly number[] }
  readonly samplers: readonly { readonly name: string; readonly accuracy: number; readonly coefficients: readonly Coefficient[] }[]
}

test('all samplers find the posterior of the long run, beside the mode, and all is written', () => {
  const { status, stdout, stderr } = story.run('--draws', '250')
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('petal width, MALA')
  for (const name of ['index.html', 'chains.gif', 'intervals.png', 'marginals.png', 'data.json'])
    expect(story.has('out', name), name).toBe(true)
  const { laplace, samplers } = story.json<Data>('out', 'data.json')
  const [long, ...others] = samplers
  expect(others.map(({ name }) => name)).toEqual(['MALA', 'underdamped', 'SGLD'])
  expect(long?.accuracy).toBeGreaterThan(0.9)
  long?.coefficients.forEach(({ rHat, bulkEss }) => {
    expect(rHat).toBeLessThan(1.03)
    expect(bulkEss).toBeGreaterThan(250)
  })
  for (const { name, coefficients } of others)
    coefficients.forEach(({ mean, standardError, rHat }, axis) => {
      const truth = long?.coefficients[axis]
      expect(rHat, name).toBeLessThan(1.3)
      // SGLD's own bias on top of what chance allows.
      const allowed = 4 * Math.hypot(standardError, truth?.standardError ?? 0) + (name === 'SGLD' ? 0.3 * (truth?.deviation ?? 0) : 0)
      expect(Math.abs(mean - (truth?.mean ?? 0)), `${name} ${axis}`).toBeLessThan(allowed)
    })
  // The posterior is skew: where the petals tell, its mean lies beyond the mode by more than the error.
  const [, , , length] = long?.coefficients ?? []
  expect((length?.mean ?? 0) - (laplace.mode[3] ?? 0)).toBeGreaterThan(10 * (length?.standardError ?? Infinity))
  expect(story.text('out', 'index.html')).not.toMatch(/NaN|>undefined/)
}, 300_000)
