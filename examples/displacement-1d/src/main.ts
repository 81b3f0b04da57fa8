#!/usr/bin/env node
import { numberOf, present, runStory, wholeOf } from '@monge-tooling/stories'
import type { Story } from '@monge-tooling/stories'
import { requireFinite, requirePositive } from '@monge/errors'
import { curves, plot } from '@monge/viz'
import type { Scene } from '@monge/viz'
import { kernelEstimate, momentsOf } from './kernel-estimate.js'
import { densityOf, gridOf, pathOf, within } from './path.js'
import type { Normal } from './path.js'

const readNormal =
  (where: string) =>
  (text: string): Normal => {
    const [mean = '', variance = '', ...rest] = text.split(',')
    const check = numberOf(where, requireFinite)
    if (rest.length > 0) check(text)
    return { mean: check(mean), deviation: Math.sqrt(numberOf(where, requirePositive)(variance)) }
  }

interface Told {
  readonly from: Normal
  readonly to: Normal
  readonly points: number
  readonly frames: number
  readonly seed: number
}

const tell = async (options: Readonly<Record<string, unknown>>, out: string): Promise<void> => {
  const { from, to, points, frames, seed } = options as unknown as Told
  const { map, at, lawAt, gone, exact } = pathOf(from, to, points, seed)
  const grid = gridOf(from, to)
  const [low = 0, high = 1] = [grid[0], grid.at(-1)]
  const times = Array.from({ length: frames }, (_, k) => k / (frames - 1))
  const peak = 1.35 * Math.max(...[from, to].flatMap((law) => densityOf(law, [law.mean])))
  const sceneAt = (t: number): Scene =>
    plot({
      title: `Displacement interpolation, t = ${t.toFixed(2)}`,
      description: 'The density of the moving particles, estimated by kernels, and that of the normal law in between.',
      width: 640,
      height: 360,
      x: { label: 'x', domain: [low, high] },
      y: { label: 'density', domain: [0, peak] },
    })([
      curves([
        { x: grid, y: densityOf(from, grid), colour: '#8c8c8c', dash: [2, 3], label: 'start' },
        { x: grid, y: densityOf(to, grid), colour: '#8c8c8c', dash: [8, 3], label: 'end' },
        { x: grid, y: densityOf(lawAt(t), grid), colour: '#0072b2', dash: [5, 3], label: 'normal law at t' },
      ]),
      curves([{ x: grid, y: kernelEstimate(at(t), grid), colour: '#d55e00', strokeWidth: 2.2, label: 'kernel estimate' }]),
    ])

  const shown = [0, 0.25, 0.5, 0.75, 1]
  const distances = shown.map(gone)
  const rows = shown.map((t, k) => {
    const { mean, deviation } = momentsOf(at(t))
    const law = lawAt(t)
    return [
      t.toFixed(2),
      mean.toFixed(3),
      law.mean.toFixed(3),
      (deviation ** 2).toFixed(3),
      (law.deviation ** 2).toFixed(3),
      (distances[k] ?? Number.NaN).toFixed(4),
      (t * exact.distance).toFixed(4),
    ]
  })
  const overview = plot({
    title: 'From one law to the other',
    description: 'Kernel estimates of the density at five times.',
    width: 640,
    height: 360,
    x: { label: 'x', domain: [low, high] },
    y: { label: 'density', domain: [0, peak] },
  })([curves(shown.map((t) => ({ x: grid, y: kernelEstimate(at(t), grid), label: `t = ${t}` })))])
  const moved = within(from, grid)
  const brenier = plot({
    title: 'The Brenier map',
    description: 'Where each place of the first law goes.',
    width: 480,
    height: 360,
    x: { label: 'x' },
    y: { label: 'T(x)' },
  })([
    curves([
      {
        x: moved,
        y: moved.map(map),
        label: 'T = G⁻¹ ∘ F',
      },
    ]),
  ])
  present(out, {
    title: 'Displacement interpolation on the line',
    introduction: [
      `Particles drawn from N(${from.mean}, ${(from.deviation ** 2).toPrecision(3)}) move in straight lines, at constant
      speed, to where the Brenier map T = G⁻¹ ∘ F sends them; at the end they are distributed as
      N(${to.mean}, ${(to.deviation ** 2).toPrecision(3)}). In between the law is normal too, and as far from the start
      as the time that has passed.`,
      `W₂ = ${exact.distance.toPrecision(8)}, by quadrature to within ${exact.error.toExponential(1)} of W₂²; the
      ${points} particles were drawn with seed ${seed}.`,
    ],
    animations: [{ name: 'displacement', frames: times.map((t) => ({ label: `t = ${t.toFixed(2)}`, scene: sceneAt(t) })) }],
    pictures: { overview, map: brenier },
    table: { head: ['t', 'mean', 'of the law', 'variance', 'of the law', 'W2 from start', 't W2'], rows },
    data: { from, to, seed, W2: exact.distance, error: exact.error, times: shown, distances, start: at(0), end: at(1) },
  })
}

const story: Story = {
  name: 'displacement-1d',
  description: 'Displacement interpolation between two normal laws on the line.',
  options: [
    { flags: '--from <mean,variance>', help: 'where it starts', read: readNormal('--from'), fallback: { mean: 0, deviation: 1 } },
    { flags: '--to <mean,variance>', help: 'where it ends', read: readNormal('--to'), fallback: { mean: 5, deviation: 2 } },
    { flags: '--points <n>', help: 'particles', read: wholeOf('--points', 2, 100_000), fallback: 1000 },
    { flags: '--frames <n>', help: 'pictures of the animation', read: wholeOf('--frames', 2, 200), fallback: 41 },
    { flags: '--seed <n>', help: 'seed of the particles', read: numberOf('--seed', requireFinite), fallback: 0 },
  ],
  tell,
}

process.exitCode = await runStory(story, process.argv.slice(2))
