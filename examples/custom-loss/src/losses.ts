import type { Backend } from '@monge/backend'
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

/** The parts, and what they add up to. */
export type Name = 'sliced' | 'features' | 'custom'

export const names: readonly Name[] = ['sliced', 'features', 'custom']

/**
 * A user's own losses. `sliced` sees all points, along 40 directions, and is cheap. `features` is a kernel's discrepancy of
 * points with their radius, between subsamples of 96, as it costs a square of their number. `custom` is a sum of both, with
 * a narrow kernel for what they leave.
 */
export const lossesOf = (seed: number, backend: Backend): Readonly<Record<Name, Loss>> => {
  const sliced = slicedWasserstein({ key: key(seed), count: 40, form: 'power' })(backend)
  const features = pipe(
    squaredMmd(energy())(backend),
    pullback(withRadius),
    minibatch(fold(1)(key(seed)), 96),
  )
  const custom = pipe(sliced, add(features), add(scale(0.5)(squaredMmd(gaussian(0.3))(backend))))
  return { sliced, features, custom }
}
