import { tensorFrom } from '@monge/backend'
import type { Backend } from '@monge/backend'
import type { Measure } from '@monge/measures'
import { displacementInterpolation } from '../interpolation.js'
import type { Transport } from '../transport.js'
import { solverOf } from './solve.js'
import type { GroundCost } from './solve.js'

/**
 * Exact transport between two measures, on the host in float64.
 *
 * @throws `MassMismatch`, `DimensionMismatch`, `InvalidOption`
 */
export const transportBetween = (
  ground: GroundCost,
): (<V>(backend: Backend<V>) => (mu: Measure, nu: Measure) => Transport) => {
  const solve = solverOf('transportBetween', ground)
  return (backend) => (mu, nu) => solve(backend, mu, nu).transport
}

/**
 * The geodesic from one measure to another: McCann's displacement interpolation along the exact plan, whose masses are
 * split where the plan splits them. The measures that it returns are the caller's to dispose of.
 */
export const displacement = (
  ground: GroundCost,
): (<V>(backend: Backend<V>) => (mu: Measure, nu: Measure) => (time: number) => Measure) => {
  const solve = solverOf('displacement', ground)
  return (backend) => (mu, nu) => {
    const { x, y, transport } = solve(backend, mu, nu)
    const shaped = ({ rows, columns, data }: typeof x) => ({ data, shape: [rows, columns] as const })
    const at = displacementInterpolation({ plan: transport.plan, x: shaped(x), y: shaped(y) })
    return (time) => {
      const { points, weights } = at(time)
      return backend.within(() => ({
        weights: tensorFrom(weights, [weights.length]),
        points: tensorFrom(points.data, points.shape),
      }))
    }
  }
}
