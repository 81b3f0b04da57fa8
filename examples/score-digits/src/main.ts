#!/usr/bin/env node
import '@tensorflow/tfjs-backend-wasm'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { handwriting, readFigure, sheet } from '@monge-tooling/handwriting'
import type { Figure, Pictures } from '@monge-tooling/handwriting'
import { guarded, numberOf, present, runStory, wholeOf } from '@monge-tooling/stories'
import type { Story } from '@monge-tooling/stories'
import { portableBackend } from '@monge/backend'
import { requireFinite } from '@monge/errors'
import { sampleScore } from '@monge/langevin'
import { fromArrays, measureOrThrow } from '@monge/measures'
import { curves, plot } from '@monge/viz'
import { learnEnergy, seen } from './energy.js'
import { divergence, nearest } from './judge.js'
import { learn } from './learn.js'
import { anneal, diffuse, flow, sample } from './samples.js'
import type { Samples, Way } from './samples.js'

interface Told {
  readonly digit: Figure
  readonly steps: number
  readonly energySteps: number
  readonly width: number
  readonly samples: number
  readonly seed: number
}

// Pixels go from here to 1, ink.
const paper = -1
const shown = 24
// The energy of the data asks for all of them at every step.
const mostKnown = 1000
const columns = 6

const smoothed = (losses: readonly number[], window: number): readonly number[] =>
  Array.from({ length: Math.floor(losses.length / window) }, (_, k) =>
    losses.slice(k * window, (k + 1) * window).reduce((sum, loss) => sum + loss / window, 0),
  )

const pick = <A>(items: readonly A[], count: number): readonly A[] =>
  Array.from({ length: count }, (_, k) => items[Math.round((k * (items.length - 1)) / (count - 1))]).flatMap((item) =>
    item === undefined ? [] : [item],
  )

const levelText = (level: number): string => (level === 0 ? 'σ = 0' : `σ = ${level.toPrecision(2)}`)

