import type { Axis } from './axis.js'
import type { ColourScale } from './colours.js'
import type { Box, Mark, Style } from './scene.js'

/** The data that a plot must show: `[low, high]` along each axis. */
export interface Extent {
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
}

/** What a plot gives a layer to draw in. */
export interface Frame {
  readonly box: Box
  readonly x: Axis
  readonly y: Axis
  /** Square pixels of ink per unit of mass: one number for all layers and panels that share it. */
  readonly inkPerMass: number
}

/** The dots of a layer, from which plots choose one size for all: see `inkPerMass`. */
export interface Dots {
  readonly count: number
  readonly mass: number
  readonly heaviest: number
}

export interface LegendEntry {
  readonly label: string
  readonly swatch: 'dot' | 'line' | 'area'
  readonly style: Style
}

/** A scale of colours to show beside the plot. */
export interface ColourKey {
  readonly scale: ColourScale
  readonly label?: string
}

/**
 * Something to draw into a plot: a cloud, a curve, a heat map. It knows which part of the plane it needs, and draws
 * itself in whatever frame it is given; so layers stack in any plot, and plots share scales.
 */
export interface Layer {
  readonly extent: Extent
  readonly draw: (frame: Frame) => readonly Mark[]
  readonly legend: readonly LegendEntry[]
  readonly dots?: Dots
  readonly colourKey?: ColourKey
  /** Pixels to leave between the data and the frame. */
  readonly inset: number
}
