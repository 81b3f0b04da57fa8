import { heatMap, smallMultiples } from '@monge/viz'
import type { Layer, Scene } from '@monge/viz'
import { side } from './handwriting.js'
import type { Pictures } from './handwriting.js'

const gap = 2

/** Pictures in rows, as ink on paper; what is darker than ink or lighter than paper is drawn as they are. */
export const grid = (pictures: Pictures, columns: number): Layer => {
  const rows = Math.ceil(pictures.length / columns)
  const [width, height] = [columns * (side + gap) - gap, rows * (side + gap) - gap]
  const values = Array.from({ length: height }, () => new Float32Array(width).fill(-1))
  pictures.forEach((picture, index) => {
    const left = (index % columns) * (side + gap)
    const top = Math.floor(index / columns) * (side + gap)
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const line = values[height - 1 - (top + row)]
        if (line !== undefined) line[left + column] = picture[row * side + column] ?? 0
      }
  })
  const { extent, legend, inset, draw } = heatMap({ values, map: 'greys', domain: [-1, 1], x: [0, columns], y: [0, rows] })
  // Ink needs no key of colours.
  return { extent, legend, inset, draw }
}

/** Panels of pictures, all of one shape. */
export const sheet = (
  title: string,
  description: string,
  panels: readonly { readonly title: string; readonly pictures: Pictures }[],
  shape: { readonly columns: number; readonly across: number },
): Scene => {
  const rows = Math.ceil((panels[0]?.pictures.length ?? 1) / shape.columns)
  return smallMultiples({
    title,
    description,
    columns: shape.across,
    panelWidth: 30 * shape.columns,
    panelHeight: 30 * rows,
    gap: 16,
    axes: 'frame',
  })(panels.map(({ title: heading, pictures }) => ({ title: heading, layers: [grid(pictures, shape.columns)] })))
}
