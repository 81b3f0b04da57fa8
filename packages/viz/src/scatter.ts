import { mongeError } from '@monge/errors'
import { categorical, colourAlong, colourScale, positionOf } from './colours.js'
import { extentAlong, extentOf, readNumbers, readPlane, readWeights } from './numbers.js'
import type { ColourMap } from './colours.js'
import type { ColourKey, Frame, Layer } from './layer.js'
import type { Points } from './numbers.js'
import type { Circle, DotCloud, Mark, Pixel } from './scene.js'

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

// From so many points on, dots are one mark of typed arrays instead of a circle each.
const many = 500

/**
 * A cloud of points: a dot for each, whose area is in proportion to its weight, and with `velocities` an arrow.
 *
 * Points of weight 0 are not drawn. Plots choose the ink per mass so that the dots of all their layers compare, and so
 * that a few points are not blobs and a thousand do not cover the plot. Clouds of 500 points and more come as one `dots`
 * mark, which a `dotRenderer` draws on the GPU.
 *
 * @throws InvalidArgument for empty, non-finite or disagreeing input
 */
export const scatter = (options: ScatterOptions): Layer => {
  const points = readPlane('scatter: points', options.points)
  const count = points.length / 2
  const weights = options.weights === undefined ? undefined : readWeights('scatter: weights', count, options.weights)
  const velocities =
    options.velocities === undefined ? undefined : readPlane('scatter: velocities', options.velocities)
  if (velocities !== undefined && velocities.length !== points.length)
    throw mongeError(
      'InvalidArgument',
      'scatter: velocities',
      `has ${velocities.length / 2} rows for ${count} points`,
    )
  const { colours, key } = paint(count, options.colour)
  const { reach = 1, opacity } = options
  const glass = opacity === undefined ? {} : { opacity }
  const single = colours.length === 1 ? colours[0] : undefined

  // Those with weight, where there are others; large clouds are mostly of equal weights, and need no such list.
  const weighty = weights === undefined ? undefined : [...weights.keys()].filter((index) => (weights[index] ?? 0) > 0)
  const drawn = weighty?.length ?? count
  const indexOf = (place: number): number => (weighty === undefined ? place : (weighty[place] ?? 0))
  const places = (): readonly number[] => weighty ?? Array.from({ length: count }, (_, index) => index)

  const draw = ({ x, y, inkPerMass }: Frame): readonly Mark[] => {
    const ink = options.inkPerMass ?? inkPerMass
    const right = (index: number, ahead = 0): number => x.toPixel((points[2 * index] ?? 0) + ahead)
    const up = (index: number, ahead = 0): number => y.toPixel((points[2 * index + 1] ?? 0) + ahead)
    const radiusOf = (index: number): number => Math.sqrt(((weights?.[index] ?? 1 / count) * ink) / Math.PI)
    const circle = (index: number): Circle => {
      const own = colours[index]
      const style = single === undefined && own !== undefined ? { style: { fill: own } } : {}
      return { kind: 'circle', centre: [right(index), up(index)], radius: radiusOf(index), ...style }
    }
    const cloud = (): DotCloud => {
      const centres = new Float32Array(2 * drawn)
      for (let place = 0; place < drawn; place++) {
        const index = indexOf(place)
        centres[2 * place] = right(index)
        centres[2 * place + 1] = up(index)
      }
      const radius = weighty === undefined ? radiusOf(0) : Float32Array.from(weighty, radiusOf)
      const own = single === undefined ? { colours: places().map((index) => colours[index] ?? 'black') } : {}
      return { kind: 'dots', centres, radius, ...own }
    }
    const arrowAt = (index: number): readonly (readonly Pixel[])[] => {
      const [vx, vy] = [velocities?.[2 * index] ?? 0, velocities?.[2 * index + 1] ?? 0]
      const to = [right(index, reach * vx), up(index, reach * vy)] as const
      return vx === 0 && vy === 0 ? [] : arrow([right(index), up(index)], to)
    }
    const arrows = velocities === undefined ? [] : places().flatMap(arrowAt)
    const shafts: Mark = {
      kind: 'path',
      lines: arrows,
      style: { stroke: options.arrowColour ?? single ?? '#333333', strokeWidth: 0.7, opacity: 0.75 },
    }
    const fill = single === undefined ? {} : { fill: single }
    return [
      ...(arrows.length === 0 ? [] : [shafts]),
      {
        kind: 'group',
        name: 'dots',
        marks: drawn < many ? places().map(circle) : [cloud()],
        style: { ...fill, ...glass },
      },
    ]
  }

  return {
    extent: { x: extentAlong(points, 0), y: extentAlong(points, 1) },
    dots: {
      count: drawn,
      mass: weights === undefined ? 1 : weights.reduce((sum, weight) => sum + weight, 0),
      heaviest: weights === undefined ? 1 / count : extentOf(weights)[1],
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
