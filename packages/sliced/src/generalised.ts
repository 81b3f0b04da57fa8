import type { Place } from '@monge/backend'
import { mongeError, requireKnownKeys } from '@monge/errors'
import { lossAt } from '@monge/losses'
import type { Loss } from '@monge/losses'
import type { Measure } from '@monge/measures'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { cloudsOf } from './clouds.js'
import { readOrder } from './options.js'
import type { Order } from './options.js'
import { averaged } from './sliced.js'
import { onTape } from './term.js'

/** Options of the generalised sliced loss. */
export interface GeneralisedOptions extends Order {
  /** A tfjs-differentiable map to L one-dimensional projections of every point, `[n, d] -> [n, L]`. */
  readonly projections: (points: Tensor2D) => Tensor2D
}

const checkKeys = requireKnownKeys(['p', 'form', 'projections'])

/**
 * The generalised sliced Wasserstein loss (Kolouri and others 2019): `(mean_l W_p^p(g_l#μ, g_l#ν))^(1/p)` for a user's
 * one-dimensional projections `g_l`. Its gradient runs on through the projections.
 *
 * @throws as `slicedWasserstein`
 */
export const generalisedSliced = (options: GeneralisedOptions): ((backend: Place) => Loss) => {
  checkKeys('generalisedSliced', options)
  const { p, form } = readOrder('generalisedSliced', options)
  if (typeof options.projections !== 'function')
    throw mongeError('InvalidOption', 'generalisedSliced: projections', 'expected a function')
  const projected = ({ weights, points }: Measure): Measure => {
    const values = options.projections(points)
    if (values.shape.length !== 2 || values.shape[0] !== points.shape[0])
      throw mongeError(
        'DimensionMismatch',
        'generalisedSliced: projections',
        `expected [${points.shape[0]}, L], got [${values.shape.join(', ')}]`,
      )
    return { weights, points: values }
  }
  return (backend) =>
    lossAt(backend, (mu, nu) => {
      const [from, to] = [projected(mu), projected(nu)]
      const clouds = cloudsOf('generalisedSliced', from, to)
      if (!clouds.x.every(Number.isFinite) || !clouds.y.every(Number.isFinite))
        throw mongeError('InvalidArgument', 'generalisedSliced: projections', 'a projection is not a finite number')
      const columns = Array.from({ length: clouds.dimension }, (_, column) => column)
      const exact = backend.precision === 'float64'
      const value = averaged('generalisedSliced', clouds, columns, { p, form, exact })
      return onTape(backend, from, to, value)
    })
}
