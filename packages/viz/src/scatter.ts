import { mongeError } from '@monge/errors'
import { categorical, colourAlong, colourScale, positionOf } from './colours.js'
import { extentOf, readNumbers, readPoints, readWeights } from './numbers.js'
import type { ColourMap } from './colours.js'
import type { ColourKey, Frame, Layer } from './layer.js'
import type { Points } from './numbers.js'
import type { Mark, Pixel } from './scene.js'

/** Colours of points by a number each. */
export interface ColourByValue {
  readonly values: ArrayLike<number>
  /** `viridis` unless given. */
  readonly map?: ColourMap
  readonly domain?: readonly [number, number]
  readonly label?: string
}

export interface ScatterOptions {
  /** `[n, 2]` */
  readonly points: Points
  /** `[n]`; equal unless given. A dot's area is in proportion to its weight. */
  readonly weights?: ArrayLike<number>
  /** One colour, a colour for each point, or numbers to be mapped to colours. */
  readonly colour?: string | readonly string[] | ColourByValue
  readonly opacity?: number
  /** `[n, 2]`: drawn as arrows from the points. */
  readonly velocities?: Points
  /** How far in time the arrows reach: an arrow is `reach` times its velocity. 1 unless given. */
  readonly reach?: number
  readonly arrowColour?: string
  /** The name in the legend. */
  readonly label?: string
  /** Square pixels per unit of mass, instead of the size that the plot chooses. */
  readonly inkPerMass?: number
}

const isList = (colour: readonly string[] | ColourByValue): colour is readonly string[] => Array.isArray(colour)

interface Paint {
  readonly colours: readonly string[]
  readonly key?: ColourKey
}

const paint = (count: number, colour: ScatterOptions['colour']): Paint => {
  if (colour === undefined || typeof colour === 'string') return { colours: [colour ?? categorical[0] ?? 'black'] }
  if (isList(colour)) {
    if (colour.length !== count)
      throw mongeError('InvalidArgument', 'scatter: colour', `has ${colour.length} entries for ${count} points`)
    return { colours: [...colour] }
  }
  const values = readNumbers('scatter: colour', colour.values)
  if (values.length !== count)
    throw mongeError('InvalidArgument', 'scatter: colour', `has ${values.length} entries for ${count} points`)
  const scale = colourScale(colour.map ?? 'viridis', colour.domain ?? extentOf(values))
  const label = colour.label === undefined ? {} : { label: colour.label }
  return { colours: values.map((value) => colourAlong(scale, positionOf(scale, value))), key: { scale, ...label } }
}

// A shaft and, where it is long enough to be seen, a head of two strokes.
const arrow = ([x, y]: Pixel, [toX, toY]: Pixel): readonly (readonly Pixel[])[] => {
  const length = Math.hypot(toX - x, toY - y)
  const shaft = [
    [x, y],
    [toX, toY],
  ] as const
  if (length < 5) return [shaft]
  const head = Math.min(3, length / 3)
  const [alongX, alongY] = [((toX - x) / length) * head, ((toY - y) / length) * head]
  const back = [toX - alongX, toY - alongY] as const
  const wing = (side: number): Pixel => [back[0] - (side * alongY) / 2, back[1] + (side * alongX) / 2]
  return [shaft, [wing(1), [toX, toY], wing(-1)]]
}

/**
 * A cloud of points: a dot for each, whose area is in proportion to its weight, and with `velocities` an arrow.
 *
 * Points of weight 0 are not drawn. Plots choose the ink per mass so that the dots of all their layers compare, and so
 * that a few points are not blobs and a thousand do not cover the plot.
 *
 * @throws InvalidArgument for empty, non-finite or disagreeing input
 */
export const scatter = (options: ScatterOptions): Layer => {
  const points = readPoints('scatter: points', options.points)
  const weights = readWeights('scatter: weights', points.length, options.weights)
  const velocities = options.velocities === undefined ? [] : readPoints('scatter: velocities', options.velocities)
  if (options.velocities !== undefined && velocities.length !== points.length)
    throw mongeError(
      'InvalidArgument',
      'scatter: velocities',
      `has ${velocities.length} rows for ${points.length} points`,
    )
  const { colours, key } = paint(points.length, options.colour)
  const { reach = 1, opacity } = options
  const glass = opacity === undefined ? {} : { opacity }
  const single = colours.length === 1 ? colours[0] : undefined

  const draw = ({ x, y, inkPerMass }: Frame): readonly Mark[] => {
    const ink = options.inkPerMass ?? inkPerMass
    const place = (point: readonly [number, number]): Pixel => [x.toPixel(point[0]), y.toPixel(point[1])]
    const dots = points.flatMap((point, index): readonly Mark[] => {
      const weight = weights[index] ?? 0
      const own = colours[index]
      const style = single === undefined && own !== undefined ? { style: { fill: own } } : {}
      const radius = Math.sqrt((weight * ink) / Math.PI)
      return weight > 0 ? [{ kind: 'circle', centre: place(point), radius, ...style }] : []
    })
    const arrows = points.flatMap((point, index) => {
      const [vx, vy] = velocities[index] ?? [0, 0]
      return vx === 0 && vy === 0 ? [] : arrow(place(point), place([point[0] + reach * vx, point[1] + reach * vy]))
    })
    const shafts: Mark = {
      kind: 'path',
      lines: arrows,
      style: { stroke: options.arrowColour ?? single ?? '#333333', strokeWidth: 0.7, opacity: 0.75 },
    }
    const fill = single === undefined ? {} : { fill: single }
    return [
      ...(arrows.length === 0 ? [] : [shafts]),
      { kind: 'group', name: 'dots', marks: dots, style: { ...fill, ...glass } },
    ]
  }

  return {
    extent: { x: extentOf(points.map(([x]) => x)), y: extentOf(points.map(([, y]) => y)) },
    dots: {
      count: weights.filter((weight) => weight > 0).length,
      mass: weights.reduce((sum, weight) => sum + weight, 0),
      heaviest: extentOf(weights)[1],
    },
    legend:
      options.label === undefined
        ? []
        : [{ label: options.label, swatch: 'dot', style: { fill: single ?? '#333333', ...glass } }],
    inset: 7,
    draw,
    ...(key === undefined ? {} : { colourKey: key }),
  }
}
