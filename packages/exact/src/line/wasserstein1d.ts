import { requireKnownKeys } from '@monge/errors'
import { readNumbers, readWeights } from '../input.js'
import { balanced } from '../mass.js'
import { requireOrder } from '../order.js'
import type { Transport } from '../transport.js'
import { transport1d } from './transport1d.js'

/** Two weighted sets of numbers. */
export interface LineProblem {
  /** `[n]` */
  readonly x: ArrayLike<number>
  /** `[m]` */
  readonly y: ArrayLike<number>
  /** `[n]`, uniform if not given. */
  readonly a?: ArrayLike<number>
  /** `[m]`, uniform if not given. */
  readonly b?: ArrayLike<number>
  /** At least 1; 1 if not given. */
  readonly p?: number
  /** A convex function h for the cost `h(x - y)`, in place of `|x - y|^p`. */
  readonly convex?: (gap: number) => number
}

/** The solution on a line: `cost` is `W_p^p`, `distance` is `W_p`. */
export interface LineTransport extends Transport {
  readonly distance: number
}

const checkKeys = requireKnownKeys(['x', 'y', 'a', 'b', 'p', 'convex'])

/**
 * Exact transport on a line by merging quantile functions, in O((n + m) log (n + m)): `cost` is
 * `W_p^p = ∫ |F⁻¹(t) - G⁻¹(t)|^p dt`, `distance` its p-th root; with plan and potentials.
 *
 * @throws `MassMismatch`, `InvalidArgument`, `InvalidMeasure`, `DimensionMismatch`, `InvalidOption`
 */
export const wasserstein1d = (problem: LineProblem): LineTransport => {
  checkKeys('wasserstein1d', problem)
  const p = requireOrder('wasserstein1d: p', problem.p ?? 1)
  const x = readNumbers('wasserstein1d: x', problem.x)
  const y = readNumbers('wasserstein1d: y', problem.y)
  const a = readWeights('wasserstein1d: a', problem.a, x.length)
  const b = balanced('wasserstein1d', a, readWeights('wasserstein1d: b', problem.b, y.length))
  const solved = transport1d(x, y, a, b, problem.convex ?? ((gap) => Math.abs(gap) ** p))
  return { ...solved, distance: Math.max(0, solved.cost) ** (problem.convex === undefined ? 1 / p : 1) }
}
