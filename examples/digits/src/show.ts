import { sheet } from '@monge-tooling/handwriting'
import type { Figure, Handwriting, Pictures } from '@monge-tooling/handwriting'
import { present } from '@monge-tooling/stories'
import { curves, plot } from '@monge/viz'
import type { Run } from './train.js'

/** One training. */
export interface Result {
  readonly figure: Figure
  readonly seed: number
  readonly handwriting: Handwriting
  readonly run: Run
}

/** What was asked for. */
export interface Setting {
  readonly steps: number
  readonly batch: number
  readonly blur: number
}

const nameOf = (figure: Figure): string => (figure === 'all' ? 'all digits' : `the digit ${figure}`)

/** Prints, draws and writes it all; the pictures show the first training. */
export const show = (out: string, results: readonly Result[], { steps, batch, blur }: Setting): void => {
  const [first] = results
  if (first === undefined) return
  const { figure, handwriting, run } = first
  const name = nameOf(figure)
  present(out, {
    title: `A network learns to write ${name}`,
    introduction: [
      `Normal noise in 64 dimensions goes through a network 64-128-256-784 and comes out as pictures of 28 by 28 pixels. Each of ${steps} steps of
      Adam compares ${batch} of them with ${batch} of ${handwriting.learn.length} handwritten ones of MNIST, by the Sinkhorn divergence between the two
      clouds in 784 dimensions (p = 2, blur ${blur}). There is no second network to judge the first.`,
      `The table gives the divergence to 200 held-out pictures before training and after it, and that of 200 pictures from the training set.`,
    ],
    animations: [
      {
        name: 'digits',
        frames: run.snapshots.map(({ step, pictures }) => ({
          label: `step ${step}`,
          scene: sheet(`Step ${step}`, 'The same noise through the network as it learns.', [{ title: 'made', pictures: pictures.slice(0, 32) }], {
            columns: 8,
            across: 1,
          }),
        })),
      },
    ],
    pictures: {
      digits: sheet(name.replace('the', 'The').replace('all', 'All'), 'Fresh pictures of the network beside handwritten ones.', [
        { title: `before training`, pictures: run.snapshots[0]?.pictures ?? [] },
        { title: `made after ${steps} steps`, pictures: run.fresh.slice(0, 64) },
        { title: 'handwritten, held out', pictures: spread(handwriting.heldOut, 64) },
      ], { columns: 8, across: 3 }),
      losses: plot({ title: 'The loss', description: 'Of every step, on its own minibatch.', x: { label: 'step' }, y: { label: 'Sinkhorn divergence' } })([
        curves([{ x: run.losses.map((_, step) => step), y: run.losses }]),
      ]),
    },
    table: {
      head: ['', 'seed', 'before', 'after', 'before : after', 'training data', 'ms a step'],
      rows: results.map(({ figure: each, seed, run: { before, after, real, milliseconds } }) => [
        nameOf(each),
        String(seed),
        before.toFixed(2),
        after.toFixed(2),
        (before / after).toFixed(1),
        real.toFixed(2),
        milliseconds.toFixed(1),
      ]),
    },
    data: {
      steps,
      batch,
      blur,
      runs: results.map(({ figure: each, seed, run: { losses, before, after, real, milliseconds } }) => ({
        figure: each,
        seed,
        before,
        after,
        real,
        milliseconds,
        losses,
      })),
    },
  })
}

/** So many, from first to last: all digits lie one figure after the other. */
const spread = (pictures: Pictures, count: number): Pictures =>
  pictures.filter((_, i) => Math.floor((i * count) / pictures.length) !== Math.floor(((i - 1) * count) / pictures.length))
