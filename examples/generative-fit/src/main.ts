#!/usr/bin/env node
import { numberOf, runStory, wholeOf } from '@monge-tooling/stories'
import type { Story } from '@monge-tooling/stories'
import { enableProdMode } from '@tensorflow/tfjs-core'
import { simdBackend } from '@monge/backend-simd'
import { requireBetween, requireFinite, requireOneOf } from '@monge/errors'
import { ways } from './losses.js'
import type { DataKind, RateKind, Recipe } from './recipe.js'
import { show } from './show.js'
import { train } from './train.js'

interface Told {
  readonly loss: string
  readonly points: number
  readonly steps?: number
  readonly data?: DataKind
  readonly rate?: RateKind
  readonly average?: number
  readonly degree?: number
  readonly starts?: number
  readonly trials: number
  readonly seed: number
  readonly seeds: number
}

const tell = async (options: Readonly<Record<string, unknown>>, out: string): Promise<void> => {
  const { loss, points, steps, seed, seeds, data, rate, average, degree, starts, trials } = options as unknown as Told
  // Else tfjs greets the user on the error stream.
  enableProdMode()
  const plain = await simdBackend({ threads: 1 })
  // Without memory to store a kernel in, every sweep is a sum of exponentials in the log domain.
  const log = await simdBackend({ threads: 1, memoryBudget: 1 })
  const chosen = loss === 'all' ? ways : ways.filter(({ name }) => name === loss)
  const results = chosen.flatMap((way) =>
    Array.from({ length: seeds }, (_, k) => {
      const recipe: Recipe = {
        data: data ?? way.recipe.data,
        rate: rate ?? way.recipe.rate,
        average: average ?? way.recipe.average,
        degree: degree ?? way.recipe.degree,
        starts: starts ?? way.recipe.starts,
      }
      const setting = { way, recipe, seed: seed + k, steps: steps ?? way.steps }
      return { ...setting, run: train({ ...setting, points, backends: { plain, log } }, trials) }
    }),
  )
  show(out, results, points, plain)
}

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
    { flags: '--points <n>', help: 'points of the model in each step, and of the data', read: wholeOf('--points', 2, 5000), fallback: 200 },
    { flags: '--steps <n>', help: "steps of Adam (default: the notebook's, 300 to 1000)", read: wholeOf('--steps', 1, 100_000) },
    {
      flags: '--data <kind>',
      help: 'fixed: one data set, all of it in each step; or fresh in each step (default: fixed; fresh for debiased)',
      read: (text) => requireOneOf(['fixed', 'fresh'])('--data', text),
    },
    {
      flags: '--rate <kind>',
      help: 'constant, or falling by half a cosine (default: constant; falling for debiased)',
      read: (text) => requireOneOf(['constant', 'falling'])('--rate', text),
    },
    {
      flags: '--average <decay>',
      help: "the fit's moving average of the parameters (default: 0; 0.9 for debiased)",
      read: numberOf('--average', requireBetween(0, 0.999)),
    },
    { flags: '--degree <n>', help: "of the model's curve (default: 2)", read: wholeOf('--degree', 1, 9) },
    { flags: '--starts <n>', help: 'fits from each seed, the best by its own loss counts (default: 1)', read: wholeOf('--starts', 1, 100) },
    { flags: '--trials <n>', help: 'pairs of samples that the fit is judged by', read: wholeOf('--trials', 1, 1000), fallback: 40 },
    { flags: '--seed <n>', help: 'the first seed', read: numberOf('--seed', requireFinite), fallback: 1 },
    { flags: '--seeds <n>', help: 'how many seeds; the pictures show the first', read: wholeOf('--seeds', 1, 100), fallback: 1 },
  ],
  tell,
}

process.exitCode = await runStory(story, process.argv.slice(2))
