import { tensorsOf } from '@monge/flows'
import { fromTensors, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { fold } from '@monge/random'
import type { Key } from '@monge/random'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { requireDimension } from './dimension.js'
import { requireFiniteChains } from './diverged.js'
import { largestAt, readFrom, tensorAt } from './place.js'
import type { Potential } from './potential.js'
import type { ChainState } from './sampler.js'

/** The first state of chains that start at a measure's points, of which it takes a copy to the potential's place. */
export const startOf = (where: string, { place, dimension }: Potential, key: Key, start: Measure): ChainState => {
  requireDimension(where, dimension, start.points.shape[1])
  return { iteration: 0, key, measure: measureOrThrow(fromTensors(start.points, start.weights, place)) }
}

/** The same with what else the first state holds; where that cannot be had, nothing is left behind. */
export const startWith = <Rest>(
  where: string,
  potential: Potential,
  key: Key,
  start: Measure,
  rest: (chain: ChainState) => Rest,
): ChainState & Rest => {
  const chain = startOf(where, potential, key, start)
  try {
    return { ...chain, ...rest(chain) }
  } catch (error) {
    freeAllBut(undefined, chain)
    throw error
  }
}

/** Frees the tensors of a state, but for those that are held elsewhere. */
export const freeAllBut = (held: unknown, state: unknown): void => {
  const kept = tensorsOf(held)
  for (const tensor of tensorsOf(state)) if (!kept.has(tensor)) tensor.dispose()
}

/** What each function makes; where one throws, what the others have made is freed, but for what is held elsewhere. */
export const allOf = <A>(makers: readonly (() => A)[], held?: unknown): readonly A[] => {
  const made: A[] = []
  try {
    for (const make of makers) made.push(make())
    return made
  } catch (error) {
    freeAllBut(held, made)
    throw error
  }
}

/** The row-major points of chains, a copy. */
export const pointsOf = ({ measure }: ChainState): Float64Array => readFrom(measure.points)

export const dimensionOf = ({ measure }: ChainState): number => measure.points.shape[1]

/** The key of the step from a state. */
export const keyOf = ({ key, iteration }: ChainState): Key => fold(iteration)(key)

/**
 * The state that follows, with the particles at `points [n, d]`, which nobody writes to any more.
 *
 * @throws Diverged
 */
export const moveTo = (
  where: string,
  { place }: Potential,
  state: ChainState,
  points: Float64Array,
  steps = 1,
): ChainState => {
  const iteration = state.iteration + steps
  const { weights, points: before } = state.measure
  requireFiniteChains(where, points, before.shape[1], iteration, 'a coordinate', largestAt(place))
  const moved = tensorAt<Tensor2D>(place, points, before.shape)
  return { iteration, key: state.key, measure: { weights, points: moved } }
}
