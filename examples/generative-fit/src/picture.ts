import { curves, heatMap, planLines, scatter } from '@monge/viz'
import type { Layer } from '@monge/viz'
import { span } from './plane.js'
import type { Cloud, Curve, Sample } from './plane.js'
import type { Seen } from './seen.js'

const blue = '#0072b2'
const orange = '#d55e00'

/** A model, what it is fitted to, and what its loss sees of both. */
export interface Portrait {
  readonly data: Sample
  readonly truth: Curve
  readonly fit: Curve
  /** The model's points, and what lies behind them. */
  readonly model?: Sample
  readonly seen?: Seen
  /** Square pixels of ink for each unit of mass; 1100 unless given. */
  readonly ink?: number
}

const isShown = (place: readonly [number, number]): boolean => place.every((value) => value > span[0] && value < span[1])

/** The points that the picture has room for. */
const dots = ({ points, weights }: Sample, colour: string, label: string, inkPerMass: number): readonly Layer[] => {
  const shown = points.flatMap((place, index) => (isShown(place) ? [{ place, weight: weights[index] ?? 0 }] : []))
  if (shown.length === 0) return []
  return [
    scatter({
      points: shown.map(({ place }) => place),
      weights: shown.map(({ weight }) => weight),
      colour,
      label,
      opacity: 0.6,
      inkPerMass,
    }),
  ]
}

const line = ({ curve, centres }: Curve, colour: string, label: string, ink: number, dash?: readonly number[]): readonly Layer[] => {
  // What the picture has room for: at first the curve is a point, and later it may go far. The legend stays the same.
  const along = curve.filter(isShown)
  const [first = [0, 0], last = [0, 0]] = [along[0], along.at(-1)]
  const isLong = Math.hypot(first[0] - last[0], first[1] - last[1]) > 1e-3
  const places: Cloud = isLong ? along : [first, last]
  const drawn = curves([{ x: places.map(([x]) => x), y: places.map(([, y]) => y), colour, label, strokeWidth: 2.2, dash: dash ?? [] }])
  return [
    isLong ? drawn : { ...drawn, draw: () => [] },
    ...(centres.every(isShown) ? [scatter({ points: centres, colour, inkPerMass: ink / 10 })] : []),
  ]
}

// The panels' fields have scales of their own, and are to be read by shape: one key would be wrong for all but one.
const plain = ({ extent, legend, inset, draw }: Layer): Layer => ({ extent, legend, inset, draw })

const background = (seen: Seen, model: Sample, data: Sample): Layer =>
  seen.tag === 'plan'
    ? planLines({ from: model.points, to: data.points, plan: seen.plan, top: 600 })
    : plain(heatMap({ values: seen.grid, x: span, y: span, map: seen.tag === 'field' ? 'purple-orange' : 'greys' }))

/** Blue: the data, the true curve and its centres. Orange: the model's. Behind them, what the loss sees. */
export const layersOf = ({ data, truth, fit, model, seen, ink = 1100 }: Portrait): readonly Layer[] => [
  ...(seen === undefined || model === undefined ? [] : [background(seen, model, data)]),
  ...dots(data, blue, 'data', ink),
  ...(model === undefined ? [] : dots(model, orange, "the model's points", ink)),
  ...line(truth, blue, 'the truth and its centres', ink, [5, 3]),
  ...line(fit, orange, 'the model and its centres', ink),
]
