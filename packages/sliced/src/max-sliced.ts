import type { Place } from '@monge/backend'
import { requireInteger, requireKnownKeys } from '@monge/errors'
import { lossAt } from '@monge/losses'
import type { Loss } from '@monge/losses'
import type { Measure } from '@monge/measures'
import { cloudsOf } from './clouds.js'
import { directionKeys, directionsOf } from './directions.js'
import type { Directions } from './directions.js'
import { readOrder } from './options.js'
import type { Order } from './options.js'
import { slicer } from './slicer.js'
import type { Clouds, Slicer } from './slicer.js'
import { finished, inForm, once, onTape } from './term.js'

/** Options of the max-sliced loss. */
export interface MaxSlicedOptions extends Order, Directions {
  /** The most ascent steps from each start; with 0, the largest over the directions as they are. 100 if not given. */
  readonly steps?: number
  /** From how many of the directions, the best ones, to ascend; 4 if not given. */
  readonly starts?: number
}

const checkKeys = requireKnownKeys(['p', 'form', 'steps', 'starts', ...directionKeys])

/** The best direction, `[d]`, and `W_p^p` along it. */
interface Peak {
  readonly direction: Float64Array
  readonly power: number
}

interface Settings {
  readonly p: number
  readonly form: 'root' | 'power'
  readonly steps: number
  readonly starts: number
}

const readOptions = (where: string, options: MaxSlicedOptions): Settings => {
  checkKeys(where, options)
  return {
    ...readOrder(where, options),
    steps: requireInteger(0)(`${where}: steps`, options.steps ?? 100),
    starts: requireInteger(1)(`${where}: starts`, options.starts ?? 4),
  }
}

/**
 * The max-sliced Wasserstein loss `max_θ W_p(θ·μ, θ·ν)` (Deshpande and others 2019).
 *
 * The direction is optimised by gradient ascent on the sphere with backtracking, from the best of the directions that
 * are given or drawn: a local maximum, never below the best of those. With `steps: 0` it is the maximum over them. The
 * gradient is that at the best direction (envelope theorem), zero where the clouds coincide.
 *
 * @throws as `slicedWasserstein`
 */
export const maxSliced = (options: MaxSlicedOptions): ((backend: Place) => Loss) => {
  const settings = readOptions('maxSliced', options)
  const directions = directionsOf('maxSliced', options)
  const { p, form } = settings
  return (backend) =>
    lossAt(backend, (mu, nu) => {
      const clouds = cloudsOf('maxSliced', mu, nu)
      const slices = slicer('maxSliced', clouds, p, backend.precision === 'float64')
      const peak = highest(slices, clouds, directions(clouds.dimension).rows, settings)
      const { value, factor } = inForm(form, p, peak.power)
      const slopes = once(() => {
        slices.clear()
        slices.along(peak.direction)
        slices.valueAndGradient()
        return finished(clouds, slices.slopes(), factor)
      })
      return onTape(backend, mu, nu, { value, slopes })
    })
}

/** The direction along which two measures are farthest apart, `[d]`, as `maxSliced` finds it. */
export const farthestDirection = (
  options: MaxSlicedOptions,
): ((backend: Place) => (mu: Measure, nu: Measure) => Float64Array) => {
  const settings = readOptions('farthestDirection', options)
  const directions = directionsOf('farthestDirection', options)
  return (backend) => (mu, nu) => {
    const clouds = cloudsOf('farthestDirection', mu, nu)
    const slices = slicer('farthestDirection', clouds, settings.p, backend.precision === 'float64')
    return highest(slices, clouds, directions(clouds.dimension).rows, settings).direction
  }
}

const highest = (
  slices: Slicer,
  clouds: Clouds,
  rows: readonly Float64Array[],
  { steps, starts }: Settings,
): Peak => {
  const seen = rows.map((direction): Peak => ({ direction, power: powerAlong(slices, direction) }))
  const ranked = seen.toSorted((one, other) => other.power - one.power)
  if (steps === 0) return ranked[0]
  return ranked
    .slice(0, starts)
    .map((start) => ascend(slices, clouds, start, steps))
    .reduce((one, other) => (other.power > one.power ? other : one))
}

const powerAlong = (slices: Slicer, direction: Float64Array): number => {
  slices.along(direction)
  return slices.value()
}

/** Steps along great circles uphill, the angle doubled after a step up and halved after one that was none. */
const ascend = (slices: Slicer, clouds: Clouds, start: Peak, steps: number): Peak => {
  let peak = start
  let angle = 0.3
  for (let step = 0; step < steps; step++) {
    const uphill = tangent(slices, clouds, peak.direction)
    if (uphill === undefined) break
    let higher: Peak | undefined
    while (higher === undefined && angle > 1e-9) {
      // Of norm 1 again: where the slope is little but rounding, it is no tangent, and a longer direction looks higher.
      const direction = unit(peak.direction.map((value, k) => Math.cos(angle) * value + Math.sin(angle) * uphill[k]))
      const power = powerAlong(slices, direction)
      if (power > peak.power) higher = { direction, power }
      else angle /= 2
    }
    if (higher === undefined) break
    peak = higher
    angle = Math.min(0.5, 2 * angle)
  }
  return peak
}

const unit = (vector: Float64Array): Float64Array => {
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

/** The unit tangent at θ in which `W_p^p` grows fastest; none where it does not grow. */
const tangent = (slices: Slicer, { x, y, dimension: d }: Clouds, direction: Float64Array): Float64Array | undefined => {
  slices.clear()
  slices.along(direction)
  slices.valueAndGradient()
  const slopes = slices.slopes()
  const gradient = new Float64Array(d)
  // A point's slope is along θ: its length there is how its projection pulls.
  const collect = (points: Float64Array, pulls: Float64Array): void => {
    for (let i = 0; i < points.length; i += d) {
      let pull = 0
      for (let k = 0; k < d; k++) pull += pulls[i + k] * direction[k]
      for (let k = 0; k < d; k++) gradient[k] += pull * points[i + k]
    }
  }
  collect(x, slopes.x)
  collect(y, slopes.y)
  const along = gradient.reduce((sum, value, k) => sum + value * direction[k], 0)
  const rest = gradient.map((value, k) => value - along * direction[k])
  return Math.hypot(...rest) > 1e-14 * Math.hypot(...gradient) ? unit(rest) : undefined
}
