import type { Backend } from '@monge/backend'
import { mongeError, requireNonNegative } from '@monge/errors'
import { energy, gaussian, squaredMmd } from '@monge/kernels'
import { add, minibatch, pullback, scale } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { fold, key } from '@monge/random'
import { slicedWasserstein } from '@monge/sliced'
import { concat, mul, square, sum } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { pipe } from 'fp-ts/lib/function.js'

/** A point with its squared norm beside it, scaled like the coordinates: `[n, 2] -> [n, 3]`. */
const withRadius = (points: Tensor2D): Tensor2D => concat([points, mul(sum(square(points), 1, true), 0.5)], 1)

/** The parts that a loss of one's own is made of here. */
export type Part = 'sliced' | 'features' | 'narrow'

export const parts: readonly Part[] = ['sliced', 'features', 'narrow']

/**
 * The parts. `sliced` sees all points, along 40 directions, and is cheap. `features` is a kernel's discrepancy of points
 * with their radius, between subsamples of 96, as it costs a square of their number. `narrow` is a Gaussian kernel's, of
 * the deviation `width`: it sees what lies near.
 */
export const partsOf = (seed: number, backend: Backend, width = 0.3): Readonly<Record<Part, Loss>> => ({
  sliced: slicedWasserstein({ key: key(seed), count: 40, form: 'power' })(backend),
  features: pipe(
    squaredMmd(energy())(backend),
    pullback(withRadius),
    minibatch(fold(1)(key(seed)), 96),
  ),
  narrow: squaredMmd(gaussian(width))(backend),
})

/**
 * The sum of the parts by their weights; a part of weight 0 is not computed.
 *
 * @throws InvalidOption for a weight below 0; InvalidArgument if all are 0
 */
export const weighed = (weights: Readonly<Record<Part, number>>) => (losses: Readonly<Record<Part, Loss>>): Loss => {
  const [first, ...rest] = parts.flatMap((part) => {
    const weight = requireNonNegative(`weighed: ${part}`, weights[part])
    return weight === 0 ? [] : [weight === 1 ? losses[part] : scale(weight)(losses[part])]
  })
  if (first === undefined) throw mongeError('InvalidArgument', 'weighed', 'all weights are 0: there is nothing to go down')
  return rest.reduce((total, loss) => add(loss)(total), first)
}

/** The losses that the story compares. */
export type Name = 'sliced' | 'features' | 'custom'

export const names: readonly Name[] = ['sliced', 'features', 'custom']

/** Two of the parts alone, and the sum of all. */
export const lossesOf = (seed: number, backend: Backend): Readonly<Record<Name, Loss>> => {
  const own = partsOf(seed, backend)
  return { sliced: own.sliced, features: own.features, custom: weighed({ sliced: 1, features: 1, narrow: 0.5 })(own) }
}
