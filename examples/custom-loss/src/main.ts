#!/usr/bin/env node
import { numberOf, runStory, wholeOf } from '@monge-tooling/stories'
import type { Story } from '@monge-tooling/stories'
import { simdBackend } from '@monge/backend-simd'
import { requireFinite } from '@monge/errors'
import { enableProdMode } from '@tensorflow/tfjs-core'
import { names } from './losses.js'
import { show } from './show.js'
import { train } from './train.js'

interface Told {
  readonly steps: number
  readonly batch: number
  readonly seed: number
  readonly seeds: number
}

const tell = async (options: Readonly<Record<string, unknown>>, out: string): Promise<void> => {
  const { steps, batch, seed, seeds } = options as unknown as Told
  // Else tfjs greets the user on the error stream.
  enableProdMode()
  const backend = await simdBackend({ threads: 1 })
  const results = Array.from({ length: seeds }, (_, k) => seed + k).flatMap((own) =>
    names.map((name) => ({ name, seed: own, run: train({ name, steps, batch, seed: own, backend }) })),
  )
  show(out, results, { steps, batch })
}

const story: Story = {
  name: 'custom-loss',
  description: 'A network learns a spiral by a loss of your own, made of parts.',
  options: [
    { flags: '--steps <n>', help: 'steps of Adam', read: wholeOf('--steps', 1, 100_000), fallback: 1500 },
    { flags: '--batch <n>', help: 'points of the network and of the data in each step', read: wholeOf('--batch', 1, 5000), fallback: 256 },
    { flags: '--seed <n>', help: 'the first seed', read: numberOf('--seed', requireFinite), fallback: 1 },
    { flags: '--seeds <n>', help: 'how many seeds; the pictures show the first', read: wholeOf('--seeds', 1, 100), fallback: 1 },
  ],
  tell,
}

process.exitCode = await runStory(story, process.argv.slice(2))
