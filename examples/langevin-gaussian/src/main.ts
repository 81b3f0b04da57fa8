#!/usr/bin/env node
import { numberOf, present, runStory, wholeOf } from '@monge-tooling/stories'
import type { Story } from '@monge-tooling/stories'
import { referenceBackend } from '@monge/backend-reference'
import { requireBetween, requireFinite } from '@monge/errors'
import { curves, plot, scatter, smallMultiples } from '@monge/viz'
import type { Layer, Scene } from '@monge/viz'
import { distanceToDraws, perfect } from './draws.js'
import { moments as momentsOf } from './sampling.js'
import type { Cloud, Moment, Setting } from './sampling.js'

const [orange, blue, grey] = ['#d55e00', '#0072b2', '#8c8c8c']
const square = { x: { domain: [-11, 11] }, y: { domain: [-11, 11] } } as const
const shownDraws = 400

const clouds = (draws: Cloud, { cloud }: Moment): readonly Layer[] => [
  scatter({ points: draws, colour: grey, opacity: 0.35, label: 'independent draws of the target', inkPerMass: 3600 }),
  scatter({ points: cloud, colour: orange, label: 'particles', inkPerMass: 900 }),
]

const pairsOf = (cloud?: Cloud): readonly (readonly number[])[] =>
  Array.from({ length: cloud?.shape[0] ?? 0 }, (_, row) => Array.from(cloud?.data.slice(2 * row, 2 * row + 2) ?? []))

const varianceOf = ({ covariance }: Moment): number => ((covariance[0]?.[0] ?? 0) + (covariance[1]?.[1] ?? 0)) / 2

const beside = (moments: readonly Moment[]): Scene => {
  const x = moments.map(({ iteration }) => iteration)
  const pair = (title: string, found: (moment: Moment) => number, expected: (moment: Moment) => number) => ({
    title,
    layers: [
      curves([
        { x, y: moments.map(found), label: 'particles', colour: orange, dash: [] },
        { x, y: moments.map(expected), label: 'theory', colour: blue, dash: [6, 4] },
      ]),
    ],
  })
  return smallMultiples({
    title: 'What theory says, step by step',
    description: 'Mean, variance and distance of the particles along the run, beside the exact law of the scheme.',
    columns: 2,
    panelWidth: 270,
    panelHeight: 170,
    gap: 34,
    share: { x: true, y: false },
    x: { label: 'step' },
  })([
    pair('first coordinate of the mean', ({ mean }) => mean[0] ?? 0, ({ theory }) => theory.mean[0] ?? 0),
    pair('second coordinate of the mean', ({ mean }) => mean[1] ?? 0, ({ theory }) => theory.mean[1] ?? 0),
    pair('variance', varianceOf, ({ theory }) => theory.variance),
    pair('W2 of the moments', ({ distance }) => distance, ({ theory }) => theory.distance),
  ])
}

const tell = async (options: Readonly<Record<string, unknown>>, out: string): Promise<void> => {
  const setting = options as unknown as Setting
  const { particles, steps, step, seed } = setting
  const backend = await referenceBackend()
  const moments = [...momentsOf(backend, setting)]
  const draws = perfect(shownDraws, seed)
  const at = (count: number): readonly Moment[] => {
    const parts = Array.from({ length: count + 1 }, (_, k) => Math.round((k * steps) / count))
    return [...new Set(parts)].flatMap((iteration) => moments[iteration] ?? [])
  }
  const exact = (cloud: Cloud): number => distanceToDraws(cloud, 4 * particles, seed)
  const rows = at(10).map((moment) => {
    const { iteration, mean, theory, distance, cloud } = moment
    const pairOf = (values: readonly number[]): string => values.map((value) => value.toFixed(2)).join(', ')
    return [
      String(iteration),
      pairOf(mean),
      pairOf(theory.mean),
      varianceOf(moment).toFixed(3),
      theory.variance.toFixed(3),
      distance.toFixed(3),
      theory.distance.toFixed(3),
      exact(cloud).toFixed(3),
    ]
  })
  const floor = exact(perfect(particles, seed + 1))
  const bias = 1 / (1 - step / 2)
  present(out, {
    title: 'Langevin particles find a Gaussian',
    introduction: [
      `${particles} particles, spread evenly over the square from -10 to 10, take ${steps} steps of ${step} of the unadjusted
      Langevin algorithm, x - η∇V(x) + √(2η) ξ, towards the Gaussian about (7, -4) with unit covariance. Every step takes the mean
      nearer by the factor 1 - η = ${(1 - step).toFixed(4)}; the variance settles at 1 / (1 - η/2) = ${bias.toFixed(4)}.`,
      `Orange: the particles. Grey: ${shownDraws} independent draws of the target. The last column is the exact Wasserstein
      distance to ${4 * particles} other draws; ${particles} independent draws have ${floor.toFixed(3)}, and no sampler can be
      expected to have less. Seed ${seed}.`,
    ],
    animations: [
      {
        name: 'particles',
        frames: at(50).map((moment) => ({
          label: `step ${moment.iteration}`,
          scene: plot({
            ...square,
            equal: true,
            width: 520,
            height: 560,
            title: `Step ${moment.iteration}`,
            description: 'The particles, over draws of the target.',
          })(clouds(draws, moment)),
        })),
      },
    ],
    pictures: {
      particles: smallMultiples({
        ...square,
        title: 'Langevin particles find a Gaussian',
        description: 'The particles at six times.',
        equal: true,
        columns: 3,
        panelWidth: 190,
        panelHeight: 190,
      })(
        [0, 0.05, 0.1, 0.2, 0.4, 1].flatMap((part) => {
          const moment = moments[Math.round(part * steps)]
          return moment === undefined ? [] : [{ title: `step ${moment.iteration}`, layers: clouds(draws, moment) }]
        }),
      ),
      theory: beside(moments),
    },
    table: {
      head: ['step', 'mean', 'in theory', 'variance', 'in theory', 'W2 of moments', 'in theory', 'W2 to draws'],
      rows,
    },
    data: { ...setting, floor, moments: moments.map(({ cloud: _cloud, ...rest }) => rest), last: pairsOf(moments.at(-1)?.cloud) },
  })
}

const story: Story = {
  name: 'langevin-gaussian',
  description: 'Langevin particles find a Gaussian, beside what theory gives.',
  options: [
    {
      flags: '--particles <n>',
      help: 'how many particles',
      read: wholeOf('--particles', 2, 10_000),
      fallback: 100,
    },
    {
      flags: '--steps <n>',
      help: 'how many steps',
      read: wholeOf('--steps', 1, 10_000),
      fallback: 500,
    },
    {
      flags: '--step <η>',
      help: 'the length of a step; the scheme is stable below 2',
      read: numberOf('--step', requireBetween(1e-6, 1.9)),
      fallback: 0.01,
    },
    { flags: '--seed <n>', help: 'seed of the start and of the noise', read: numberOf('--seed', requireFinite), fallback: 0 },
  ],
  tell,
}

process.exitCode = await runStory(story, process.argv.slice(2))
