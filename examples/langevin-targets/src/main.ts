#!/usr/bin/env node
import { numberOf, present, runStory } from '@monge-tooling/stories'
import type { Story } from '@monge-tooling/stories'
import { referenceBackend } from '@monge/backend-reference'
import { simdBackend } from '@monge/backend-simd'
import { requireBetween, requireFinite, requireInteger } from '@monge/errors'
import { key } from '@monge/random'
import { density, scatter, smallMultiples } from '@monge/viz'
import type { Panel, Scene } from '@monge/viz'
import { drawn, outcomesOf } from './sampling.js'
import type { Drawn, Outcome, Setting } from './sampling.js'
import { sharesOf } from './shares.js'
import { drawsOf, half, targets } from './targets.js'
import type { Cloud } from './targets.js'

const decimals = (value: number | undefined, digits: number): string => (value === undefined ? '' : value.toFixed(digits))

const tell = async (options: Readonly<Record<string, unknown>>, out: string): Promise<void> => {
  const { samples, ...setting } = options as unknown as Setting & { readonly samples: number }
  const { particles, steps, seed } = setting
  // The engine's doubles live where the reference's do.
  await referenceBackend()
  const backend = await simdBackend({ precision: 'float64' })
  const abouts = targets.map((target) => drawn(backend, target, setting))
  const outcomes = abouts.map((about) => outcomesOf(backend, about, setting))
  const shaded = abouts.map(({ potential }) => drawsOf(backend, potential, 4000, key(seed)))
  const mixture = abouts[0]?.potential ?? targets[0]?.potential(backend)
  const shares = mixture === undefined ? [] : sharesOf(backend, mixture, samples, seed)

  const scene = (title: string, pick: (outcome: Outcome) => Cloud): Scene =>
    smallMultiples({
      title,
      description: 'A row for each target, a column for each sampler; particles over the density of the target.',
      columns: 4,
      equal: true,
      x: { domain: [-half, half] },
      y: { domain: [-half, half] },
      panelWidth: 165,
      panelHeight: 165,
      rowTitles: targets.map(({ name }) => name),
    })(
      outcomes.flatMap((row, k): readonly Panel[] =>
        row.map((outcome) => ({
          title: outcome.sampler,
          layers: [
            density({ points: shaded[k] ?? [], bandwidth: 5 }),
            scatter({ points: pick(outcome), colour: '#d55e00', opacity: 0.8, inkPerMass: 1300 }),
          ],
        })),
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
    pictures: { samplers: scene(`Four samplers on three targets, after ${steps} steps`, ({ last }) => last) },
    table: {
      head: ['target', 'sampler', 'acceptance', 'effective', 'R-hat', 'Stein', 'W2'],
      rows: abouts.flatMap((about, k) => [...(outcomes[k] ?? []).map(rowOf), best(about)]),
    },
    data: {
      ...setting,
      samples,
      shares,
      outcomes: outcomes.flat().map(({ frames: _frames, ...rest }) => rest),
      floors: abouts.map(({ target, stein, distance }) => ({ target: target.name, stein, distance })),
    },
  })
  process.stdout.write(`Shares of the mixture's modes in ${Math.ceil(samples / 100) * 100} samples: ${told.join('; ')}\n`)
}

const whole = (low: number, high: number) => (where: string, value: number): number =>
  requireBetween(low, high)(where, requireInteger(low)(where, value))

const story: Story = {
  name: 'langevin-targets',
  description: 'Four samplers on a mixture, a banana and a ring, side by side, with diagnostics.',
  options: [
    { flags: '--particles <n>', help: 'how many particles', read: numberOf('--particles', whole(4, 1000)), fallback: 200 },
    { flags: '--steps <n>', help: 'how many steps', read: numberOf('--steps', whole(10, 10_000)), fallback: 400 },
    {
      flags: '--samples <n>',
      help: 'how many samples to measure the shares of modes with',
      read: numberOf('--samples', whole(1000, 10_000_000)),
      fallback: 1_000_000,
    },
    { flags: '--seed <n>', help: 'seed of all that is random', read: numberOf('--seed', requireFinite), fallback: 0 },
  ],
  tell,
}

process.exitCode = await runStory(story, process.argv.slice(2))
