import { tidy } from '@tensorflow/tfjs-core'
import type { Either } from 'fp-ts/lib/Either.js'
import type { Float } from '@monge/backend'
import { build } from './build.js'
import { gatherRows } from './gather-rows.js'
import { atHomeOf } from './home.js'
import { accept, measureOrThrow, refuse } from './measure-error.js'
import type { MeasureError } from './measure-error.js'
import type { Measure } from './measure.js'
import { toTyped } from './reading.js'

/** Whether a point is to stay: its coordinates `[d]`, its weight and its index. */
export type PointPredicate = (point: readonly number[], weight: number, index: number) => boolean

/**
 * The measure restricted to the points that the predicate lets pass, in their order and with their weights.
 * Differentiable.
 *
 * @returns the restriction, or that no mass is left in it
 */
export const restrict =
  (predicate: PointPredicate) =>
  (mu: Measure): Either<MeasureError, Measure> => {
    const { points, weights, d } = toTyped(mu)
    const indices = Array.from(weights.keys()).filter((index) =>
      predicate(Array.from(row(points, d, index)), weights[index] ?? 0, index),
    )
    if (indices.length === 0) return refuse({ tag: 'EmptyMeasure' })
    if (!indices.some((index) => (weights[index] ?? 0) > 0)) return refuse({ tag: 'ZeroMass' })
    return accept(
      atHomeOf(mu.points, () =>
        tidy(() => ({ weights: gatherRows(mu.weights, indices), points: gatherRows(mu.points, indices) })),
      ),
    )
  }

/** The same measure with equal points made one, of their summed weight, in order of first appearance. */
export const mergeDuplicates = (mu: Measure): Measure => {
  const { points, weights, n, d } = toTyped(mu)
  const merged = new Map<string, { readonly index: number; weight: number }>()
  for (let index = 0; index < n; index++) {
    // Zero and minus zero are written alike.
    const name = row(points, d, index).join()
    const known = merged.get(name)
    if (known === undefined) merged.set(name, { index, weight: weights[index] ?? 0 })
    else known.weight += weights[index] ?? 0
  }
  const kept = [...merged.values()]
  const parts = {
    points: kept.flatMap(({ index }) => Array.from(row(points, d, index))),
    weights: kept.map(({ weight }) => weight),
    n: kept.length,
    d,
  }
  return atHomeOf(mu.points, () => measureOrThrow(build(parts, undefined)))
}

const row = (points: Float, d: number, index: number): Float => points.subarray(index * d, (index + 1) * d)
