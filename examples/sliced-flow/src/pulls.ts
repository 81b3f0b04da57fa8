import type { Backend } from '@monge/backend'
import { fold, key, normal } from '@monge/random'
import { slicedWasserstein } from '@monge/sliced'
import type { Pull } from './descend.js'
import type { Cloud } from './forms.js'

/*
 * POT's example: what it descends, and in what steps.
 */

/** How many directions are drawn, and by what seed. */
export interface Slicing {
  readonly backend: Backend
  readonly seed: number
  readonly directions: number
}

const pull = ({ backend, seed, directions }: Slicing, stream: number, step: number, towards: Cloud, share: number): Pull => ({
  loss: slicedWasserstein({ p: 2, key: fold(step)(fold(stream)(key(seed))), count: directions })(backend),
  towards,
  share,
})

/** The flow: towards one shape, along directions drawn anew in each step. */
export const flowPulls =
  (slicing: Slicing, towards: Cloud) =>
  (step: number): readonly Pull[] => [pull(slicing, 0, step, towards, 1)]

/** The barycenter: towards both, in their shares; `share` is the first one's. */
export const barycenterPulls =
  (slicing: Slicing, [one, other]: readonly [Cloud, Cloud], share = 0.5) =>
  (step: number): readonly Pull[] => [pull(slicing, 1, step, one, share), pull(slicing, 2, step, other, 1 - share)]

/** A step for 345 points, in proportion to their number: each point's share of the gradient is in proportion to its weight. */
export const rateOf = (points: Cloud, rate = 1000): number => (rate * points.length) / 345

/** The flow's steps get shorter. */
export const flowRate =
  (points: Cloud, rate?: number) =>
  (step: number): number =>
    rateOf(points, rate) / (1 + step / 50)

/** The target stands this far to the right of the source, as in POT's example; the barycenter has both at one place. */
export const apart = 60
export const moved = (points: Cloud): Cloud => points.map(([x, y]) => [x + apart, y])

/** Where the barycenter starts: normal noise about the middle. */
export const noiseOf = (count: number, seed: number): Cloud => {
  const z = normal(2 * count)(fold(3)(key(seed)))
  return Array.from({ length: count }, (_, i) => [10 * (z[2 * i] ?? 0) + 16, 10 * (z[2 * i + 1] ?? 0) + 16] as const)
}