const tell = async (options: Readonly<Record<string, unknown>>, out: string): Promise<void> => {
  const { digit, steps, energySteps, width, samples: count, seed } = options as unknown as Told
  const { learn: known, heldOut } = await handwriting(digit, paper)
  const backend = await portableBackend('wasm')
  const learned = learn(backend, known, { width, steps, seed }, (step, loss) =>
    process.stdout.write(`step ${step} of ${steps}, loss ${loss.toFixed(3)}\n`),
  )
  guarded(out, () => writeFileSync(join(out, 'score.bin'), learned.packed))
  process.stdout.write(`The score in ${learned.packed.length} bytes: score.bin\n`)
  const told = known.length > mostKnown ? pick(known, mostKnown) : known
  const energy = sampleScore(measureOrThrow(fromArrays(told, undefined, backend)))(backend)
  const make = (way: Way): Samples => {
    const samples = sample(way, count, seed)
    process.stdout.write(`${way.name}: ${count} pictures in ${samples.seconds.toFixed(1)} seconds\n`)
    return samples
  }
  const untrained = make(diffuse(learned.untrained, 'untrained'))
  const ways: readonly Samples[] = [
    diffuse(learned.score),
    flow(learned.score),
    anneal(learned.score),
    anneal(energy, 'energy of the data'),
  ].map(make)
  const contrast = learnEnergy(backend, known, { steps: energySteps, count, seed }, (step, gap) =>
    process.stdout.write(`energy: step ${step} of ${energySteps}, of data less than of negatives by ${(-gap).toFixed(2)}\n`),
  )
  const distance = divergence(backend)
  // Of all figures, which come one after the other, some of each.
  const judged = digit === 'all' ? pick(heldOut, 200) : heldOut.slice(0, 200)
  const of = (pictures: Pictures) => ({ divergence: distance(pictures, judged), nearest: nearest(pictures, known) })
  const reference = distance(pick(known, count), judged)
  const results = [untrained, ...ways, contrast.gaussian, contrast.energy].map(({ name, pictures, evaluations, seconds }) => ({ name, evaluations, seconds, ...of(pictures) }))
  const base = results[0]?.divergence ?? Number.NaN

  const figure = digit === 'all' ? 'digits' : `${digit}s`
  const first = ways[0] ?? untrained
  const panel = ({ name, pictures }: Samples) => ({ title: name, pictures: pictures.slice(0, shown) })
  const levels = pick(first.moments, 13)
  const losses = smoothed(learned.losses, Math.max(1, Math.floor(steps / 100)))
  const parts = Math.floor(steps / losses.length)
  present(out, {
    title: 'Noise becomes digits',
    introduction: [
      `A network of ${width} units a layer has learned the score of ${known.length} handwritten ${figure} of MNIST, blurred by noise of 40
      levels, by denoising (Song and Ermon 2019), in ${steps} steps and ${learned.seconds.toFixed(0)} seconds. Then noise
      becomes digits: by the reverse diffusion, by the probability flow (Song et al. 2021), and by annealed Langevin steps.
      Without learning, the exact energy of the blurred data, their kernel density, drives Langevin steps as well: it
      comes back to what it knows.`,
      `The energy of a network has learned by contrast with its own Langevin chains, in ${energySteps} steps and
      ${contrast.seconds.toFixed(0)} seconds: of the first ${seen} principal directions of the pictures, where it begins as
      the Gaussian of the data.`,
      `The table gives Sinkhorn divergences (p = 2, blur 0.5) of ${count} samples to ${judged.length} pictures that were held out, also as
      a part of the untrained model's, and the mean distance of a sample to the nearest picture that was learned from.`,
    ],
    animations: [
      {
        name: 'diffusion',
        heading: 'The reverse diffusion',
        frames: first.moments.filter((_, index) => index % 2 === 0 || index === first.moments.length - 1).map(({ level, pictures }) => ({
          label: levelText(level),
          scene: sheet(`Noise to ${figure}: ${levelText(level)}`, 'Pictures as noise is taken from them.', [{ title: '', pictures: pictures.slice(0, shown) }], {
            columns: 8,
            across: 1,
            paper,
          }),
        })),
      },
    ],
    pictures: {
      samples: sheet(`Handwritten ${figure}, and what samplers make of noise`, 'Pictures of each sampler beside real ones.', [
        { title: 'held out', pictures: digit === 'all' ? pick(heldOut, shown) : heldOut.slice(0, shown) },
        ...[untrained, ...ways, contrast.gaussian, contrast.energy].map(panel),
      ], { columns, across: 4, paper }),
      levels: sheet(
        'Reverse diffusion, from left to right',
        'Each row is one picture; noise falls from left to right.',
        [{ title: '', pictures: Array.from({ length: 6 }, (_, row) => levels.flatMap(({ pictures }) => pictures.slice(row, row + 1))).flat() }],
        { columns: 13, across: 1, paper },
      ),
      loss: plot({ title: 'Learning', description: 'The loss falls.', x: { label: 'step' }, y: { kind: 'log', label: 'denoising loss' } })([
        curves([{ x: losses.map((_, k) => (k + 1) * parts), y: losses }]),
      ]),
    },
    table: {
      head: ['', 'scores asked', 'seconds', 'divergence', 'of untrained', 'nearest learned'],
      rows: [
        ...results.map((row) => [
          row.name,
          String(row.evaluations),
          row.seconds.toFixed(1),
          row.divergence.toFixed(2),
          `${((100 * row.divergence) / base).toFixed(0)} %`,
          row.nearest.toFixed(2),
        ]),
        ['real ones, learned from', '', '', reference.toFixed(2), `${((100 * reference) / base).toFixed(0)} %`, ''],
      ],
    },
    data: { digit, steps, energySteps, width, seed, trainingSeconds: learned.seconds, losses, results, reference },
  })
}

const story: Story = {
  name: 'score-digits',
  description: 'Noise becomes handwritten digits, by a trained score and by an energy.',
  options: [
    { flags: '--digit <figure>', help: 'which digit to learn, 0 to 9, or all', read: (text) => readFigure('--digit', text), fallback: 3 },
    { flags: '--steps <n>', help: 'steps of training', read: wholeOf('--steps', 1, 1_000_000), fallback: 2000 },
    { flags: '--energy-steps <n>', help: 'steps of training of the energy', read: wholeOf('--energy-steps', 1, 1_000_000), fallback: 1000 },
    { flags: '--width <n>', help: 'units in a layer of the network', read: wholeOf('--width', 1, 4096), fallback: 256 },
    {
      flags: '--samples <n>',
      help: 'how many pictures each sampler makes',
      read: wholeOf('--samples', 24, 1000),
      fallback: 100,
    },
    { flags: '--seed <n>', help: 'seed of all chance', read: numberOf('--seed', requireFinite), fallback: 0 },
  ],
  tell,
}

process.exitCode = await runStory(story, process.argv.slice(2))
