import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderGif, renderPng } from '@monge-tooling/render'
import { toSvg } from '@monge/viz'
import type { Scene } from '@monge/viz'
import Table from 'cli-table3'
import { guarded } from './directory.js'
import { sliderPage } from './slider-page.js'
import type { SliderPage } from './slider-page.js'

/** An animation: scenes of one size, each with what the slider says there. */
export interface Animation {
  /** The name of its GIF, without the ending. */
  readonly name: string
  readonly heading?: string
  readonly frames: readonly { readonly label: string; readonly scene: Scene }[]
}

/** What a story shows. */
export interface Show extends Omit<SliderPage, 'animations'> {
  readonly animations: readonly Animation[]
  /** Pictures by the names of their files, without the ending. */
  readonly pictures: Readonly<Record<string, Scene>>
  /** What goes to `data.json`. */
  readonly data: unknown
}

const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value

/** Writes the page, a GIF for each animation, the pictures and the data, prints the table, and says what was written. */
export const present = (out: string, show: Show): void => {
  const { animations, pictures, data, ...page } = show
  const drawn = animations.map(({ name, heading, frames }) => ({
    name,
    ...(heading === undefined ? {} : { heading }),
    frames: frames.map(({ label, scene }) => ({ label, svg: toSvg(scene), width: scene.width })),
  }))
  const files: readonly (readonly [string, string | Uint8Array])[] = [
    ['index.html', sliderPage({ ...page, animations: drawn })],
    ...drawn.map(({ name, frames }) => {
      const width = Math.round(frames[0]?.width ?? 1)
      const svgs = frames.map(({ svg }) => svg)
      return [`${name}.gif`, renderGif(svgs, { width, delay: 80, lastDelay: 1500 })] as const
    }),
    ...Object.entries(pictures).map(
      ([name, scene]) => [`${name}.png`, renderPng(toSvg(scene), { width: Math.round(2 * scene.width) })] as const,
    ),
    ['data.json', JSON.stringify(data, rounded)],
  ]
  guarded(out, () => {
    for (const [name, content] of files) writeFileSync(join(out, name), content)
  })
  const grid = new Table({
    head: [...page.table.head],
    colAligns: page.table.head.map((__, column) => (column === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  })
  for (const row of page.table.rows) grid.push([...row])
  process.stdout.write(`${grid.toString()}\n\nWrote ${files.map(([name]) => name).join(', ')} to ${out}\n`)
}
