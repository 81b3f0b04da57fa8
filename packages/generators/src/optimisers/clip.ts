import { constant } from '@monge/backend'
import { requirePositive } from '@monge/errors'
import { addN, div, maximum, minimum, mul, sqrt, square, sum } from '@tensorflow/tfjs-core'
import type { Optimiser } from '../optimiser.js'
import { leavesOf, mapParams } from '../tree.js'
import { stateless } from './transform.js'

/** Every number of the gradient, brought into `[-limit, limit]`. */
export const clipByValue = (limit: number): Optimiser<undefined> => {
  requirePositive('clipByValue: limit', limit)
  return stateless((gradients) => {
    const [low, high] = [constant(-limit), constant(limit)]
    return mapParams((leaf) => minimum(maximum(leaf, low), high))(gradients)
  })
}

/**
 * The whole gradient, shortened to the given Euclidean length if it is longer: `g min(1, limit / |g|)`.
 *
 * @see Pascanu, Mikolov, Bengio, On the difficulty of training recurrent neural networks (2013)
 */
export const clipByGlobalNorm = (limit: number): Optimiser<undefined> => {
  requirePositive('clipByGlobalNorm: limit', limit)
  return stateless((gradients) => {
    const leaves = leavesOf(gradients)
    if (leaves.length === 0) return gradients
    const norm = sqrt(addN(leaves.map((leaf) => sum(square(leaf)))))
    // The larger of the two lengths divides, so that a gradient of zero is no trouble.
    const factor = div(constant(limit), maximum(norm, constant(limit)))
    return mapParams((leaf) => mul(leaf, factor))(gradients)
  })
}
