import { scaledPairwise } from '@monge/costs'
import { requirePositive } from '@monge/errors'
import type { Kernel } from './kernel.js'

/**
 * `factor k(x, y)`, `factor > 0`.
 *
 * @throws InvalidOption if the factor is not a number above 0
 */
export const scale = (factor: number): ((kernel: Kernel) => Kernel) => {
  requirePositive('scale: factor', factor)
  return (kernel) => ({
    ...kernel,
    name: `${factor} ${kernel.name}`,
    pairwise: scaledPairwise(factor, kernel.pairwise),
    ...(kernel.logarithm && {
      logarithm: { ...kernel.logarithm, offset: (kernel.logarithm.offset ?? 0) + Math.log(factor) },
    }),
  })
}
