import { mongeError } from '@monge/errors'
import { requireSameDimension } from '@monge/losses'
import { toTyped } from '@monge/measures'
import type { Measure } from '@monge/measures'
import type { Clouds } from './slicer.js'

/** How much two total masses may differ, relatively: what weights in float32 come to. */
const roundingOfMasses = 1e-6

/** Both measures on the host in float64, the second scaled to the mass of the first within rounding. */
export const cloudsOf = (where: string, mu: Measure, nu: Measure): Clouds => {
  requireSameDimension(where, mu, nu)
  const [from, to] = [toTyped(mu), toTyped(nu)]
  const a = Float64Array.from(from.weights)
  const b = balanced(where, a, Float64Array.from(to.weights))
  return { x: Float64Array.from(from.points), y: Float64Array.from(to.points), a, b, dimension: from.d }
}

const balanced = (where: string, a: Float64Array, b: Float64Array): Float64Array => {
  const [total, other] = [a, b].map((weights) => weights.reduce((sum, weight) => sum + weight, 0))
  if (!(Math.abs(total - other) <= roundingOfMasses * Math.max(total, other)))
    throw mongeError('MassMismatch', where, `total masses are ${total} and ${other}`)
  return total === other ? b : b.map((weight) => weight * (total / other))
}
