import { isMongeError, requirePositive } from '@monge/errors'
import { mul, square, sum } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { along, requireShare } from './motion.js'
import type { Motion, Position } from './motion.js'

/** The most halvings of a step before it is taken for rounding that the loss does not fall. */
const halvings = 40

/**
 * Euler steps that are halved until the loss falls by a share of what its slope promises (Armijo's rule), and doubled,
 * up to `step`, after a success: the loss never rises. Where no step makes it fall, the points stay.
 *
 * @see Armijo, Minimization of functions having Lipschitz continuous first partial derivatives (1966)
 */
export const backtracking = (step: number, share = 1e-4): Motion<number> => {
  requirePositive('backtracking: step', step)
  requireShare('backtracking: share', share)
  return {
    init: () => step,
    move: ({ points, weights, velocity, value, valueAt }, before) => {
      const [slope] = sum(mul(weights, sum(square(velocity), 1))).dataSync()
      let length = before
      for (let k = 0; k < halvings; k++, length /= 2) {
        const moved = along(points, length, velocity)
        if (valueOrInfinity(valueAt, moved) <= value - share * length * slope)
          return { points: moved, length, memory: Math.min(step, 2 * length) }
      }
      // From there the next step goes on: the first may have been absurdly long.
      return { points: points.clone(), length: 0, memory: length || before }
    },
  }
}

/** The loss at points; infinite where they are too far for the number format, or the loss gives up. */
const valueOrInfinity = (valueAt: Position['valueAt'], points: Tensor2D): number => {
  if (!Number.isFinite(sum(square(points)).dataSync()[0])) return Infinity
  try {
    return valueAt(points)
  } catch (error) {
    if (isMongeError(error) && error.tag === 'Diverged') return Infinity
    throw error
  }
}
