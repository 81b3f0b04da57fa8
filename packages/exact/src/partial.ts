import { mongeError } from '@monge/errors'
import { compensatedDot, compensatedSum } from './compensated.js'
import { withoutZeros } from './plan.js'
import type { SparsePlan } from './plan.js'
import { costsAt, sizeOf, writeRow } from './simplex/costs.js'
import type { Costs } from './simplex/costs.js'
import { networkSimplex } from './simplex/network-simplex.js'
import type { SimplexSettings } from './simplex/network-simplex.js'
import type { Transport } from './transport.js'

/**
 * Partial transport of a mass m. The potentials are at most zero, `f_i + g_j + multiplier <= c_ij`, and the dual value
 * is `<a, f> + <b, g> + m multiplier`; the multiplier is the cost of the next bit of mass.
 */
export interface PartialTransport extends Transport {
  readonly multiplier: number
}

/**
 * `min <P, c>` over `P >= 0` with row sums at most `a`, column sums at most `b` and total `mass`: one more sink and one
 * more source, at no cost, take what stays (Caffarelli and McCann 2010; Chapel, Alaya and Gasso 2020).
 */
export const partialTransport = (
  costs: Costs,
  a: Float64Array,
  b: Float64Array,
  mass: number,
  settings: SimplexSettings,
): PartialTransport => {
  const where = `${settings.where}: partial`
  const [n, m] = sizeOf(costs)
  const [totalA, totalB] = [compensatedSum(a), compensatedSum(b)]
  const most = Math.min(totalA, totalB)
  if (!(mass > 0 && mass <= most * (1 + 1e-12)))
    throw mongeError('MassMismatch', where, `expected a mass above 0 and at most ${most}, got ${mass}`)
  const moved = Math.min(mass, most)
  const forbidden = 1 + 2 * largest(costs)
  const wider: Costs = {
    tag: 'rows',
    rows: n + 1,
    columns: m + 1,
    fill: (i, target) => {
      if (i < n) writeRow(costs, i, target.subarray(0, m))
      else target.fill(0)
      target[m] = i < n ? 0 : forbidden
    },
  }
  const start = settings.start === undefined ? {} : { start: Float64Array.of(...settings.start, 0) }
  const whole = networkSimplex(
    wider,
    Float64Array.of(...a, Math.max(0, totalB - moved)),
    Float64Array.of(...b, Math.max(0, totalA - moved)),
    { ...settings, ...start },
  )
  const plan = inside(whole.plan, n, m)
  const f = whole.f.slice(0, n).map((value) => value + whole.g[m])
  const g = whole.g.slice(0, m).map((value) => value + whole.f[n])
  const multiplier = -(whole.g[m] + whole.f[n])
  const cost = compensatedDot(plan.masses, costsAt(costs, plan.rows, plan.columns))
  const dual = compensatedDot(a, f) + compensatedDot(b, g) + moved * multiplier
  return { plan, cost, f, g, multiplier, gap: cost - dual, iterations: whole.iterations }
}

const inside = (plan: SparsePlan, n: number, m: number): SparsePlan =>
  withoutZeros({
    shape: [n, m],
    rows: plan.rows.map((i) => Math.min(i, n - 1)),
    columns: plan.columns.map((j) => Math.min(j, m - 1)),
    masses: plan.masses.map((mass, k) => (plan.rows[k] < n && plan.columns[k] < m ? mass : 0)),
  })

const largest = (costs: Costs): number => {
  const [n, m] = sizeOf(costs)
  const row = new Float64Array(m)
  let most = 0
  for (let i = 0; i < n; i++) {
    writeRow(costs, i, row)
    for (const value of row) most = Math.max(most, Math.abs(value))
  }
  return most
}
