import { displacementInterpolation, emdSamples } from '@monge/exact'
import type { Cloud as Weighted, SamplesTransport, SparsePlan } from '@monge/exact'
import type { Cloud } from './clouds.js'

/** A way to pair two clouds of as many points. */
export interface Pairing {
  readonly title: string
  readonly plan: SparsePlan
  /** The mean of the squared distances between partners. */
  readonly cost: number
  /** Where the points are at a time of [0, 1]. */
  readonly at: (time: number) => Weighted
  /** The exact W2 from the first cloud to where its points are at a time. */
  readonly gone: (time: number) => number
}

/** Both clouds sorted by their first coordinate, and paired in that order. */
const sortedPlan = (x: Cloud, y: Cloud): SparsePlan => {
  const order = (points: Cloud): readonly number[] =>
    points.map((_, i) => i).toSorted((i, j) => (points[i]?.[0] ?? 0) - (points[j]?.[0] ?? 0))
  return {
    shape: [x.length, y.length],
    rows: Int32Array.from(order(x)),
    columns: Int32Array.from(order(y)),
    masses: new Float64Array(x.length).fill(1 / x.length),
  }
}

const costOf = (plan: SparsePlan, x: Cloud, y: Cloud): number =>
  plan.masses.reduce((sum, mass, k) => {
    const [from = [0, 0], to = [0, 0]] = [x[plan.rows[k] ?? 0], y[plan.columns[k] ?? 0]]
    return sum + mass * ((from[0] - to[0]) ** 2 + (from[1] - to[1]) ** 2)
  }, 0)

/** Both pairings, the sorted one first, and the solution that the exact one is of. */
export const pairingsOf = (
  x: Cloud,
  y: Cloud,
): { readonly exact: SamplesTransport; readonly pairings: readonly [Pairing, Pairing] } => {
  const exact = emdSamples({ x, y, p: 2 })
  const pairing = (title: string, plan: SparsePlan): Pairing => {
    const at = displacementInterpolation({ plan, x, y })
    const gone = (time: number): number => {
      const { points, weights } = at(time)
      return emdSamples({ x, y: points, b: weights, p: 2 }).distance
    }
    return { title, plan, cost: costOf(plan, x, y), at, gone }
  }
  return { exact, pairings: [pairing('sorted pairing', sortedPlan(x, y)), pairing('exact map', exact.plan)] }
}
