import type { Transport } from '../transport.js'
import { solution } from '../transport.js'
import { withoutZeros } from '../plan.js'
import { coarsePotentials, cTransform } from './coarse.js'
import { costsAt, restrict, sizeOf, writeRow } from './costs.js'
import type { Costs } from './costs.js'
import { runSimplex } from './engine.js'

/** How to run the solver. */
export interface SimplexSettings {
  /** The function that the errors name. */
  readonly where: string
  /** Potentials of the sinks to start from. */
  readonly start?: Float64Array
  readonly mostPivots?: number
}

const positive = (weights: Float64Array): Int32Array =>
  Int32Array.from(weights.keys()).filter((i) => weights[i] > 0)

const at = (values: Float64Array, indices: Int32Array): Float64Array => Float64Array.from(indices, (i) => values[i])

/**
 * Solves `min <P, c>` over plans with marginals `a [n]`, `b [m]` of equal mass, by the network simplex in float64.
 *
 * Sources and sinks of no weight are left out, and their potentials put back as large as they may be.
 */
export const networkSimplex = (costs: Costs, a: Float64Array, b: Float64Array, settings: SimplexSettings): Transport => {
  const [n, m] = sizeOf(costs)
  const rows = positive(a)
  const columns = positive(b)
  const active = restrict(costs, rows, columns)
  const [someA, someB] = [at(a, rows), at(b, columns)]
  const start = settings.start === undefined ? undefined : at(settings.start, columns)
  const basis = runSimplex(
    settings.where,
    active,
    someA,
    someB,
    start ?? coarsePotentials(settings.where, active, someA, someB),
    settings.mostPivots ?? Infinity,
  )
  const potentials =
    active === costs ? { f: basis.f, g: basis.g } : extended(costs, rows, columns, basis.f, basis.g)
  const plan = withoutZeros({
    shape: [n, m],
    rows: basis.rows.map((i) => rows[i]),
    columns: basis.columns.map((j) => columns[j]),
    masses: basis.masses,
  })
  return solution(a, b, plan, costsAt(costs, plan.rows, plan.columns), potentials, basis.pivots)
}

/** Potentials of all nodes from those of the nodes that have weight: the largest that stay feasible. */
const extended = (costs: Costs, rows: Int32Array, columns: Int32Array, someF: Float64Array, someG: Float64Array) => {
  const [n, m] = sizeOf(costs)
  const f = new Float64Array(n).fill(Infinity)
  const row = new Float64Array(m)
  for (let i = 0; i < n; i++) {
    writeRow(costs, i, row)
    columns.forEach((j, k) => {
      f[i] = Math.min(f[i], row[j] - someG[k])
    })
  }
  rows.forEach((i, k) => {
    f[i] = someF[k]
  })
  const g = cTransform(costs, Int32Array.from(f.keys()), f)
  columns.forEach((j, k) => {
    g[j] = someG[k]
  })
  return { f, g }
}
