import type { Backend } from '@monge/backend'
import { geometry } from '@monge/costs'
import type { Cost } from '@monge/costs'
import { mongeError, requireKnownKeys } from '@monge/errors'
import { requireSameDimension } from '@monge/losses'
import { toTyped } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { solveCosts } from '../emd.js'
import { solveSamples } from '../emd-samples.js'
import type { Matrix } from '../input.js'
import { requireOrder } from '../order.js'
import type { Transport } from '../transport.js'

/** The cost of moving: `|x - y|^p` (not halved), or any cost. */
export interface GroundCost {
  /** At least 1; 2 if neither is given. */
  readonly p?: number
  readonly cost?: Cost
}

/** Measures on the host in float64, and the transport between them. */
export interface SolvedMeasures {
  readonly x: Matrix
  readonly y: Matrix
  readonly a: Float64Array
  readonly b: Float64Array
  readonly transport: Transport
}

const checkKeys = requireKnownKeys(['p', 'cost'])

/** Checks the options, and returns what solves between two measures under that cost. */
export const solverOf = (
  where: string,
  ground: GroundCost,
): (<V>(backend: Backend<V>, mu: Measure, nu: Measure) => SolvedMeasures) => {
  checkKeys(where, ground)
  const { cost } = ground
  if (cost !== undefined && ground.p !== undefined)
    throw mongeError('InvalidOption', where, 'expected p or a cost, got both')
  const p = requireOrder(`${where}: p`, ground.p ?? 2)
  return (backend, mu, nu) => {
    requireSameDimension(where, mu, nu)
    const { points: x, weights: a } = onHost(mu)
    const { points: y, weights: b } = onHost(nu)
    const transport =
      cost === undefined
        ? solveSamples(where, { x, y, a, b, p, metric: 'euclidean' }, {})
        : solveCosts(where, { tag: 'matrix', matrix: entries(cost, backend, mu, nu) }, a, b, {})
    return { x, y, a, b, transport }
  }
}

const onHost = (mu: Measure): { readonly points: Matrix; readonly weights: Float64Array } => {
  const { points, weights, n, d } = toTyped(mu)
  return { points: { rows: n, columns: d, data: Float64Array.from(points) }, weights: Float64Array.from(weights) }
}

const entries = <V>(cost: Cost, backend: Backend<V>, mu: Measure, nu: Measure): Matrix => {
  const prepared = geometry(cost)(backend)(mu.points, nu.points)
  const { rows, columns } = prepared
  const data = Float64Array.from(prepared.entries(0, rows))
  prepared.dispose()
  const bad = data.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0)
    throw mongeError('InvalidArgument', `cost ${cost.name}`, `is ${data[bad]} at [${Math.floor(bad / columns)}, ${bad % columns}]`)
  return { rows, columns, data }
}
