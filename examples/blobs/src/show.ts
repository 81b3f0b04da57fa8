import { present } from '@monge-tooling/stories'
import { curves, plot } from '@monge/viz'
import type { Scene } from '@monge/viz'
import type { Verdict } from './judge.js'
import { panels } from './picture.js'
import type { Run } from './train.js'
import type { Cloud } from './data.js'
import { formulas, forms, names } from './words.js'
import type { Form } from './words.js'

/** One training with one form of the loss from one seed. */
export interface Result {
  readonly form: Form
  readonly seed: number
  readonly run: Run
  readonly verdict: Verdict
}

/** What was asked for. */
export interface Setting {
  readonly steps: number
  readonly batch: number
  readonly epsilon: number
}

const window = 25

/** The mean of the values up to each, over at most 25: what is left of a loss's noise of sampling. */
const smoothed = (values: readonly number[]): readonly number[] =>
  values.map((_, step) => {
    const part = values.slice(Math.max(0, step + 1 - window), step + 1)
    return part.reduce((sum, value) => sum + value, 0) / part.length
  })

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

const sideBySide = (title: string, shown: readonly Result[], pick: (run: Run) => Cloud): Scene =>
  panels(
    title,
    'Samples of the model trained by each form of the loss, over held-out data.',
    shown.map(({ form, run }) => ({ title: names[form], heldOut: run.heldOut, samples: pick(run) })),
    { columns: 4, side: 190 },
  )

const losses = (shown: readonly Result[]): Scene =>
  plot({
    title: 'The loss at each step, in its four forms',
    description: 'Running means over 25 steps.',
    x: { label: 'step' },
    y: { label: 'loss', domain: [-0.25, 3] },
    width: 640,
  })([
    curves(
      shown.map(({ form, run }) => ({
        x: run.losses.map((_, step) => step),
        y: smoothed(run.losses),
        label: `${names[form]}: ${formulas[form]}`,
      })),
    ),
  ])

/** Prints, draws and writes it all. */
export const show = (out: string, results: readonly Result[], { steps, batch, epsilon }: Setting): void => {
  const first = results.filter(({ seed }) => seed === results[0]?.seed)
  const snapshots = first[0]?.run.snapshots.map(({ step }) => step) ?? []
  const rows = results.map(({ form, seed, run, verdict }) => [
    names[form],
    String(seed),
    ...forms.map((each) => run.values[each].toFixed(4)),
    verdict.shares.map((share) => share.toFixed(2)).join(' : '),
    mean(verdict.near.map((near, mode) => near / Math.max(1e-9, verdict.shares[mode] ?? 0))).toFixed(2),
    verdict.divergence.toExponential(2),
    (verdict.divergence / verdict.real).toFixed(2),
    run.milliseconds.toFixed(1),
  ])
  present(out, {
    title: 'Two blobs, by four forms of one loss',
    introduction: [
      `A network 2-64-64-2 turns normal noise into samples of two blobs. Each of ${steps} steps of Adam (rate .01, falling by half a cosine) compares ${batch} fresh samples
      with ${batch} fresh data by entropic transport, cost |x - y|², ε = ${epsilon}, whose value can be told in several ways.
      Primal and dual value are one number at the optimum, and have one gradient. The transport cost of the entropic plan
      is less by ε KL(P | abᵀ), and its own gradient is another one. All three are biased: they are least not at the data but at a
      cloud that is narrower. The debiased divergence is not.`,
      `The table gives all four values for the model that each form trained, on one batch of held-out data; the share of
      samples nearest to each blob; the part of those within three standard deviations; the Sinkhorn divergence
      between 500 samples and 500 held-out points, and how many times that of two real samples it is; and milliseconds a step.`,
    ],
    animations: [
      {
        name: 'blobs',
        heading: 'Training',
        frames: snapshots.map((step, index) => ({
          label: `step ${step}`,
          scene: sideBySide(`Step ${step}`, first, (run) => run.snapshots[index]?.points ?? []),
        })),
      },
    ],
    pictures: {
      blobs: sideBySide(`After ${steps} steps`, first, (run) => run.fresh.slice(0, 400)),
      losses: losses(first),
    },
    table: {
      head: ['trained by', 'seed', ...forms.map((form) => names[form]), 'shares', 'near', 'divergence', 'x real', 'ms'],
      rows,
    },
    data: {
      steps,
      batch,
      epsilon,
      runs: results.map(({ form, seed, run, verdict }) => ({
        form,
        seed,
        losses: run.losses,
        values: run.values,
        milliseconds: run.milliseconds,
        ...verdict,
      })),
    },
  })
}
