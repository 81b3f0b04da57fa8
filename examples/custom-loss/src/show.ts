import { present } from '@monge-tooling/stories'
import type { TwoSampleReport } from '@monge/generators'
import { curves, smallMultiples } from '@monge/viz'
import type { Scene } from '@monge/viz'
import type { Name } from './losses.js'
import { panels as panelsOf } from './picture.js'
import type { Run } from './train.js'

/** One training. */
export interface Result {
  readonly name: Name
  readonly seed: number
  readonly run: Run
}

const titles: Readonly<Record<Name, string>> = {
  sliced: 'sliced alone',
  features: 'kernel of features alone',
  custom: 'the sum, and a narrow kernel',
}

const panels = (title: string, shown: readonly Result[], index: number): Scene =>
  panelsOf(
    title,
    shown.map(({ name, run }) => ({
      title: titles[name],
      heldOut: run.heldOut,
      samples: run.snapshots.at(index)?.points.filter(isShown) ?? [],
    })),
  )

const isShown = ([x, y]: readonly [number, number]): boolean => Math.max(Math.abs(x), Math.abs(y)) < 2.6

const smoothed = (values: readonly number[]): readonly number[] =>
  values.map((_, step) => {
    const part = values.slice(Math.max(0, step - 19), step + 1)
    return part.reduce((sum, value) => sum + value, 0) / part.length
  })

const row = (title: string, seed: number, { test, divergence, sliced, neighbours }: TwoSampleReport): readonly string[] => [
  title,
  String(seed),
  test.pValue.toFixed(3),
  `${divergence.value.toFixed(4)} (${divergence.low.toFixed(4)} to ${divergence.high.toFixed(4)})`,
  sliced.toFixed(3),
  neighbours.precision.toFixed(2),
  neighbours.recall.toFixed(2),
  neighbours.density.toFixed(2),
  neighbours.coverage.toFixed(2),
]

/** Prints, draws and writes it all; the pictures show the first seed. */
export const show = (out: string, results: readonly Result[], { steps, batch }: { readonly steps: number; readonly batch: number }): void => {
  const first = results.filter(({ seed }) => seed === results[0]?.seed)
  const [one] = first
  if (one === undefined) return
  present(out, {
    title: 'A loss of your own',
    introduction: [
      `A network 2-64-64-2 learns a spiral in ${steps} steps of Adam, ${batch} points a step, by three losses made of parts: the sliced
      distance along 40 directions; an energy distance between subsamples of 96 points, seen with their radius as a third
      coordinate; and the sum of both with half a narrow kernel's discrepancy.`,
      `The table compares 300 fresh samples with 300 held-out points: the p-value of a kernel test, the Sinkhorn divergence (blur .2) with its
      bootstrap interval, the sliced distance, and nearest-neighbour precision, recall, density and coverage.`,
    ],
    animations: [
      {
        name: 'spiral',
        frames: one.run.snapshots.map(({ step }, index) => ({ label: `step ${step}`, scene: panels(`Step ${step}`, first, index) })),
      },
    ],
    pictures: {
      spiral: panels(`After ${steps} steps`, first, -1),
      losses: smallMultiples({
        title: 'The losses, each in its own units',
        description: 'Running means over 20 steps; the step is on the level axis.',
        panelWidth: 210,
        panelHeight: 140,
        gap: 40,
        share: { x: true, y: false },
        x: { ticks: 4 },
        y: { ticks: 4 },
      })(
        first.map(({ name, run }) => {
          const values = smoothed(run.losses)
          return { title: titles[name], layers: [curves([{ x: values.map((_, step) => step), y: values }])] }
        }),
      ),
    },
    table: {
      head: ['', 'seed', 'p-value', 'divergence', 'sliced', 'precision', 'recall', 'density', 'coverage'],
      rows: results.flatMap(({ name, seed, run }, index) => [
        ...(index === 0 ? [row('before training', seed, run.before)] : []),
        row(titles[name], seed, run.after),
      ]),
    },
    data: {
      steps,
      batch,
      runs: results.map(({ name, seed, run: { losses, before, after, milliseconds } }) => ({
        loss: name,
        seed,
        milliseconds,
        before,
        after,
        losses,
      })),
    },
  })
}
