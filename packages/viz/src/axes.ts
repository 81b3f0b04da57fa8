import { greys, sizes, textWidth, write } from './lettering.js'
import type { Axis } from './axis.js'
import type { Frame } from './layer.js'
import type { Mark } from './scene.js'

/** Ticks and grid lines with numbers, only a thin frame, or nothing. */
export type AxesStyle = 'full' | 'frame' | 'none'

/** Which sides carry numbers and labels: in a grid only the outer ones do. */
export interface Sides {
  readonly left: boolean
  readonly bottom: boolean
}

/** Pixels that the numbers and the label of an upright axis take. */
export const leftRoom = (y: Axis): number =>
  10 + Math.max(0, ...y.ticks.map(({ label }) => textWidth(label, sizes.tick))) + (y.label === undefined ? 0 : 20)

/** Pixels that the numbers and the label of a level axis take. */
export const bottomRoom = (x: Axis): number => (x.ticks.length === 0 ? 4 : 20) + (x.label === undefined ? 0 : 18)

/** What lies behind the data: grid lines, or only paper. */
export const gridOf = ({ box, x, y }: Frame, style: AxesStyle): readonly Mark[] => {
  if (style !== 'full') return []
  const upright = x.ticks.map(
    ({ value }) =>
      [
        [x.toPixel(value), box.y],
        [x.toPixel(value), box.y + box.height],
      ] as const,
  )
  const level = y.ticks.map(
    ({ value }) =>
      [
        [box.x, y.toPixel(value)],
        [box.x + box.width, y.toPixel(value)],
      ] as const,
  )
  return [{ kind: 'path', lines: [...upright, ...level], style: { stroke: greys.grid, strokeWidth: 1 } }]
}

const below = ({ box, x }: Frame): readonly Mark[] => {
  const foot = box.y + box.height
  const numbers = x.ticks.map(({ value, label }) =>
    write(label, [x.toPixel(value), foot + 15], sizes.tick, { anchor: 'middle', colour: greys.faint }),
  )
  const at = [box.x + box.width / 2, foot + bottomRoom(x) - 3] as const
  return x.label === undefined ? numbers : [...numbers, write(x.label, at, sizes.label, { anchor: 'middle' })]
}

const beside = ({ box, y }: Frame): readonly Mark[] => {
  const numbers = y.ticks.map(({ value, label }) =>
    write(label, [box.x - 6, y.toPixel(value) + 4], sizes.tick, { anchor: 'end', colour: greys.faint }),
  )
  const at = [box.x - leftRoom(y) + 12, box.y + box.height / 2] as const
  return y.label === undefined
    ? numbers
    : [...numbers, write(y.label, at, sizes.label, { anchor: 'middle', turn: -90 })]
}

/** What lies around the data: the frame, numbers and labels. */
export const axesOf = (frame: Frame, style: AxesStyle, sides: Sides): readonly Mark[] => {
  if (style === 'none') return []
  const border: Mark = {
    kind: 'rectangle',
    box: frame.box,
    style: { fill: 'none', stroke: style === 'full' ? greys.line : greys.frame, strokeWidth: 1 },
  }
  if (style === 'frame') return [border]
  return [border, ...(sides.bottom ? below(frame) : []), ...(sides.left ? beside(frame) : [])]
}
