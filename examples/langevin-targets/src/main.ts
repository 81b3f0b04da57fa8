#!/usr/bin/env node
import '@tensorflow/tfjs-backend-wasm'
import { numberOf, present, runStory, wholeOf } from '@monge-tooling/stories'
import type { Story } from '@monge-tooling/stories'
import { portableBackend } from '@monge/backend'
import { referenceBackend } from '@monge/backend-reference'
import { simdBackend } from '@monge/backend-simd'
import { requireFinite } from '@monge/errors'
import { key } from '@monge/random'
import { density, scatter, smallMultiples } from '@monge/viz'
import type { Panel, Scene } from '@monge/viz'
import { learnEnergy } from './energy.js'
import type { Setting } from './samplers.js'
import { drawn, outcomeOf, outcomesOf } from './sampling.js'
import type { Drawn, Outcome } from './sampling.js'
import { sharesOf } from './shares.js'
import { drawsOf, targets } from './targets.js'
import type { Cloud } from './targets.js'
import { half } from './words.js'

const decimals = (value: number | undefined, digits: number): string => (value === undefined ? '' : value.toFixed(digits))

const tell = async (options: Readonly<Record<string, unknown>>, out: string): Promise<void> => {
  const { samples, learn, ...setting } = options as unknown as Setting & { readonly samples: number; readonly learn: number }
  const { particles, steps, seed } = setting
  // The engine's doubles live where the reference's do.
  await referenceBackend()
  const backend = await simdBackend({ precision: 'float64' })
  const abouts = targets.map((target) => drawn(backend, target, setting))
  const outcomes = abouts.map((about) => outcomesOf(backend, about, setting))
  const shaded = abouts.map(({ potential }) => drawsOf(backend, potential, 4000, key(seed)))
  // Where networks are fast.
  const wasm = await portableBackend('wasm')
  const energies = abouts.map((about) => {
    const { potential, gaps, dispose } = learnEnergy(wasm, about.draws, learn, seed)
    const outcome = outcomeOf(backend, about, setting, 'MALA', { backend: wasm, potential })
    const draws = drawsOf(wasm, potential, 4000, key(seed))
    dispose()
    return { outcome, draws, gaps }
  })
  const mixture = abouts[0]?.potential ?? targets[0]?.potential(backend)
  const shares = mixture === undefined ? [] : sharesOf(backend, mixture, samples, seed)

  const panel = (title: string, draws: Cloud, cloud: Cloud): Panel => ({
    title,
    layers: [
      density({ points: draws, bandwidth: 5 }),
      scatter({ points: cloud, colour: '#d55e00', opacity: 0.8, inkPerMass: 1300 }),
    ],
  })
  const square = { equal: true, x: { domain: [-half, half] }, y: { domain: [-half, half] } } as const
  const learnedScene = smallMultiples({
    ...square,
    title: 'Energies learned from draws',
    description: 'Each target beside an energy that a network learned from draws of it, each with the particles that MALA leads there.',
    columns: 2,
    panelWidth: 200,
    panelHeight: 200,
    rowTitles: targets.map(({ name }) => name),
  })(
    energies.flatMap(({ outcome, draws }, k) => [
      panel('the target', shaded[k] ?? [], outcomes[k]?.find(({ sampler }) => sampler === 'MALA')?.last ?? []),
      panel('the learned energy', draws, outcome.last),
    ]),
  )

  const scene = (title: string, pick: (outcome: Outcome) => Cloud): Scene =>
    smallMultiples({
      title,
      description: 'A row for each target, a column for each sampler; particles over the density of the target.',
      ...square,
      columns: 4,
      panelWidth: 165,
      panelHeight: 165,
      rowTitles: targets.map(({ name }) => name),
    })(
      outcomes.flatMap((row, k): readonly Panel[] =>
        row.map((outcome) => panel(outcome.sampler, shaded[k] ?? [], pick(outcome))),
      ),
    )
  const iterations = (outcomes[0]?.[0]?.frames ?? []).map(({ iteration }) => iteration)
  const best = ({ target, stein, distance }: Drawn): readonly string[] => [
    target.name,
    'independent draws',
    '',
    '',
    '',
    stein.toFixed(3),
    distance.toFixed(3),
  ]
  const rowOf = ({ target, sampler, acceptance, effective, rHat, stein, distance }: Outcome): readonly string[] => [
    target,
    sampler,
    decimals(acceptance, 2),
    decimals(effective, 0),
    decimals(rHat, 3),
    stein.toFixed(3),
    distance.toFixed(3),
  ]
  const told = shares.map(
    ({ expected, found, standardError }) => `${found.toFixed(4)} ± ${standardError.toFixed(4)} for ${expected}`,
  )
  present(out, {
    title: 'Four samplers on three targets',
    introduction: [
      `${particles} particles from the square between -4 and 4 take ${steps} steps, each with one gradient, on a mixture of three
      Gaussians with the shares .2, .3 and .5, a banana and a ring: by the unadjusted Langevin algorithm, by its
      Metropolis-adjusted form (its step is found in the first quarter), by underdamped dynamics, and by Stein variational gradient
      descent, without noise. Orange: particles. Grey: the target's density.`,
      `Acceptance, effective sample size (of ${particles * Math.floor(steps / 2)} draws) and R-hat are of the second half, all particles
      together; the kernel Stein discrepancy and the exact Wasserstein distance to ${4 * particles} draws of the target are of the last
      particles, and of as many independent draws.`,
      `A network that has seen ${4 * particles} draws of a target, and nothing else, has learned an energy of it in ${learn} steps of
      contrastive divergence: the row "learned energy" is of MALA's particles by that energy.`,
      `A run of MALA of ${Math.ceil(samples / 100) * 100} samples gives the modes of the mixture the shares ${told.join(', ')}. Seed ${seed}.`,
    ],
    animations: [
      {
        name: 'samplers',
        frames: iterations.map((iteration, index) => ({
          label: `step ${iteration}`,
          scene: scene(`Step ${iteration}`, ({ frames, last }) => frames[index]?.cloud ?? last),
        })),
      },
    ],
    pictures: { samplers: scene(`Four samplers on three targets, after ${steps} steps`, ({ last }) => last), learned: learnedScene },
    table: {
      head: ['target', 'sampler', 'acceptance', 'effective', 'R-hat', 'Stein', 'W2'],
      rows: abouts.flatMap((about, k) => [
        ...(outcomes[k] ?? []).map(rowOf),
        ...energies.slice(k, k + 1).map(({ outcome }) => rowOf(outcome)),
        best(about),
      ]),
    },
    data: {
      ...setting,
      samples,
      shares,
      outcomes: outcomes.flat().map(({ frames: _frames, ...rest }) => rest),
      learned: energies.map(({ outcome: { frames: _frames, ...rest }, gaps }) => ({ ...rest, gaps })),
      floors: abouts.map(({ target, stein, distance }) => ({ target: target.name, stein, distance })),
    },
  })
  process.stdout.write(`Shares of the mixture's modes in ${Math.ceil(samples / 100) * 100} samples: ${told.join('; ')}\n`)
}

const story: Story = {
  name: 'langevin-targets',
  description: 'Four samplers on a mixture, a banana and a ring, side by side, with diagnostics.',
  options: [
    { flags: '--particles <n>', help: 'how many particles', read: wholeOf('--particles', 4, 1000), fallback: 200 },
    { flags: '--steps <n>', help: 'how many steps', read: wholeOf('--steps', 10, 10_000), fallback: 400 },
    {
      flags: '--samples <n>',
      help: 'how many samples to measure the shares of modes with',
      read: wholeOf('--samples', 1000, 10_000_000),
      fallback: 1_000_000,
    },
    { flags: '--learn <n>', help: 'steps in which networks learn energies', read: wholeOf('--learn', 1, 100_000), fallback: 300 },
    { flags: '--seed <n>', help: 'seed of all that is random', read: numberOf('--seed', requireFinite), fallback: 0 },
  ],
  tell,
}

process.exitCode = await runStory(story, process.argv.slice(2))
