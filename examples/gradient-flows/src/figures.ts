import { categorical, curves, plot, scatter, timeStrips } from '@monge/viz'
import { format } from './format.js'
import { isKernelNorm, titleOf } from './losses.js'
import type { Layer, Scene, TimeStrip } from '@monge/viz'
import type { Cloud } from './cloud.js'
import type { Run } from './run.js'
import type { Snapshot, Trajectory } from './trajectory.js'

const [blue = 'blue', red = 'red'] = categorical
const panel = 164

// More arrows than this are a haze: with more points, one in so many has an arrow.
const mostArrows = 125

const thinned = (velocities: Cloud): Cloud => {
  const stride = Math.ceil(velocities.length / mostArrows)
  return velocities.map((velocity, index) => (index % stride === 0 ? velocity : [0, 0]))
}

// The frame: what holds both clouds at the start, and a margin for points that are driven out. It is the same for all
// losses, so that their pictures compare; a few points that are driven out farther are not shown.
const margin = 0.15

type Range = readonly [number, number]

const rangeOf = (values: readonly number[]): Range => [Math.min(...values), Math.max(...values)]

/** The part of the plane that the panels show: a square around both clouds. */
export const view = (clouds: readonly Cloud[]): { readonly x: Range; readonly y: Range } => {
  const points = clouds.flat()
  const [x, y] = [rangeOf(points.map(([px]) => px)), rangeOf(points.map(([, py]) => py))]
  const half = (0.5 + margin) * Math.max(x[1] - x[0], y[1] - y[0])
  const around = ([low, high]: Range): Range => [(low + high) / 2 - half, (low + high) / 2 + half]
  return { x: around(x), y: around(y) }
}

/** How far ahead in time the arrows of a flow point: so far that the fast ones of the start cross a twelfth of it. */
export const ahead = (run: Run, { snapshots }: Trajectory): number => {
  const { x } = view([run.source, run.target])
  const speeds = (snapshots[0]?.velocities ?? []).map(([vx, vy]) => Math.hypot(vx, vy)).toSorted((a, b) => a - b)
  const fast = speeds[Math.floor(0.9 * speeds.length)] ?? 0
  return fast > 0 ? Number(((0.08 * (x[1] - x[0])) / fast).toPrecision(1)) : 1
}

const layersOf =
  (run: Run, trajectory: Trajectory) =>
  ({ points, velocities }: Snapshot): readonly Layer[] => [
    scatter({ points: run.target, colour: blue, opacity: 0.55, label: 'target' }),
    scatter({
      points,
      colour: red,
      label: 'flow',
      velocities: thinned(velocities),
      reach: ahead(run, trajectory),
      arrowColour: '#8a3d00',
    }),
  ]

const stripOf =
  (run: Run) =>
  (trajectory: Trajectory): TimeStrip => ({
    title: titleOf(trajectory.parameters),
    frames: trajectory.snapshots.map((snapshot) => ({
      time: snapshot.time,
      note: format(snapshot.loss),
      layers: layersOf(run, trajectory)(snapshot),
    })),
  })

const description =
  'From left to right, the points leave the source and move onto the target; above each panel its time and the loss.'

const strips = (run: Run, title: string, trajectories: readonly TimeStrip[]): Scene => {
  const { x, y } = view([run.source, run.target])
  const look = { axes: 'frame', panelWidth: panel, panelHeight: panel, gap: 16 } as const
  return timeStrips({ ...look, title, description, x: { domain: x }, y: { domain: y } })(trajectories)
}

/** The panels of one loss. */
export const strip = (run: Run, trajectory: Trajectory): Scene =>
  strips(run, titleOf(trajectory.parameters), [{ frames: stripOf(run)(trajectory).frames }])

/** The panels of all losses, one above the other. */
export const sheet = (run: Run): Scene => strips(run, 'Gradient flows, by loss', run.trajectories.map(stripOf(run)))

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
  ...lossPlot(
    'Kernel norms over time',
    trajectories.filter(({ parameters }) => isKernelNorm(parameters)),
  ),
  ...lossPlot(
    'Transport costs over time',
    trajectories.filter(({ parameters }) => !isKernelNorm(parameters)),
  ),
]
