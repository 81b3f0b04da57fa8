import { mongeError, requireKnownKeys, requireOneOf } from '@monge/errors'
import { solveCosts } from './emd.js'
import type { EmdSettings } from './emd.js'
import { readMatrix, readWeights } from './input.js'
import type { Matrix, PointsInput } from './input.js'
import { transport1d } from './line/transport1d.js'
import { balanced } from './mass.js'
import type { PartialTransport } from './partial.js'
import { requireOrder } from './order.js'
import { powerCosts } from './simplex/points.js'
import type { Transport } from './transport.js'

/** Two clouds of points with weights, and the cost `|x - y|^p`. */
export interface SamplesProblem extends EmdSettings {
  /** `[n, d]` */
  readonly x: PointsInput
  /** `[m, d]` */
  readonly y: PointsInput
  /** `[n]`, uniform if not given. */
  readonly a?: ArrayLike<number>
  /** `[m]`, uniform if not given. */
  readonly b?: ArrayLike<number>
  /** At least 1; 2 if not given. */
  readonly p?: number
  /** The distance whose p-th power is the cost: Euclidean unless told. */
  readonly metric?: 'euclidean' | 'cityblock'
  /** The mass to move: partial transport. */
  readonly partial?: number
}

/** The solution for two clouds: `cost` is `W_p^p`. */
export interface SamplesTransport extends Transport {
  /** `W_p = cost^(1/p)` */
  readonly distance: number
  readonly multiplier: number
}

const checkKeys = requireKnownKeys(['x', 'y', 'a', 'b', 'p', 'metric', 'partial', 'start', 'maxPivots'])
const requireMetric = requireOneOf(['euclidean', 'cityblock'])

/**
 * Exact optimal transport between two clouds under `|x - y|^p` (not halved): `cost` is `W_p^p`, `distance` is `W_p`.
 *
 * On a line by sorting, in O((n + m) log (n + m)); otherwise by the network simplex, which computes the costs from the
 * points on the fly in O(n + m) memory for p = 1 and 2 in few dimensions.
 *
 * @throws as `emd`
 */
export const emdSamples = (problem: SamplesProblem): SamplesTransport => {
  checkKeys('emdSamples', problem)
  const p = requireOrder('emdSamples: p', problem.p ?? 2)
  const metric = requireMetric('emdSamples: metric', problem.metric ?? 'euclidean')
  const x = readMatrix('emdSamples: x', problem.x)
  const y = readMatrix('emdSamples: y', problem.y)
  if (x.columns !== y.columns)
    throw mongeError('DimensionMismatch', 'emdSamples', `x has ${x.columns} dimensions, y has ${y.columns}`)
  const a = readWeights('emdSamples: a', problem.a, x.rows)
  const b = readWeights('emdSamples: b', problem.b, y.rows)
  const solved = solveSamples('emdSamples', { x, y, a, b, p, metric }, problem)
  return { ...solved, distance: Math.max(0, solved.cost) ** (1 / p) }
}

/** A problem whose data have been checked. */
export interface CheckedSamples {
  readonly x: Matrix
  readonly y: Matrix
  readonly a: Float64Array
  readonly b: Float64Array
  readonly p: number
  readonly metric: 'euclidean' | 'cityblock'
}

/** Solves between clouds, on a line by sorting. */
export const solveSamples = (
  where: string,
  { x, y, a, b, p, metric }: CheckedSamples,
  settings: EmdSettings & { readonly partial?: number },
): PartialTransport =>
  x.columns === 1 && settings.partial === undefined
    ? { ...transport1d(x.data, y.data, a, balanced(where, a, b), (gap) => Math.abs(gap) ** p), multiplier: 0 }
    : solveCosts(where, powerCosts(x, y, p, metric), a, b, settings)
