import { colourAlong, colourScale, positionOf } from './colours.js'
import { extentOf, readTable } from './numbers.js'
import type { ColourMap } from './colours.js'
import type { Frame, Layer } from './layer.js'
import type { Table } from './numbers.js'
import type { Mark, Pixel } from './scene.js'

export interface HeatMapOptions {
  /** `[rows, columns]`: row 0 is where y is lowest. Reverse the axis (`domain: [rows, 0]`) to read it as a matrix. */
  readonly values: Table
  /** The range of x that the columns cover; `[0, columns]` unless given. */
  readonly x?: readonly [number, number]
  /** The range of y that the rows cover; `[0, rows]` unless given. */
  readonly y?: readonly [number, number]
  /** `viridis` unless given; take `blue-red` or `purple-orange` for differences. */
  readonly map?: ColourMap
  readonly domain?: readonly [number, number]
  /** What the colours mean, beside their key. */
  readonly label?: string
}

// Colours in 64 levels, and one polygon for each run of cells of a level in a row: small files for large tables.
const levels = 64

type Run = readonly [level: number, row: number, from: number, to: number]

const runsOf = (row: readonly number[], index: number): readonly Run[] => {
  const starts = row.flatMap((level, column) => (column === 0 || row[column - 1] !== level ? [column] : []))
  return starts.map((start, run) => [row[start] ?? 0, index, start, starts[run + 1] ?? row.length] as const)
}

const byLevel = (runs: readonly Run[]): readonly (readonly Run[])[] => {
  const groups = Array.from({ length: levels }, (): Run[] => [])
  for (const run of runs) groups[run[0]]?.push(run)
  return groups
}

/**
 * A table of numbers as coloured cells, in a map whose lightness follows the value.
 *
 * @throws InvalidArgument for an empty, ragged or non-finite table
 */
export const heatMap = (options: HeatMapOptions): Layer => {
  const rows = readTable('heatMap: values', options.values)
  const columns = rows[0]?.length ?? 0
  const [left, right] = options.x ?? [0, columns]
  const [bottom, top] = options.y ?? [0, rows.length]
  const scale = colourScale(options.map ?? 'viridis', options.domain ?? extentOf(rows.flat()))
  const level = (value: number): number => Math.round(positionOf(scale, value) * (levels - 1))
  const runs = byLevel(rows.flatMap((row, index) => runsOf(row.map(level), index)))

  const draw = ({ x, y }: Frame): readonly Mark[] => {
    const across = (column: number): number => x.toPixel(left + ((right - left) * column) / columns)
    const up = (row: number): number => y.toPixel(bottom + ((top - bottom) * row) / rows.length)
    const corners = ([, row, from, to]: Run): readonly Pixel[] => [
      [across(from), up(row)],
      [across(to), up(row)],
      [across(to), up(row + 1)],
      [across(from), up(row + 1)],
    ]
    const cells = (group: readonly Run[], step: number): readonly Mark[] => {
      const style = { fill: colourAlong(scale, step / (levels - 1)), crisp: true }
      return group.length === 0 ? [] : [{ kind: 'path', closed: true, lines: group.map(corners), style }]
    }
    return runs.flatMap(cells)
  }

  return {
    extent: { x: [Math.min(left, right), Math.max(left, right)], y: [Math.min(bottom, top), Math.max(bottom, top)] },
    legend: [],
    inset: 0,
    colourKey: { scale, ...(options.label === undefined ? {} : { label: options.label }) },
    draw,
  }
}
