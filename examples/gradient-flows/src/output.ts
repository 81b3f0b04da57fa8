import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderPng } from '@monge-tooling/render'
import { toSvg } from '@monge/viz'
import { guarded } from '@monge-tooling/stories'
import { sheet, strip } from './figures.js'
import { slugOf, titleOf } from './losses.js'
import { report } from './report.js'
import type { Scene } from '@monge/viz'
import type { Run } from './run.js'

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
  const { options, trajectories } = run
  const files: readonly (readonly [string, string | Uint8Array])[] = [
    ['report.html', report(run)],
    ['sheet.png', png(sheet(run))],
    ...trajectories.map((one) => [`${slugOf(one.parameters)}.png`, png(strip(run, one))] as const),
    ['flows.json', dataOf(run)],
  ]
  guarded(options.out, () => files.forEach(([name, content]) => writeFileSync(join(options.out, name), content)))
  return files.map(([name]) => name)
}
