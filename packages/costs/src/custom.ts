import { mongeError } from '@monge/errors'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import type { Cost } from './cost.js'

/** What the author of a cost can say of it; all of it is taken on trust. */
export type KnownOfCost = Partial<
  Pick<Cost, 'symmetric' | 'translationInvariant' | 'metric' | 'degree' | 'legendreDual'>
>

/**
 * A user's cost: any tfjs-differentiable function of two blocks of points, `[n, d], [m, d] -> [n, m]`. Backends call it
 * on blocks of both clouds and differentiate it there.
 *
 * @throws InvalidArgument, when it is called, if the result has another shape
 */
export const fromFunction = (
  name: string,
  value: (x: Tensor2D, y: Tensor2D) => Tensor2D,
  knows: KnownOfCost = {},
): Cost => ({
  symmetric: false,
  translationInvariant: false,
  metric: false,
  ...knows,
  name,
  pairwise: {
    tag: 'function',
    value: (x, y) => {
      const result = value(x, y)
      if (result.rank !== 2 || result.shape[0] !== x.shape[0] || result.shape[1] !== y.shape[0])
        throw mongeError(
          'InvalidArgument',
          `cost ${name}`,
          `expected a result of shape [${x.shape[0]}, ${y.shape[0]}], got [${result.shape.join(', ')}]`,
        )
      return result
    },
  },
})

/**
 * A user's cost that depends on the distance alone, as an elementwise tfjs-differentiable function of the squared
 * distance `s = |x - y|²`. Its gradient is taken to be zero at coinciding points.
 */
export const radial = (name: string, value: (s: Tensor) => Tensor, knows: KnownOfCost = {}): Cost => ({
  symmetric: true,
  translationInvariant: true,
  metric: false,
  ...knows,
  name,
  pairwise: { tag: 'radial', profile: { tag: 'custom', value } },
})
