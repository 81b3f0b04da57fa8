import { mongeError, requireFinite, requirePositive } from '@monge/errors'
import type { Cost } from './cost.js'
import { power } from './euclidean.js'
import { powerDual } from './power-dual.js'

/**
 * `|x - y|_r^p`, with the norm `|z|_r = (sum_k |z_k|^r)^(1/r)` of order `r >= 1` and an exponent `p > 0`. A metric for
 * `p <= 1`; with a Legendre dual for `r > 1` and `p > 1`. The gradient is taken to be zero in each coordinate in which
 * the points coincide.
 *
 * @throws InvalidOption if the order is below 1 or the exponent not above 0
 */
export const lpPower = (order: number, exponent: number): Cost => {
  const r = requireOrder('lpPower: order', order)
  const p = requirePositive('lpPower: exponent', exponent)
  if (r === 2) return power(p)
  return {
    name: p === 1 ? `L${r} norm` : `L${r} norm to the power ${p}`,
    pairwise: { tag: 'lp', order: r, exponent: p / r, scale: 1 },
    symmetric: true,
    translationInvariant: true,
    metric: p <= 1,
    degree: p,
    ...(r > 1 && p > 1 && { legendreDual: powerDual(1, r, p) }),
  }
}

/**
 * `|x - y|_r = (sum_k |x_k - y_k|^r)^(1/r)`, `r >= 1`: a metric.
 *
 * @throws InvalidOption if the order is below 1
 */
export const lp = (order: number): Cost => lpPower(requireOrder('lp: order', order), 1)

const requireOrder = (where: string, order: number): number => {
  if (requireFinite(where, order) < 1)
    throw mongeError('InvalidOption', where, `expected a number of at least 1, got ${order}`)
  return order
}
