import { categorical, curves, plot, scatter, timeStrips } from '@monge/viz'
import { format } from './format.js'
import { isKernelNorm, titleOf } from './losses.js'
import type { Layer, Scene, TimeStrip } from '@monge/viz'
import type { Cloud } from './cloud.js'
import type { Snapshot, Trajectory } from './trajectory.js'

const [blue = 'blue', red = 'red'] = categorical
const panel = 164

/** How far ahead in time the arrows point. */
export const ahead = 0.15

// More arrows than this are a haze.
const mostArrows = 400

const layersOf = (target: Cloud, { points, velocities }: Snapshot): readonly Layer[] => [
  scatter({ points: target, colour: blue, opacity: 0.55, label: 'target' }),
  scatter({
    points,
    colour: red,
    label: 'flow',
    ...(points.length <= mostArrows ? { velocities, reach: ahead } : {}),
  }),
]

const stripOf = (target: Cloud, { snapshots }: Trajectory): TimeStrip => ({
  frames: snapshots.map((snapshot) => ({
    time: snapshot.time,
    note: format(snapshot.loss),
    layers: layersOf(target, snapshot),
  })),
})

const look = { equal: true, axes: 'frame', panelWidth: panel, panelHeight: panel, gap: 8 } as const

const description =
  'From left to right, the flowing points leave the source cloud and move onto the target cloud; above each panel its time and the loss.'

/** The panels of one loss. */
export const strip = (target: Cloud, trajectory: Trajectory): Scene =>
  timeStrips({ ...look, title: titleOf(trajectory.parameters), description })([stripOf(target, trajectory)])

/** The panels of all losses, one above the other. */
export const sheet = (target: Cloud, trajectories: readonly Trajectory[]): Scene =>
  timeStrips({ ...look, title: 'Gradient flows, by loss', description })(
    trajectories.map((trajectory) => ({ ...stripOf(target, trajectory), title: titleOf(trajectory.parameters) })),
  )

const lossPlot = (title: string, trajectories: readonly Trajectory[]): readonly Scene[] => {
  // A log axis has no place for the zeros, and what rounding makes of them, that a flow ends with.
  const series = trajectories.flatMap(({ parameters, times, losses }) => {
    const kept = [...losses.keys()].filter((index) => (losses[index] ?? 0) > 0)
    const take = (values: readonly number[]): readonly number[] => kept.map((index) => values[index] ?? 0)
    return kept.length < 2 ? [] : [{ x: take(times), y: take(losses), label: titleOf(parameters) }]
  })
  const options = { title, width: 520, height: 400, x: { label: 'time' }, y: { kind: 'log', label: 'loss' } } as const
  return series.length === 0 ? [] : [plot(options)([curves(series)])]
}

/** The losses over time: norms of kernels in one plot, transport costs in the other. */
export const lossPlots = (trajectories: readonly Trajectory[]): readonly Scene[] => [
  ...lossPlot('Kernel norms over time', trajectories.filter(({ parameters }) => isKernelNorm(parameters))),
  ...lossPlot('Transport costs over time', trajectories.filter(({ parameters }) => !isKernelNorm(parameters))),
]
