#!/usr/bin/env node
import { numberOf, runStory } from '@monge-tooling/stories'
import type { Story } from '@monge-tooling/stories'
import { enableProdMode } from '@tensorflow/tfjs-core'
import { simdBackend } from '@monge/backend-simd'
import { requireBetween, requireFinite, requireInteger, requireOneOf } from '@monge/errors'
import { ways } from './losses.js'
import { show } from './show.js'
import { train } from './train.js'

interface Told {
  readonly loss: string
  readonly points: number
  readonly steps?: number
  readonly seed: number
  readonly seeds: number
}

const tell = async (options: Readonly<Record<string, unknown>>, out: string): Promise<void> => {
  const { loss, points, steps, seed, seeds } = options as unknown as Told
  // Else tfjs greets the user on the error stream.
  enableProdMode()
  const plain = await simdBackend({ threads: 1 })
  // Without memory to store a kernel in, every sweep is a sum of exponentials in the log domain.
  const log = await simdBackend({ threads: 1, memoryBudget: 1 })
  const chosen = loss === 'all' ? ways : ways.filter(({ name }) => name === loss)
  const results = chosen.flatMap((way) =>
    Array.from({ length: seeds }, (_, k) => {
      const taken = steps ?? way.steps
      return { way, seed: seed + k, steps: taken, run: train({ way, steps: taken, points, seed: seed + k, backends: { plain, log } }) }
    }),
  )
  show(out, results, points, plain)
}

const whole = (where: string, low: number, high: number) =>
  numberOf(where, (_, value) => requireBetween(low, high)(where, requireInteger(low)(where, value)))

const names = ['all', ...ways.map(({ name }) => name)]

const story: Story = {
  name: 'generative-fit',
  description: "Feydy's notebook: a mixture on a curve is fitted to data by kernels, likelihood and transport.",
  options: [
    {
      flags: '--loss <name>',
      help: `one of ${names.join(', ')}`,
      read: (text) => requireOneOf(names)('--loss', text),
      fallback: 'all',
    },
    { flags: '--points <n>', help: 'points of the model and of the data in each step', read: whole('--points', 2, 5000), fallback: 200 },
    { flags: '--steps <n>', help: "steps of Adam (default: the notebook's, 300 to 1000)", read: whole('--steps', 1, 100_000) },
    { flags: '--seed <n>', help: 'the first seed', read: numberOf('--seed', requireFinite), fallback: 1 },
    { flags: '--seeds <n>', help: 'how many seeds; the pictures show the first', read: whole('--seeds', 1, 100), fallback: 1 },
  ],
  tell,
}

process.exitCode = await runStory(story, process.argv.slice(2))
