import { constant, tensorFrom } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { envelopeTerm, lossAt } from '@monge/losses'
import type { Loss } from '@monge/losses'
import type { Measure } from '@monge/measures'
import { add } from '@tensorflow/tfjs-core'
import type { Scalar } from '@tensorflow/tfjs-core'
import { requireOrder } from '../order.js'
import { costGradients, powerGradients } from './point-gradients.js'
import type { PointGradients } from './point-gradients.js'
import { solverOf } from './solve.js'
import type { GroundCost } from './solve.js'

/**
 * The exact cost of transport as a loss: `min <P, c>`, `W_p^p` for `c = |x - y|^p`.
 *
 * Computed on the host in float64, whatever the backend. Gradients by the envelope theorem: `sum_j P_ij dc/dx(x_i, y_j)`
 * in the points, the potentials f, g in the weights, of which only the differences matter as long as the masses stay
 * equal. Where the optimal plan or potentials are not unique, it is one of the subgradients.
 *
 * @throws `InvalidOption` at once; on evaluation `MassMismatch`, `DimensionMismatch`
 */
export const emdLoss =
  (ground: GroundCost) =>
  <V>(backend: Backend<V>): Loss =>
    transportLoss('emdLoss', ground, backend, (cost) => ({ value: cost, slope: 1 }))

/**
 * The Wasserstein distance `W_p` as a loss: the p-th root of `emdLoss({ p })`. Where the measures coincide its gradient
 * is zero.
 */
export const wassersteinLoss =
  ({ p = 2, ...rest }: { readonly p?: number }) =>
  <V>(backend: Backend<V>): Loss => {
    const order = requireOrder('wassersteinLoss: p', p)
    return transportLoss('wassersteinLoss', { p: order, ...rest }, backend, (cost) => {
      if (!(cost > 0)) return { value: 0, slope: 0 }
      const value = cost ** (1 / order)
      return { value, slope: value / (order * cost) }
    })
  }

const transportLoss = <V>(
  where: string,
  ground: GroundCost,
  backend: Backend<V>,
  form: (cost: number) => { readonly value: number; readonly slope: number },
): Loss => {
  const solve = solverOf(where, ground)
  return lossAt(backend, (mu, nu) => {
    const { x, y, transport } = solve(backend, mu, nu)
    const { plan, f, g } = transport
    const { value, slope } = form(transport.cost)
    const { cost } = ground
    const slopes = once((): PointGradients =>
      cost === undefined ? powerGradients(plan, x, y, ground.p ?? 2) : costGradients(plan, x, y, cost),
    )
    const scaled = (values: Float64Array): Float64Array => values.map((entry) => entry * slope)
    const term = (measure: Measure, contribution: number, weights: Float64Array, points: () => Float64Array): Scalar =>
      envelopeTerm({
        place: backend,
        measure,
        value: () => constant(contribution),
        saved: [],
        gradient: () => ({
          weights: tensorFrom(scaled(weights), measure.weights.shape),
          points: tensorFrom(scaled(points()), measure.points.shape),
        }),
      })
    return add(term(mu, value, f, () => slopes().x), term(nu, 0, g, () => slopes().y)) as Scalar
  })
}

const once = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | undefined
  return () => (made ??= { value: make() }).value
}
