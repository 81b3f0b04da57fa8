import type { Backend, Place, SlicesProblem } from '@monge/backend'
import { mongeError, requireKnownKeys } from '@monge/errors'
import { lossAt } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { cloudsOf } from './clouds.js'
import { directionKeys, directionsOf } from './directions.js'
import type { Directions } from './directions.js'
import { readOrder } from './options.js'
import type { Order } from './options.js'
import { arranged, slicer } from './slicer.js'
import type { Clouds, Slopes } from './slicer.js'
import { finished, inForm, isTaping, once, onTape } from './term.js'
import type { Form, HostLoss } from './term.js'

/** Options of the sliced Wasserstein loss. */
export interface SlicedOptions extends Order, Directions {}

const checkKeys = requireKnownKeys(['p', 'form', ...directionKeys])

/**
 * The sliced Wasserstein loss `(mean_l W_p^p(θ_l·μ, θ_l·ν))^(1/p)` over unit directions `θ_l` (Rabin, Peyré, Delon and
 * Bernot 2011; Bonneel and others 2015), or the mean itself with `form: 'power'`.
 *
 * Weights and numbers of points may differ, masses may not. Computed on the host: each direction is projected, sorted and
 * merged in WebAssembly, in float64, value and gradient in one pass; in threads where the backend has them. Gradients are exact in points and weights; zero
 * where the clouds coincide.
 *
 * @throws `InvalidOption` at once; on evaluation `MassMismatch`, `DimensionMismatch`
 */
export const slicedWasserstein = (options: SlicedOptions): ((backend: SlicingPlace) => Loss) => {
  checkKeys('slicedWasserstein', options)
  const { p, form } = readOrder('slicedWasserstein', options)
  const directions = directionsOf('slicedWasserstein', options)
  return (backend) =>
    lossAt(backend, (mu, nu) => {
      const clouds = cloudsOf('slicedWasserstein', mu, nu)
      const { rows } = directions(clouds.dimension)
      const exact = backend.precision === 'float64'
      return onTape(backend, mu, nu, averaged('slicedWasserstein', clouds, rows, { p, form, exact, engine: backend }))
    })
}

/** A place that may have a faster way to slice than the host's one thread. */
export type SlicingPlace = Place & Partial<Pick<Backend, 'slices'>>

/** How to average. */
export interface Averaging {
  readonly p: number
  readonly form: Form
  readonly exact: boolean
  readonly engine?: Pick<SlicingPlace, 'slices'>
}

/** The mean over directions, or over coordinates, on the host. */
export const averaged = (
  where: string,
  clouds: Clouds,
  directions: readonly (Float64Array | number)[],
  { p, form, exact, engine }: Averaging,
): HostLoss => {
  const summed = (gradient: boolean): Summed =>
    byEngine(engine, clouds, directions, { p, exact, gradient }) ?? byHost(where, clouds, directions, { p, exact, gradient })
  const withSlopes = once(() => {
    const { total, slopes } = summed(true)
    const power = total / directions.length
    const { factor } = inForm(form, p, power)
    return { power, slopes: finished(clouds, slopes(), factor / directions.length) }
  })
  const power = isTaping() ? withSlopes().power : summed(false).total / directions.length
  return { value: inForm(form, p, power).value, slopes: () => withSlopes().slopes }
}

/** The sum of `W_p^p` over directions, and what gives its gradients. */
interface Summed {
  readonly total: number
  readonly slopes: () => Slopes
}

type Way = Pick<SlicesProblem, 'p' | 'exact' | 'gradient'>

type AnyDirection = Float64Array | number

const byHost = (where: string, clouds: Clouds, directions: readonly AnyDirection[], { p, exact, gradient }: Way): Summed => {
  const slices = slicer(where, clouds, p, exact)
  const each = gradient ? slices.valueAndGradient : slices.value
  const total = directions.reduce<number>((sum, direction) => {
    slices.along(direction)
    return sum + each()
  }, 0)
  return { total, slopes: slices.slopes }
}

/** The same by the engine, if it can; coordinates are no directions. */
const byEngine = (
  engine: Averaging['engine'],
  clouds: Clouds,
  directions: readonly AnyDirection[],
  way: Way,
): Summed | undefined => {
  if (engine?.slices === undefined) return undefined
  const rows = directions.filter((direction) => typeof direction !== 'number')
  if (rows.length < directions.length || rows.length === 0) return undefined
  const flat = new Float64Array(rows.length * clouds.dimension)
  rows.forEach((row, l) => flat.set(row, l * clouds.dimension))
  const local = arranged(clouds)
  const sums = engine.slices({ ...local.clouds, directions: flat, ...way })
  if (sums === undefined) return undefined
  const { values, slopes } = sums
  return {
    total: values.reduce((sum, value) => sum + value, 0),
    slopes: () => {
      if (slopes === undefined) throw mongeError('BackendFailure', 'slicedWasserstein', 'gradients were not asked for')
      return local.restored(slopes)
    },
  }
}
