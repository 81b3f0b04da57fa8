import { greys, sizes, textWidth, write } from './lettering.js'
import { axis } from './axis.js'
import { colourAlong } from './colours.js'
import type { ColourKey, LegendEntry } from './layer.js'
import type { Box, Mark, Pixel } from './scene.js'

const swatchWidth = 22
const rowHeight = 18
const gap = 16

const swatch = ({ swatch: kind, style }: LegendEntry, [x, y]: Pixel): Mark => {
  switch (kind) {
    case 'dot':
      return { kind: 'circle', centre: [x + swatchWidth - 6, y], radius: 4.5, style }
    case 'line':
      return { kind: 'segment', from: [x, y], to: [x + swatchWidth, y], style }
    case 'area':
      return { kind: 'rectangle', box: { x: x + 8, y: y - 5, width: 12, height: 10 }, style }
  }
}

const widthOf = ({ label }: LegendEntry): number => swatchWidth + 6 + textWidth(label, sizes.label) + gap

/** A picture's legend: marks from the origin down, and how high they are. */
export interface Legend {
  readonly height: number
  readonly marks: readonly Mark[]
}

const unique = (entries: readonly LegendEntry[]): readonly LegendEntry[] =>
  entries.filter(({ label }, index) => entries.findIndex((entry) => entry.label === label) === index)

/** The entries in rows of at most `width` pixels; one for each label. */
export const legendOf = (all: readonly LegendEntry[], width: number): Legend => {
  const entries = unique(all)
  const places: Pixel[] = []
  for (const entry of entries) {
    const [lastX, row] = places.at(-1) ?? [0, 0]
    const before = entries[places.length - 1]
    const x = before === undefined ? 0 : lastX + widthOf(before)
    const fits = before === undefined || x + widthOf(entry) - gap <= width
    places.push(fits ? [x, row] : [0, row + 1])
  }
  const marks = entries.flatMap((entry, index): readonly Mark[] => {
    const [x, row] = places[index] ?? [0, 0]
    const y = row * rowHeight + rowHeight / 2
    return [swatch(entry, [x, y]), write(entry.label, [x + swatchWidth + 6, y + 4], sizes.label)]
  })
  const rows = entries.length === 0 ? 0 : (places.at(-1)?.[1] ?? 0) + 1
  return { height: rows * rowHeight + (rows > 0 ? 6 : 0), marks }
}

const bands = 48

/** Pixels that a key of colours takes at the right of a plot. */
export const keyRoom = (key: ColourKey | undefined): number =>
  key === undefined ? 0 : 70 + (key.label === undefined ? 0 : 18)

/** A scale of colours with its numbers, right of `box`. */
export const colourKeyOf = (key: ColourKey, box: Box): readonly Mark[] => {
  const bar = { x: box.x + box.width + 14, y: box.y, width: 12, height: box.height }
  const pixels = [bar.y + bar.height, bar.y] as const
  const { ticks, toPixel } = axis(
    { domain: key.scale.domain, ticks: Math.max(2, Math.floor(bar.height / 45)) },
    { where: 'colour key', extent: key.scale.domain, pixels, inset: 0 },
  )
  const step = bar.height / bands
  const cells = Array.from({ length: bands }, (_, band): Mark => {
    const cell = { x: bar.x, y: bar.y + bar.height - (band + 1) * step, width: bar.width, height: step }
    return { kind: 'rectangle', box: cell, style: { fill: colourAlong(key.scale, (band + 0.5) / bands), crisp: true } }
  })
  const numbers = ticks.map(({ value, label }) =>
    write(label, [bar.x + bar.width + 5, toPixel(value) + 4], sizes.tick, { colour: greys.faint }),
  )
  const at = [bar.x + bar.width + 50, bar.y + bar.height / 2] as const
  const label = key.label === undefined ? [] : [write(key.label, at, sizes.label, { anchor: 'middle', turn: -90 })]
  return [...cells, ...numbers, ...label]
}
