#!/usr/bin/env node
import { numberOf, runStory, wholeOf } from '@monge-tooling/stories'
import type { Story } from '@monge-tooling/stories'
import { enableProdMode } from '@tensorflow/tfjs-core'
import { simdBackend } from '@monge/backend-simd'
import { requireFinite, requireOneOf, requirePositive } from '@monge/errors'
import { judge } from './judge.js'
import { show } from './show.js'
import { train } from './train.js'
import { forms } from './words.js'

interface Told {
  readonly form: string
  readonly steps: number
  readonly batch: number
  readonly epsilon: number
  readonly seed: number
  readonly seeds: number
}

const tell = async (options: Readonly<Record<string, unknown>>, out: string): Promise<void> => {
  const { form: asked, steps, batch, epsilon, seed, seeds } = options as unknown as Told
  // Else tfjs greets the user on the error stream.
  enableProdMode()
  const backend = await simdBackend({ threads: 1 })
  const runs = Array.from({ length: seeds }, (_, k) => seed + k).flatMap((own) =>
    (asked === 'all' ? forms : forms.filter((form) => form === asked)).map((form) => {
      const run = train({ form, steps, batch, epsilon, seed: own, backend })
      return { form, seed: own, run, verdict: judge(run.fresh, own, epsilon, backend) }
    }),
  )
  show(out, runs, { steps, batch, epsilon })
}

const names = ['all', ...forms]

const story: Story = {
  name: 'blobs',
  description: 'A network learns to sample from two blobs, by the entropic transport loss in four forms.',
  options: [
    {
      flags: '--form <name>',
      help: `one of ${names.join(', ')}`,
      read: (text) => requireOneOf(names)('--form', text),
      fallback: 'all',
    },
    { flags: '--steps <n>', help: 'steps of Adam', read: wholeOf('--steps', 1, 100_000), fallback: 1000 },
    { flags: '--batch <n>', help: 'points of the model and of the data in each step', read: wholeOf('--batch', 1, 2000), fallback: 128 },
    { flags: '--epsilon <x>', help: 'of the entropy, for the cost |x - y|²', read: numberOf('--epsilon', requirePositive), fallback: 0.1 },
    { flags: '--seed <n>', help: 'the first seed', read: numberOf('--seed', requireFinite), fallback: 1 },
    { flags: '--seeds <n>', help: 'how many seeds; the pictures show the first', read: wholeOf('--seeds', 1, 100), fallback: 1 },
  ],
  tell,
}

process.exitCode = await runStory(story, process.argv.slice(2))
