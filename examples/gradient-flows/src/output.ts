import { accessSync, constants, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { mongeError } from '@monge/errors'
import { renderPng } from '@monge-tooling/render'
import { toSvg } from '@monge/viz'
import { sheet, strip } from './figures.js'
import { slugOf, titleOf } from './losses.js'
import { reasonOf } from './reason.js'
import { report } from './report.js'
import type { Scene } from '@monge/viz'
import type { Run } from './run.js'

const guarded = <A>(directory: string, work: () => A): A => {
  try {
    return work()
  } catch (error) {
    throw mongeError('InvalidArgument', '--out', `cannot write to ${directory}: ${reasonOf(error)}`, error)
  }
}

// By hand, since Node's own recursive mkdir never returns where the system refuses a directory as if it were missing.
const make = (directory: string): void => {
  if (!existsSync(directory)) {
    make(dirname(directory))
    mkdirSync(directory)
  }
  readdirSync(directory)
  accessSync(directory, constants.W_OK)
}

/**
 * Makes the directory and sees that it can be written to, before any work is done.
 *
 * @throws InvalidArgument if it cannot
 */
export const prepare = (directory: string): void =>
  guarded(directory, () => make(directory))

// Seven digits are what float32 holds.
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(7)) : value

const dataOf = ({ options, backend, sourceName, targetName, source, target, trajectories }: Run): string =>
  JSON.stringify(
    {
      source: { name: sourceName, points: source },
      target: { name: targetName, points: target },
      seed: options.seed,
      step: options.step,
      backend,
      flows: trajectories.map(({ parameters, times, losses, snapshots, secondsPerStep }) => ({
        title: titleOf(parameters),
        parameters,
        times,
        losses,
        snapshots,
        secondsPerStep,
      })),
    },
    rounded,
  )

const png = (scene: Scene): Uint8Array => renderPng(toSvg(scene), { width: Math.round(2 * scene.width) })

/** Writes the page, the pictures and the data; returns the names of the files. */
export const write = (run: Run): readonly string[] => {
  const { options, target, trajectories } = run
  const files: readonly (readonly [string, string | Uint8Array])[] = [
    ['report.html', report(run)],
    ['sheet.png', png(sheet(target, trajectories))],
    ...trajectories.map((one) => [`${slugOf(one.parameters)}.png`, png(strip(target, one))] as const),
    ['flows.json', dataOf(run)],
  ]
  guarded(options.out, () => files.forEach(([name, content]) => writeFileSync(join(options.out, name), content)))
  return files.map(([name]) => name)
}
