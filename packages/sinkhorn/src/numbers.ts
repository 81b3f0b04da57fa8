import { scalarProfile } from '@monge/backend'
import type { Vectors } from '@monge/backend'
import type { Cost } from '@monge/costs'
import { mongeError } from '@monge/errors'
import type { Side } from './problem.js'

/**
 * Asserts that a potential is made of numbers, where a user's cost may have spoilt it. A number that is read back stalls
 * a GPU, so what is built in is trusted: it makes numbers of numbers.
 *
 * @throws Diverged
 */
export const requireNumbers = <V>(cost: Cost, vectors: Vectors<V>, { weights }: Side<V>, potential: V): void => {
  if (isUsers(cost) && !Number.isFinite(vectors.dot(weights, potential)))
    throw mongeError('Diverged', 'sinkhorn', 'the potentials are not numbers: is the cost one between all points?')
}

const isUsers = ({ pairwise, features }: Cost): boolean =>
  features !== undefined ||
  pairwise.tag === 'function' ||
  (pairwise.tag === 'radial' && scalarProfile(pairwise.profile) === undefined)
