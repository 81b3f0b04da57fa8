#!/usr/bin/env node
import { handwriting, readFigure } from '@monge-tooling/handwriting'
import type { Figure } from '@monge-tooling/handwriting'
import { numberOf, runStory, wholeOf } from '@monge-tooling/stories'
import type { Story } from '@monge-tooling/stories'
import { enableProdMode } from '@tensorflow/tfjs-core'
import { simdBackend } from '@monge/backend-simd'
import { requireFinite, requirePositive } from '@monge/errors'
import { show } from './show.js'
import { train } from './train.js'

interface Told {
  readonly digit: Figure
  readonly steps: number
  readonly batch: number
  readonly blur: number
  readonly seed: number
  readonly seeds: number
}

const tell = async (options: Readonly<Record<string, unknown>>, out: string): Promise<void> => {
  const { digit, steps, batch, blur, seed, seeds } = options as unknown as Told
  // Else tfjs greets the user on the error stream.
  enableProdMode()
  const backend = await simdBackend({ threads: 1 })
  const ink = await handwriting(digit)
  const results = Array.from({ length: seeds }, (_, k) => ({
    figure: digit,
    seed: seed + k,
    handwriting: ink,
    run: train({ handwriting: ink, batch, blur, seed: seed + k, place: backend, backend }, steps),
  }))
  show(out, results, { steps, batch, blur })
}

const story: Story = {
  name: 'digits',
  description: 'A network learns to write a digit of MNIST, by the Sinkhorn divergence.',
  options: [
    { flags: '--digit <n>', help: 'from 0 to 9, or all', read: (text) => readFigure('--digit', text), fallback: 3 },
    { flags: '--steps <n>', help: 'steps of Adam', read: wholeOf('--steps', 1, 100_000), fallback: 800 },
    { flags: '--batch <n>', help: 'pictures, made and handwritten, in each step', read: wholeOf('--batch', 1, 500), fallback: 32 },
    { flags: '--blur <x>', help: 'of the divergence, in units of ink', read: numberOf('--blur', requirePositive), fallback: 3 },
    { flags: '--seed <n>', help: 'the first seed', read: numberOf('--seed', requireFinite), fallback: 1 },
    { flags: '--seeds <n>', help: 'how many seeds; the pictures show the first', read: wholeOf('--seeds', 1, 100), fallback: 1 },
  ],
  tell,
}

process.exitCode = await runStory(story, process.argv.slice(2))
