import { heatMap, smallMultiples } from '@monge/viz'
import type { Layer, Scene } from '@monge/viz'
import { side } from './handwriting.js'
import type { Pictures } from './handwriting.js'

const columns = 8
const gap = 2

/** Pictures in rows of eight, as ink on paper. */
export const grid = (pictures: Pictures): Layer => {
  const rows = Math.ceil(pictures.length / columns)
  const [width, height] = [columns * (side + gap) - gap, rows * (side + gap) - gap]
  const values = Array.from({ length: height }, () => new Float32Array(width))
  pictures.forEach((picture, index) => {
    const left = (index % columns) * (side + gap)
    const top = Math.floor(index / columns) * (side + gap)
    for (let row = 0; row < side; row += 1)
      values[height - 1 - (top + row)]?.set(picture.subarray(row * side, (row + 1) * side), left)
  })
  const { extent, legend, inset, draw } = heatMap({ values, map: 'greys', domain: [0, 1], x: [0, columns], y: [0, rows] })
  // Ink needs no key of colours.
  return { extent, legend, inset, draw }
}

/** Panels of pictures side by side. */
export const sheet = (
  title: string,
  description: string,
  panels: readonly { readonly title: string; readonly pictures: Pictures }[],
): Scene =>
  smallMultiples({
    title,
    description,
    columns: Math.min(3, panels.length),
    panelWidth: 240,
    panelHeight: Math.max(1, 30 * Math.ceil((panels[0]?.pictures.length ?? 8) / columns)),
    gap: 18,
    axes: 'frame',
  })(panels.map(({ title: heading, pictures }) => ({ title: heading, layers: [grid(pictures)] })))
