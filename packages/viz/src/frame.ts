import { mongeError } from '@monge/errors'
import { axis, fallbackSpan } from './axis.js'
import type { AxisOptions } from './axis.js'
import type { Extent, Frame, Layer } from './layer.js'
import type { Box } from './scene.js'

/** How a plot's two axes are chosen. */
export interface FrameOptions {
  readonly x?: AxisOptions
  readonly y?: AxisOptions
  /** The same length for a unit along both axes, as clouds need it. */
  readonly equal?: boolean
}

type Range = readonly [number, number]

const union = (ranges: readonly Range[]): Range =>
  ranges.reduce(([low, high], range) => [Math.min(low, range[0]), Math.max(high, range[1])], [Infinity, -Infinity])

/** The extent that holds the extents of all. */
export const jointExtent = (where: string, layers: readonly Layer[]): Extent => {
  if (layers.length === 0) throw mongeError('InvalidArgument', where, 'has nothing to draw')
  return { x: union(layers.map(({ extent }) => extent.x)), y: union(layers.map(({ extent }) => extent.y)) }
}

/** The largest inset that one of them asks for. */
export const jointInset = (layers: readonly Layer[]): number => Math.max(0, ...layers.map(({ inset }) => inset))

const around = ([low, high]: Range, span: number): Range => [(low + high) / 2 - span / 2, (low + high) / 2 + span / 2]

// Stretches the shorter side, so that a unit is as long along both.
const squared = ({ x, y }: Extent, width: number, height: number): Extent => {
  const magnitude = Math.max(...[...x, ...y].map(Math.abs))
  const range = Math.max(x[1] - x[0], y[1] - y[0])
  const unit = Math.max((x[1] - x[0]) / width, (y[1] - y[0]) / height, fallbackSpan(range, magnitude) / width)
  return Number.isFinite(range) ? { x: around(x, unit * width), y: around(y, unit * height) } : { x, y }
}

/** The frame in `box` that shows `extent`. */
export const frameOf = (
  where: string,
  box: Box,
  extent: Extent,
  options: FrameOptions & { readonly inset: number; readonly inkPerMass: number },
): Frame => {
  const { x = {}, y = {}, inset } = options
  const shown = options.equal === true ? squared(extent, box.width - 2 * inset, box.height - 2 * inset) : extent
  return {
    box,
    x: axis(x, { where: `${where}: x`, extent: shown.x, pixels: [box.x, box.x + box.width], inset }),
    y: axis(y, { where: `${where}: y`, extent: shown.y, pixels: [box.y + box.height, box.y], inset }),
    inkPerMass: options.inkPerMass,
  }
}
