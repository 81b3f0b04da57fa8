import { mongeError } from '@monge/errors'
import type { Measure } from '@monge/measures'

/**
 * Refuses measures that are not samples, with one weight for all points.
 *
 * @throws InvalidArgument
 */
export const requireEqualWeights = (where: string, measure: Measure): void => {
  const values = measure.weights.dataSync<'float32'>()
  const share = values.reduce((sum, weight) => sum + weight, 0) / values.length
  const index = values.findIndex((weight) => Math.abs(weight - share) > 1e-4 * share)
  if (index >= 0)
    throw mongeError(
      'InvalidArgument',
      where,
      `expected points of equal weight, as \`sample\` of @monge/measures draws them, got weight ${values[index]} at ${index} where the mean is ${share}`,
    )
}
