import type { Pairwise, Place } from '@monge/backend'
import { fromMatrix } from '@monge/costs'
import type { Cost, MatrixEntries } from '@monge/costs'
import { requireKnownKeys } from '@monge/errors'
import { dispose } from '@tensorflow/tfjs-core'
import type { Clouds } from './clouds.js'
import { valuesOf } from './values.js'

/** Two weighted sets of points of which only the costs between them are known. */
export interface CostClouds extends Pick<Clouds, 'a' | 'b'> {
  /** `[n, m]` */
  readonly cost: MatrixEntries
}

/** Runs a body with a cost whose tensor lives as long. */
export type WithCost = <A>(body: (cost: Cost) => A) => A

/**
 * Runs the body with the cost of a matrix, clouds of as many points (all at zero: their costs are known), and a way to
 * have that cost again, later.
 */
export const withCostMatrix = <A>(
  where: string,
  place: Place,
  problem: CostClouds,
  body: (cost: Cost, clouds: Clouds, again: WithCost) => A,
): A => {
  requireKnownKeys(['cost', 'a', 'b'])(where, problem)
  const { cost: entries, ...weights } = problem
  return withTensor(place, entries, (cost, data, [n, m]) => {
    const zeros = (count: number): Clouds['x'] => ({ data: new Float64Array(count), shape: [count, 1] })
    const again: WithCost = (later) => withTensor(place, { data, shape: [n, m] }, later)
    return body(cost, { x: zeros(n), y: zeros(m), ...weights }, again)
  })
}

const withTensor = <A>(
  place: Place,
  given: MatrixEntries,
  body: (cost: Cost, data: ArrayLike<number>, shape: readonly [number, number]) => A,
): A => {
  const cost = fromMatrix(given, place)
  const { entries } = cost.pairwise as Extract<Pairwise, { tag: 'matrix' }>
  try {
    return body(cost, valuesOf(entries), entries.shape)
  } finally {
    dispose(entries)
  }
}
