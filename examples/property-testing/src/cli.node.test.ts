import { storyLaws, storyRunner } from '@monge-tooling/stories/testing'
import { expect, test } from 'vitest'

const story = storyRunner(new URL('../dist/main.js', import.meta.url))

storyLaws(story, { refuses: [[['--runs', '0'], /^--runs: .*got 0\n$/]] })

interface Report {
  readonly report: readonly { readonly version: string; readonly broken: readonly { readonly law: string; readonly what: string }[] }[]
}

test('the kit finds every fault, and none after the last repair', () => {
  const { status, stdout, stderr } = story.run('--runs', '40')
  expect([status, stderr]).toEqual([0, ''])
  const { report } = story.json<Report>('out', 'findings.json')
  const broken = report.map((version) => version.broken.map(({ law }) => law))
  const [naive = [], weighted = [], logarithmic = [], patient = [], debiased = []] = broken
  expect(naive).toEqual(expect.arrayContaining(['does not see points of weight zero', 'gives nothing to points of weight zero']))
  expect(weighted).toContain('is finite')
  expect(weighted).not.toContain('gives nothing to points of weight zero')
  expect(logarithmic).not.toContain('is finite')
  expect(logarithmic).toContain('has mu for its first marginal')
  expect(patient).toEqual(['is zero between a measure and itself'])
  expect(debiased).toEqual([])
  expect(stdout).toContain('4. annealed, until the marginals are met: 1 law is broken')
  expect(stdout).toContain('5. debiased: every law holds')
})
