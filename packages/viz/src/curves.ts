import { mongeError } from '@monge/errors'
import { seriesColour } from './colours.js'
import { extentOf, readNumbers } from './numbers.js'
import type { Frame, Layer } from './layer.js'
import type { Mark, Style } from './scene.js'

export interface Series {
  /** `[n]` */
  readonly x: ArrayLike<number>
  /** `[n]` */
  readonly y: ArrayLike<number>
  readonly label?: string
  readonly colour?: string
  readonly dash?: readonly number[]
  readonly strokeWidth?: number
  /** Dots at the points themselves. */
  readonly markers?: boolean
}

interface Line {
  readonly points: readonly (readonly [number, number])[]
  readonly label: string | undefined
  readonly style: Style
  readonly markers: boolean
}

// Dashes tell lines apart where colours cannot: in grey print, and for the eyes that miss the hue.
const dashes: readonly (readonly number[] | undefined)[] = [undefined, [7, 3], [2, 2.5], [8, 3, 2, 3]]

const lineOf = (series: Series, index: number): Line => {
  const xs = readNumbers(`curves: x of series ${index}`, series.x)
  const ys = readNumbers(`curves: y of series ${index}`, series.y)
  if (xs.length !== ys.length)
    throw mongeError('InvalidArgument', 'curves', `series ${index} has ${xs.length} x and ${ys.length} y`)
  const dash = series.dash ?? dashes[index % dashes.length]
  return {
    points: xs.map((x, entry) => [x, ys[entry] ?? x] as const),
    label: series.label,
    markers: series.markers ?? false,
    style: {
      stroke: series.colour ?? seriesColour(index),
      strokeWidth: series.strokeWidth ?? 1.6,
      ...(dash === undefined ? {} : { dash }),
    },
  }
}

/**
 * Lines through points `(x_i, y_i)`, each series in its own colour and dash.
 *
 * @throws InvalidArgument for empty, non-finite or disagreeing input
 */
export const curves = (series: readonly Series[]): Layer => {
  if (series.length === 0) throw mongeError('InvalidArgument', 'curves', 'has no series')
  const lines = series.map(lineOf)
  const points = lines.flatMap((line) => line.points)

  const draw = ({ x, y }: Frame): readonly Mark[] =>
    lines.flatMap((line): readonly Mark[] => {
      const pixels = line.points.map(([px, py]) => [x.toPixel(px), y.toPixel(py)] as const)
      const dots = pixels.map((centre): Mark => ({ kind: 'circle', centre, radius: 2 }))
      const fill = line.style.stroke === undefined ? {} : { fill: line.style.stroke }
      return [
        { kind: 'path', lines: [pixels], style: line.style },
        ...(line.markers ? [{ kind: 'group', marks: dots, style: fill } as const] : []),
      ]
    })

  return {
    extent: { x: extentOf(points.map(([x]) => x)), y: extentOf(points.map(([, y]) => y)) },
    legend: lines.flatMap(({ label, style }) =>
      label === undefined ? [] : [{ label, swatch: 'line' as const, style }],
    ),
    inset: 4,
    draw,
  }
}
