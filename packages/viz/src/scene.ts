/**
 * A scene is a picture as plain data: a small tree of marks in pixels, x to the right and y down.
 *
 * Scenes are values. They are made by the plotting functions or by hand, compared, transformed, tested, and turned into
 * SVG by `toSvg`, or into pixels by `drawScene`; nothing in them draws.
 */

/** A place in pixels: `[x, y]`. */
export type Pixel = readonly [number, number]

/** A rectangle in pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How a mark is painted. Colours are CSS colours, lengths are pixels. A group's style is inherited by its marks. */
export interface Style {
  readonly fill?: string
  readonly stroke?: string
  readonly strokeWidth?: number
  /** From 0 to 1. */
  readonly opacity?: number
  readonly dash?: readonly number[]
  readonly cap?: 'butt' | 'round'
  /** Without smoothing of edges: for cells that must touch. */
  readonly crisp?: boolean
}

export interface Circle {
  readonly kind: 'circle'
  readonly centre: Pixel
  readonly radius: number
  readonly style?: Style
}

/** Many dots as one mark, in typed arrays that a GPU takes as they are. */
export interface DotCloud {
  readonly kind: 'dots'
  /** `[n, 2]`, row by row, in pixels. */
  readonly centres: Float32Array
  /** Of all dots, or `[n]`. */
  readonly radius: number | Float32Array
  /** `[n]`, instead of one fill for all. */
  readonly colours?: readonly string[]
  readonly style?: Style
}

export interface Segment {
  readonly kind: 'segment'
  readonly from: Pixel
  readonly to: Pixel
  readonly style?: Style
}

/** Polylines, or with `closed` polygons under the even-odd rule. */
export interface Path {
  readonly kind: 'path'
  readonly lines: readonly (readonly Pixel[])[]
  readonly closed?: boolean
  readonly style?: Style
}

export interface Rectangle {
  readonly kind: 'rectangle'
  readonly box: Box
  readonly style?: Style
}

export interface Text {
  readonly kind: 'text'
  /** The anchor, on the baseline. */
  readonly at: Pixel
  readonly text: string
  /** Height of the font. */
  readonly size: number
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly weight?: 'normal' | 'bold'
  /** Clockwise, in degrees, about the anchor. */
  readonly turn?: number
  readonly style?: Style
}

export interface Group {
  readonly kind: 'group'
  readonly marks: readonly Mark[]
  /** Moves the marks right and down, after scaling them about the origin. */
  readonly move?: Pixel
  readonly scale?: number
  /** Only what lies in this box, in the group's own coordinates, is shown. */
  readonly clip?: Box
  readonly style?: Style
  /** What the group is, for machines that read the picture: `class` in SVG. */
  readonly name?: string
}

export type Mark = Circle | DotCloud | Segment | Path | Rectangle | Text | Group

export interface Scene {
  readonly width: number
  readonly height: number
  /** What a reader who cannot see the picture is told first. */
  readonly title: string
  /** And then. */
  readonly description?: string
  readonly background?: string
  readonly marks: readonly Mark[]
}
