#!/usr/bin/env node
import { numberOf, present, runStory, wholeOf } from '@monge-tooling/stories'
import type { Story } from '@monge-tooling/stories'
import { requireFinite } from '@monge/errors'
import { gaussianDistance } from '@monge/exact'
import { planLines, scatter, smallMultiples } from '@monge/viz'
import type { Points, Scene } from '@monge/viz'
import { drawn, source, target } from './clouds.js'
import { pairingsOf } from './pairings.js'

interface Told {
  readonly points: number
  readonly frames: number
  readonly seed: number
}

const tell = async (options: Readonly<Record<string, unknown>>, out: string): Promise<void> => {
  const { points, frames, seed } = options as unknown as Told
  const [x, y] = [drawn(source, points, seed, 0), drawn(target, points, seed, 1)]
  const { exact, pairings } = pairingsOf(x, y)

  const axes = {
    panelWidth: 330,
    panelHeight: 300,
    columns: 2,
    equal: true,
    axes: 'frame',
    x: { domain: [-4, 10] },
    y: { domain: [-4, 8.7] },
  } as const
  const ends = (): ReturnType<typeof scatter>[] => [
    scatter({ points: x, colour: '#b0b0b0', opacity: 0.5 }),
    scatter({ points: y, colour: '#56b4e9', opacity: 0.5 }),
  ]
  const sceneAt = (t: number): Scene =>
    smallMultiples({
      ...axes,
      title: `Two Gaussian clouds, t = ${t.toFixed(2)}`,
      description: 'The points on their straight ways, for both pairings.',
    })(
      pairings.map(({ title, cost, at }) => ({
        title,
        note: `cost ${cost.toFixed(3)}`,
        layers: [...ends(), scatter({ points: at(t).points as Points, colour: '#d55e00' })],
      })),
    )
  const ways = smallMultiples({
    ...axes,
    title: 'Who goes where',
    description: 'A line from each point to its partner, for both pairings.',
  })(
    pairings.map(({ title, cost, plan }) => ({
      title,
      note: `cost ${cost.toFixed(3)}`,
      layers: [
        planLines({ from: x, to: y, plan, colour: '#777777', top: points }),
        scatter({ points: x, colour: '#d55e00' }),
        scatter({ points: y, colour: '#0072b2' }),
      ],
    })),
  )

  const shown = [0, 0.25, 0.5, 0.75, 1]
  const walked = pairings.map(({ gone }) => shown.map(gone))
  const times = Array.from({ length: frames }, (_, k) => k / (frames - 1))
  present(out, {
    title: 'Displacement interpolation of two Gaussian clouds',
    introduction: [
      `${points} points of one Gaussian move in straight lines to ${points} points of another, drawn with seed ${seed}:
      once paired in the order of their first coordinates, once by the exact optimal map. The sorted pairing knows nothing
      of the second coordinate, and some pairs would do better to exchange partners; along the optimal map no exchange helps.`,
      `The Gaussians themselves are W₂ = ${gaussianDistance(source, target).toPrecision(6)} apart. Along the exact map
      the cloud is at every time as far from the start as the time that has passed (its geodesic); along the sorted
      pairing it is nearer than the way that the points have gone.`,
    ],
    animations: [{ name: 'displacement', frames: times.map((t) => ({ label: `t = ${t.toFixed(2)}`, scene: sceneAt(t) })) }],
    pictures: { pairings: ways },
    table: {
      head: ['pairing', 'cost', 'root', ...shown.map((t) => `W2 at ${t}`)],
      rows: pairings.map(({ title, cost }, k) => [
        title,
        cost.toFixed(4),
        Math.sqrt(cost).toFixed(4),
        ...(walked[k] ?? []).map((distance) => distance.toFixed(4)),
      ]),
    },
    data: {
      seed,
      x,
      y,
      exact: { cost: exact.cost, gap: exact.gap, columns: Array.from(exact.plan.columns), rows: Array.from(exact.plan.rows) },
      costs: Object.fromEntries(pairings.map(({ title, cost }) => [title, cost])),
      gaussian: gaussianDistance(source, target),
    },
  })
}

const story: Story = {
  name: 'displacement-2d',
  description: 'Displacement interpolation of two Gaussian clouds, by a sorted pairing and by the exact map.',
  options: [
    { flags: '--points <n>', help: 'points of each cloud', read: wholeOf('--points', 2, 2000), fallback: 200 },
    { flags: '--frames <n>', help: 'pictures of the animation', read: wholeOf('--frames', 2, 200), fallback: 31 },
    { flags: '--seed <n>', help: 'seed of the points', read: numberOf('--seed', requireFinite), fallback: 0 },
  ],
  tell,
}

process.exitCode = await runStory(story, process.argv.slice(2))
