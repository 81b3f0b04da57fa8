#!/usr/bin/env node
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { guarded, numberOf, runStory } from '@monge-tooling/stories'
import type { Story } from '@monge-tooling/stories'
import { referenceBackend } from '@monge/backend-reference'
import { requireBetween, requireInteger } from '@monge/errors'
import { findings, toldOf } from './findings.js'
import { versions } from './sinkhorn.js'

interface Told {
  readonly runs: number
  readonly seed: number
}

const tell = async (options: Readonly<Record<string, unknown>>, out: string): Promise<void> => {
  const { runs, seed } = options as unknown as Told
  const place = await referenceBackend()
  const report = versions.map(({ name: version, solver }) => {
    const broken = findings(solver, place, { numRuns: runs, seed })
    process.stdout.write(`${version}: ${toldOf(broken)}\n`)
    for (const { law, what, counterexample } of broken) process.stdout.write(`  ${law}\n    ${what}\n    ${counterexample}\n`)
    return { version, broken }
  })
  guarded(out, () => {
    writeFileSync(join(out, 'findings.json'), JSON.stringify({ runs, seed, report }, undefined, 2))
  })
  process.stdout.write(`\nWrote findings.json to ${out}\n`)
}

const whole = (low: number, high: number) => (where: string, value: number) =>
  requireBetween(low, high)(where, requireInteger(low)(where, value))

const story: Story = {
  name: 'property-testing',
  description: "Someone's own Sinkhorn algorithm under the kit of laws, as it was written and after each repair.",
  options: [
    { flags: '--runs <n>', help: 'cases that each law is tried on', read: numberOf('--runs', whole(1, 100_000)), fallback: 100 },
    { flags: '--seed <n>', help: 'seed of the cases', read: numberOf('--seed', whole(0, 2 ** 31 - 1)), fallback: 1 },
  ],
  tell,
}

process.exitCode = await runStory(story, process.argv.slice(2))
