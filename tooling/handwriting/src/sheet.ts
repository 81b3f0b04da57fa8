import { heatMap, smallMultiples } from '@monge/viz'
import type { Layer, Scene } from '@monge/viz'
import { side } from './pictures.js'
import type { Pictures } from './pictures.js'

const gap = 2

/** How pictures are laid out. */
export interface SheetShape {
  /** Pictures in a row of a panel. */
  readonly columns: number
  /** Panels side by side. */
  readonly across: number
  /** Pixels of the scene that a picture is wide and high; 30 unless given. */
  readonly scale?: number
  /** What blank paper is, where ink is 1; 0 unless given. */
  readonly paper?: number
}

/** Pictures in rows, as ink on paper; what is darker than ink or lighter than paper is drawn as they are. */
const grid = (pictures: Pictures, columns: number, paper: number): Layer => {
  const rows = Math.ceil(pictures.length / columns)
  const [width, height] = [columns * (side + gap) - gap, rows * (side + gap) - gap]
  const values = Array.from({ length: height }, () => new Float32Array(width).fill(paper))
  pictures.forEach((picture, index) => {
    const left = (index % columns) * (side + gap)
    const top = Math.floor(index / columns) * (side + gap)
    for (let row = 0; row < side; row += 1)
      for (let column = 0; column < side; column += 1) {
        const line = values[height - 1 - (top + row)]
        if (line !== undefined) line[left + column] = picture[row * side + column] ?? paper
      }
  })
  const { extent, legend, inset, draw } = heatMap({ values, map: 'greys', domain: [paper, 1], x: [0, columns], y: [0, rows] })
  // Ink needs no key of colours.
  return { extent, legend, inset, draw }
}

/** Panels of pictures, all of one shape. */
export const sheet = (
  title: string,
  description: string,
  panels: readonly { readonly title: string; readonly pictures: Pictures }[],
  { columns, across, scale = 30, paper = 0 }: SheetShape,
): Scene => {
  const rows = Math.ceil((panels[0]?.pictures.length ?? 1) / columns)
  return smallMultiples({
    title,
    description,
    columns: across,
    panelWidth: scale * columns,
    panelHeight: scale * rows,
    gap: 16,
    axes: 'frame',
  })(panels.map((panel) => ({ title: panel.title, layers: [grid(panel.pictures, columns, paper)] })))
}
