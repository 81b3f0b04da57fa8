#!/usr/bin/env node
import { relative } from 'node:path'
import { isMongeError } from '@monge/errors'
import { cloud } from './cloud.js'
import { digit } from './digit.js'
import { titleOf } from './losses.js'
import { readOptions } from './options.js'
import { prepare, write } from './output.js'
import { picture } from './picture.js'
import { progress } from './progress.js'
import { simulator } from './simulate.js'
import { table } from './table.js'
import type { Cloud } from './cloud.js'
import type { Options } from './options.js'
import type { Trajectory } from './trajectory.js'

// npm and pnpm run a package's script in the package's directory, and say here where the user stood.
const directory = process.env['INIT_CWD'] ?? process.cwd()

const say = (text: string): void => void process.stdout.write(`${text}\n`)

interface Clouds {
  readonly sourceName: string
  readonly targetName: string
  readonly source: Cloud
  readonly target: Cloud
}

const cloudsOf = ({ source, target, points, seed }: Options): Clouds => ({
  sourceName: source ?? 'a handwritten 0 (MNIST)',
  targetName: target ?? 'a handwritten 4 (MNIST)',
  source: cloud(source === undefined ? digit(0, 5) : picture('--source', source), points, seed, 0),
  target: cloud(target === undefined ? digit(4, 6) : picture('--target', target), points, seed, 1),
})

const flow = async (options: Options, signal: AbortSignal): Promise<void> => {
  const clouds = cloudsOf(options)
  prepare(options.out)
  const { name, simulate } = await simulator(options.backend)
  say(`${options.points} points of ${clouds.sourceName} flow onto ${clouds.targetName}, on ${name}`)

  const shown = progress(Math.max(...options.losses.map((loss) => titleOf(loss).length)))
  const trajectories: Trajectory[] = []
  try {
    for (const parameters of options.losses) {
      shown.start(titleOf(parameters), Math.round((options.times.at(-1) ?? 0) / options.step))
      const { source, target } = clouds
      const plan = { parameters, source, target, step: options.step, times: options.times, signal, onStep: shown.step }
      const trajectory = await simulate(plan)
      trajectories.push(trajectory)
      shown.finish(trajectory.losses.at(-1) ?? 0, trajectory.secondsPerStep)
    }
  } finally {
    shown.stop()
  }
  say(table(trajectories, process.stdout.isTTY === true))
  const files = write({ options, backend: name, ...clouds, trajectories })
  say(`Wrote ${files.length} files to ${relative(directory, options.out) || '.'}: open report.html there`)
}

const main = async (): Promise<number> => {
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  try {
    const request = readOptions(process.argv.slice(2), directory)
    if (request.kind === 'help') say(request.text.trimEnd())
    else await flow(request.options, interrupted.signal)
    return 0
  } catch (error) {
    if (interrupted.signal.aborted) {
      process.stderr.write('stopped before the end; nothing was written\n')
      return 130
    }
    if (!isMongeError(error)) throw error
    process.stderr.write(`${error.message}\n`)
    return 2
  }
}

process.exitCode = await main()
