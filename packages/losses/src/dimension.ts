import { mongeError } from '@monge/errors'
import type { Measure } from '@monge/measures'

/**
 * Asserts that two measures live in the same space.
 *
 * @throws DimensionMismatch
 */
export const requireSameDimension = (where: string, mu: Measure, nu: Measure): void => {
  const [left, right] = [mu.points.shape[1], nu.points.shape[1]]
  if (left !== right) throw mongeError('DimensionMismatch', where, `points of dimension ${left} and ${right}`)
}
