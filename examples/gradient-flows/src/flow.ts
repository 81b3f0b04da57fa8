import { join, relative } from 'node:path'
import { cloud } from './cloud.js'
import { titleOf } from './losses.js'
import { write } from './output.js'
import { progress } from './progress.js'
import { simulator } from './simulate.js'
import { table } from './table.js'
import type { Density } from '@monge-tooling/stories'
import type { Options } from './options.js'
import type { Trajectory } from './trajectory.js'

/** A picture with its name. */
export interface Subject {
  readonly name: string
  readonly density: Density
}

/** What a run starts from. */
export interface Start {
  readonly options: Options
  readonly source: Subject
  readonly target: Subject
  readonly signal: AbortSignal
  /** Where the user stands. */
  readonly directory: string
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** Flows under each loss in turn, tells of it as it goes, and writes what came of it. */
export const flow = async ({ options, source, target, signal, directory }: Start): Promise<void> => {
  const { points, seed, step, times, losses, out } = options
  const clouds = { source: cloud(source.density, points, seed, 0), target: cloud(target.density, points, seed, 1) }
  const { name, simulate } = await simulator(options.backend)
  say(`${points} points of ${source.name} flow onto ${target.name}; backend: ${name}`)

  const shown = progress(Math.max(...losses.map((loss) => titleOf(loss).length)))
  const trajectories: Trajectory[] = []
  try {
    for (const parameters of losses) {
      shown.start(titleOf(parameters), Math.round((times.at(-1) ?? 0) / step))
      const trajectory = await simulate({ parameters, ...clouds, step, times, signal, onStep: shown.step })
      trajectories.push(trajectory)
      shown.finish(trajectory.losses.at(-1) ?? 0, trajectory.secondsPerStep)
    }
  } finally {
    shown.stop()
  }
  say(table(trajectories, process.stdout.isTTY))
  const files = write({
    options,
    backend: name,
    sourceName: source.name,
    targetName: target.name,
    ...clouds,
    trajectories,
  })
  const page = relative(directory, join(out, 'report.html'))
  say(`Wrote ${files.length} files: open ${page.startsWith('..') ? join(out, 'report.html') : page}`)
}
