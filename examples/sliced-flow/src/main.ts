#!/usr/bin/env node
import { fromUser, numberOf, present, runStory, wholeOf } from '@monge-tooling/stories'
import type { Story } from '@monge-tooling/stories'
import { referenceBackend } from '@monge/backend-reference'
import { requireFinite } from '@monge/errors'
import { emdSamples } from '@monge/exact'
import { curves, plot, scatter, smallMultiples } from '@monge/viz'
import type { Scene } from '@monge/viz'
import { descend } from './descend.js'
import type { Descent } from './descend.js'
import type { Cloud } from './forms.js'
import { barycenterPulls, flowPulls, flowRate, moved, noiseOf, rateOf } from './pulls.js'
import { sourceShape, targetShape } from './shapes.js'

interface Told {
  readonly source?: string
  readonly target?: string
  readonly seed: number
  readonly steps: number
}

const distance = (x: Cloud, y: Cloud): number => emdSamples({ x, y, p: 2 }).distance

const names = ['flow', 'barycenter'] as const

interface Stage {
  readonly name: string
  readonly descent: Descent
  readonly shapes: readonly [Cloud, Cloud]
  readonly x: { readonly domain: readonly [number, number] }
  readonly y: { readonly domain: readonly [number, number] }
  readonly width: number
  readonly height: number
}

const tell = async (options: Readonly<Record<string, unknown>>, out: string): Promise<void> => {
  const { source, target, seed, steps } = options as unknown as Told
  const from = sourceShape(source === undefined ? undefined : fromUser(source))
  const to = targetShape(target === undefined ? undefined : fromUser(target))
  const backend = await referenceBackend()
  const there = moved(to.points)
  const flow = descend(
    backend,
    from.points,
    steps,
    flowPulls({ backend, seed, directions: 20 }, there),
    flowRate(from.points),
  )
  const noise = noiseOf(500, seed)
  const middle = descend(
    backend,
    noise,
    Math.ceil(steps / 2),
    barycenterPulls({ backend, seed, directions: 50 }, [to.points, from.points]),
    () => rateOf(noise),
  )

  const stages: readonly Stage[] = [
    {
      name: 'The flow',
      descent: flow,
      shapes: [from.points, there],
      x: { domain: [-4, 90] },
      y: { domain: [-6, 32] },
      width: 620,
      height: 300,
    },
    {
      name: 'The barycenter',
      descent: middle,
      shapes: [from.points, to.points],
      x: { domain: [-8, 38] },
      y: { domain: [-8, 38] },
      width: 440,
      height: 470,
    },
  ]
  const layers = ({ shapes: [one, other] }: Stage, cloud: Cloud) => [
    scatter({ points: one, colour: '#56b4e9', opacity: 0.35 }),
    scatter({ points: other, colour: '#8c8c8c', opacity: 0.35 }),
    scatter({ points: cloud, colour: '#d55e00' }),
  ]
  const frames = (stage: Stage): readonly { readonly label: string; readonly scene: Scene }[] => {
    const { clouds } = stage.descent
    const stride = Math.max(1, Math.ceil((clouds.length - 1) / 50))
    const kept = clouds.flatMap((cloud, step) => (step % stride === 0 || step === clouds.length - 1 ? [{ cloud, step }] : []))
    const { name, x, y, width, height } = stage
    return kept.map(({ cloud, step }) => ({
      label: `step ${step}`,
      scene: plot({
        x,
        y,
        width,
        height,
        equal: true,
        axes: 'frame',
        title: `${name}, step ${step}`,
        description: 'The moving cloud, over the shapes in pale.',
      })(layers(stage, cloud)),
    }))
  }
  const panels = (stage: Stage): Scene => {
    const { clouds } = stage.descent
    const shown = [0, 0.05, 0.1, 0.25, 0.5, 1].map((part) => Math.round(part * (clouds.length - 1)))
    return smallMultiples({
      title: stage.name,
      description: 'The cloud at six steps.',
      equal: true,
      axes: 'frame',
      columns: stage.width > 500 ? 2 : 3,
      x: stage.x,
      y: stage.y,
      panelWidth: stage.width / 2,
      panelHeight: stage.width > 500 ? 130 : stage.width / 2,
    })(shown.map((step) => ({ title: `step ${step}`, layers: layers(stage, clouds[step] ?? []) })))
  }
  const losses = plot({ title: 'The losses', description: 'Both losses at each step.', x: { label: 'step' }, y: { label: 'sliced distance' } })([
    curves(
      [
        { label: 'flow', values: flow.losses },
        { label: 'barycenter', values: middle.losses },
      ].map(({ label, values }) => ({ x: values.map((_, step) => step), y: values, label })),
    ),
  ])
  const row = ({ name, descent: { clouds, losses: values }, shapes: [one, other] }: Stage, step: number): readonly string[] => {
    const cloud = clouds[step] ?? []
    const value = values[step]
    return [
      name,
      String(step),
      value === undefined ? '' : value.toFixed(4),
      distance(cloud, one).toFixed(4),
      distance(cloud, other).toFixed(4),
    ]
  }
  const at = (last: number): readonly number[] => [...new Set([0, 0.1, 0.25, 0.5, 1].map((part) => Math.round(part * last)))]
  const rows = stages.flatMap((stage) => at(stage.descent.losses.length).map((step) => row(stage, step)))
  present(out, {
    title: 'A sliced flow, and a sliced barycenter',
    introduction: [
      `POT's example of the sliced Wasserstein distance as a loss. First ${from.points.length} points, ${from.name}, go
      down the gradient of their sliced distance to ${to.points.length} points, ${to.name}, 60 units to the right: 20 directions, drawn anew at each
      step i, of size 1000 / (1 + i/50) for 345 points. Then 500 points, at first noise, go down the mean of their sliced distances to both
      shapes: 50 directions for each, in steps of one size.`,
      `Orange: the cloud. Blue: ${from.name}. Grey: ${to.name}. The table gives the loss before each step, and exact
      Wasserstein distances; directions are drawn with seed ${seed}.`,
    ].map((text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')),
    animations: stages.map((stage, k) => ({ name: names[k] ?? stage.name, heading: stage.name, frames: frames(stage) })),
    pictures: { ...Object.fromEntries(stages.map((stage, k) => [names[k], panels(stage)])), losses },
    table: { head: ['', 'step', 'loss', `W2 to ${from.name}`, `W2 to ${to.name}`], rows },
    data: {
      seed,
      source: from,
      target: to,
      flow: { losses: flow.losses, last: flow.clouds.at(-1) },
      barycenter: { losses: middle.losses, last: middle.clouds.at(-1) },
    },
  })
}

const story: Story = {
  name: 'sliced-flow',
  description: "POT's sliced example: a shape flows onto another, and the sliced barycenter of both.",
  options: [
    { flags: '--source <png>', help: 'picture to flow from, dark on white (default: a cross)' },
    { flags: '--target <png>', help: 'picture to flow onto, dark on white (default: a heart)' },
    {
      flags: '--steps <n>',
      help: 'steps of the flow; the barycenter takes half as many',
      read: wholeOf('--steps', 1, 10_000),
      fallback: 100,
    },
    { flags: '--seed <n>', help: 'seed of the directions', read: numberOf('--seed', requireFinite), fallback: 0 },
  ],
  tell,
}

process.exitCode = await runStory(story, process.argv.slice(2))
