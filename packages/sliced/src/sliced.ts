import type { Place } from '@monge/backend'
import { requireKnownKeys } from '@monge/errors'
import { lossAt } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { cloudsOf } from './clouds.js'
import { directionKeys, directionsOf } from './directions.js'
import type { Directions } from './directions.js'
import { readOrder } from './options.js'
import type { Order } from './options.js'
import { slicer } from './slicer.js'
import type { Clouds } from './slicer.js'
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
 * merged in WebAssembly, in float64, value and gradient in one pass. Gradients are exact in points and weights; zero
 * where the clouds coincide.
 *
 * @throws `InvalidOption` at once; on evaluation `MassMismatch`, `DimensionMismatch`
 */
export const slicedWasserstein = (options: SlicedOptions): ((backend: Place) => Loss) => {
  checkKeys('slicedWasserstein', options)
  const { p, form } = readOrder('slicedWasserstein', options)
  const directions = directionsOf('slicedWasserstein', options)
  return (backend) =>
    lossAt(backend, (mu, nu) => {
      const clouds = cloudsOf('slicedWasserstein', mu, nu)
      const { rows } = directions(clouds.dimension)
      const exact = backend.precision === 'float64'
      return onTape(backend, mu, nu, averaged('slicedWasserstein', clouds, rows, { p, form, exact }))
    })
}

/** How to average. */
export interface Averaging {
  readonly p: number
  readonly form: Form
  readonly exact: boolean
}

/** The mean over directions, or over coordinates, on the host. */
export const averaged = (
  where: string,
  clouds: Clouds,
  directions: readonly (Float64Array | number)[],
  { p, form, exact }: Averaging,
): HostLoss => {
  const slices = slicer(where, clouds, p, exact)
  const mean = (each: () => number): number =>
    directions.reduce<number>((sum, direction) => {
      slices.along(direction)
      return sum + each()
    }, 0) / directions.length
  const withSlopes = once(() => {
    const power = mean(slices.valueAndGradient)
    const { factor } = inForm(form, p, power)
    return { power, slopes: finished(clouds, slices.slopes(), factor / directions.length) }
  })
  const power = isTaping() ? withSlopes().power : mean(slices.value)
  return { value: inForm(form, p, power).value, slopes: () => withSlopes().slopes }
}
