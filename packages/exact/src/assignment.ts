import { requireKnownKeys } from '@monge/errors'
import { compensatedSum } from './compensated.js'
import { readMatrix } from './input.js'
import type { MatrixInput } from './input.js'
import type { Costs } from './simplex/costs.js'
import { writeRow } from './simplex/costs.js'
import { networkSimplex } from './simplex/network-simplex.js'

/** A one-to-one matching of least total cost. */
export interface Assignment {
  /** `[n]`: the column of each row, or -1 where there are fewer columns than rows and it stays free. */
  readonly columns: Int32Array
  /** `[m]`: the row of each column, or -1. */
  readonly rows: Int32Array
  /** The sum of the costs of the matched pairs. */
  readonly cost: number
  /** `[n]`: `f_i + g_j <= c_ij`, with equality on matched pairs; what may stay free has potentials of at most 0. */
  readonly f: Float64Array
  /** `[m]` */
  readonly g: Float64Array
  /** Cost less `sum f + sum g`: zero within rounding. */
  readonly gap: number
}

const checkKeys = requireKnownKeys(['cost'])

/**
 * The assignment problem: each row of `cost [n, m]` gets a column of its own (each column a row, if n > m) at least total
 * cost. Masses are whole numbers, so the vertices that the network simplex visits are matchings; on clouds of points it is
 * tens of times faster than shortest augmenting paths in the way of Jonker and Volgenant.
 *
 * @throws `InvalidArgument` if the costs are no matrix of finite numbers
 */
export const assignment = (problem: { readonly cost: MatrixInput }): Assignment => {
  checkKeys('assignment', problem)
  const matrix = readMatrix('assignment: cost', problem.cost)
  const { rows: n, columns: m } = matrix
  const costs: Costs = { tag: 'matrix', matrix }
  const wider = n === m ? costs : withSpare(costs, n, m)
  const a = spareMasses(n, m - n)
  const b = spareMasses(m, n - m)
  const { plan, f, g } = networkSimplex(wider, a, b, { where: 'assignment' })
  const columns = new Int32Array(n).fill(-1)
  const rows = new Int32Array(m).fill(-1)
  plan.rows.forEach((i, k) => {
    const j = plan.columns[k]
    if (i >= n || j >= m) return
    columns[i] = j
    rows[j] = i
  })
  // The one who takes what stays free has potential zero.
  const shift = n < m ? f[n] : n > m ? -g[m] : 0
  const potentials = { f: f.slice(0, n).map((value) => value - shift), g: g.slice(0, m).map((value) => value + shift) }
  const cost = compensatedSum(
    Float64Array.from(columns, (j, i) => (j < 0 ? 0 : matrix.data[i * m + j])),
  )
  const dual = compensatedSum(Float64Array.of(...potentials.f, ...potentials.g))
  return { columns, rows, cost, ...potentials, gap: cost - dual }
}

const spareMasses = (count: number, spare: number): Float64Array => {
  const masses = new Float64Array(count + (spare > 0 ? 1 : 0)).fill(1)
  if (spare > 0) masses[count] = spare
  return masses
}

/** One more row or column, at no cost, for those who stay free. */
const withSpare = (costs: Costs, n: number, m: number): Costs => ({
  tag: 'rows',
  rows: n < m ? n + 1 : n,
  columns: m < n ? m + 1 : m,
  fill: (i, target) => {
    if (i < n) writeRow(costs, i, target.subarray(0, m))
    else target.fill(0)
    if (m < n) target[m] = 0
  },
})
