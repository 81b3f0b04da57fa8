import { present } from '@monge-tooling/stories'
import { curves, smallMultiples } from '@monge/viz'
import type { Layer, Scene } from '@monge/viz'
import type { PolynomialMixtureValues } from '@monge/generators'
import type { Backend } from '@monge/backend'
import type { Way } from './losses.js'
import { mean } from './mean.js'
import { curveOf, truthValues } from './models.js'
import { layersOf } from './picture.js'
import { span } from './plane.js'
import type { Recipe } from './recipe.js'
import { seenBy } from './seen.js'
import type { Run } from './train.js'

/** One fit from one seed. */
export interface Result {
  readonly way: Way
  readonly recipe: Recipe
  readonly seed: number
  readonly steps: number
  readonly run: Run
}

const grey = '#777777'

const panels = (title: string, description: string, list: readonly { readonly title: string; readonly note?: string; readonly layers: readonly Layer[] }[]): Scene =>
  smallMultiples({
    title,
    description,
    columns: Math.min(4, list.length),
    equal: true,
    panelWidth: 210,
    panelHeight: 210,
    x: { domain: span },
    y: { domain: span },
    axes: 'frame',
  })(list)

const noValues: PolynomialMixtureValues = { logit: 0, sigmas: [1, 1], coefficients: [[0], [0]] }

const end = ({ snapshots }: Run): PolynomialMixtureValues => snapshots.at(-1)?.values ?? noValues

const smoothed = (values: readonly number[]): readonly number[] =>
  values.map((_, step) => mean(values.slice(Math.max(0, step - 19), step + 1)))

const lossCurves = (results: readonly Result[]): Scene =>
  smallMultiples({
    title: 'The losses, each in its own units',
    description: 'Running means over 20 steps; the step is on the level axis.',
    columns: Math.min(4, results.length),
    panelWidth: 170,
    panelHeight: 120,
    gap: 34,
    share: { x: false, y: false },
    x: { ticks: 3 },
    y: { ticks: 4 },
  })(
    results.map(({ way, run }) => {
      const values = smoothed(run.losses)
      return {
        title: way.title,
        layers: [curves([{ x: values.map((_, step) => step), y: values, colour: grey }])],
      }
    }),
  )

/** Prints, draws and writes it all. */
export const show = (out: string, results: readonly Result[], points: number, backend: Backend): void => {
  const first = results.filter(({ seed }) => seed === results[0]?.seed)
  const truth = curveOf(truthValues)
  const frames = Math.max(...first.map(({ run }) => run.snapshots.length))
  const at = ({ snapshots }: Run, frame: number) => snapshots[Math.min(frame, snapshots.length - 1)]
  present(out, {
    title: 'A mixture on a curve, fitted by eight losses',
    introduction: [
      `The data, ${points} points, lie about two places of a cubic curve; the model starts as a point at the origin. Each step of Adam
      (rate .1, epsilon .01) compares ${points} fresh points of the model with all of the data. The model's weights are differentiable: half of
      its points are of each class, and share what the sigmoid of a parameter says. The Sinkhorn divergence gets fresh data in
      each step, a rate that falls to 0, and the average of its last parameters, unless other choices were asked for.`,
      `Blue: the truth. Orange: the model. In the pictures, behind them: the field k ⋆ (model - data), purple where the model has too
      much and orange where too little; the model's log-likelihood, dark where high; or the heaviest entries of the plan. s = .25 for kernels, ε = .15² and cost |x - y|² for transport.`,
      `The table gives the loss of the first step and its mean over the last 100, in the notebook's conventions (squared MMD without
      the half); and the Sinkhorn divergence between samples of the model and of the truth, over that between two
      samples of the truth, for samples of 50 points and of 200.`,
    ],
    animations: [
      {
        name: 'fits',
        heading: 'The fits',
        frames: Array.from({ length: frames }, (_, frame) => ({
          label: `${Math.round((100 * frame) / Math.max(1, frames - 1))} %`,
          scene: panels(
            'The model as it learns',
            'The data, the true curve and the curve of the model, for each loss.',
            first.map(({ way, run }) => ({
              title: way.title,
              note: `step ${at(run, frame)?.step ?? 0}`,
              layers: layersOf({ data: run.data, truth, fit: curveOf(at(run, frame)?.values ?? noValues) }),
            })),
          ),
        })),
      },
    ],
    pictures: {
      fits: panels(
        'The fitted models',
        'Data, model and truth for each loss; behind them what the loss sees.',
        first.map(({ way, run, steps }) => ({
          title: way.title,
          note: `step ${steps}`,
          layers: layersOf({
            data: run.data,
            truth,
            fit: curveOf(end(run)),
            model: run.model,
            seen: seenBy(way.background, run.model, run.data, backend),
          }),
        })),
      ),
      losses: lossCurves(first),
    },
    table: {
      head: ['loss', 'seed', 'steps', 'first', 'last 100', '50 points', '200 points', 'ms'],
      rows: results.map(({ way, seed, steps, run }) => [
        way.title,
        String(seed),
        String(steps),
        (run.losses[0] ?? Number.NaN).toFixed(4),
        run.last.toFixed(4),
        ...run.verdicts.map(({ divergence, real }) => (divergence / real).toFixed(2)),
        run.milliseconds.toFixed(1),
      ]),
    },
    data: {
      points,
      truth: truthValues,
      runs: results.map(({ way, recipe, seed, steps, run }) => ({
        loss: way.name,
        ...recipe,
        seed,
        steps,
        losses: run.losses,
        last: run.last,
        verdicts: run.verdicts,
        milliseconds: run.milliseconds,
        fitted: end(run),
      })),
    },
  })
}
