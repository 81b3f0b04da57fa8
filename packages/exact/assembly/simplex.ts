/*
 * The network simplex for transport between n sources and m sinks, in float64.
 *
 * Minimises `sum_ij P_ij c_ij` over plans P with given positive marginals. The basis is a spanning tree of real arcs,
 * rooted at the last sink and kept strongly feasible (Cunningham 1976): every arc without flow points to the root, which
 * excludes cycling. Entering arcs are the best of a block of rows (block search, as in Kiraly and Kovacs 2012).
 */

import { n, m, nodes, potentials } from './memory'
import { found, cheapest } from './costs'
import { greedy, addArc } from './start'
import { PARENT, FLOW, record, plant, refresh } from './tree'
import { pivot } from './pivot'

export {
  layout,
  sourcesAt,
  sinksAt,
  pricesAt,
  potentialsAt,
  rowAt,
  xsAt,
  ysAt,
  matrixAt,
  arcSourcesAt,
  arcSinksAt,
  arcFlowsAt,
} from './memory'

// Reduced costs count as negative beyond this, relative to the largest potential.
const ROUNDING: f64 = 2e-14

let pivots: f64 = 0
let tolerance: f64 = 0

export function pivotCount(): f64 { return pivots }

/**
 * Solves, from `sources`, `sinks` (used up) and `prices`, the sinks' potentials to start from (used up). Leaves the
 * basis in the arcs, potentials in `potentials`. Returns false when `most` pivots were not enough.
 */
export function solve(most: f64): bool {
  greedy()
  plant()
  store<f64>(potentials + (<usize>(nodes - 1) << 3), 0)
  tolerance = ROUNDING * refresh()
  pivots = 0
  const g = potentials + (<usize>n << 3)
  const all = <f64>n * <f64>m
  const block = <i32>Math.max(Math.sqrt(all), 32)
  let i = 0
  let position = 0
  let clean: f64 = 0
  let fresh = true
  let sinceRefresh = 0
  while (true) {
    let best: f64 = -tolerance
    let bestSource = -1
    let bestSink = -1
    let looked = 0
    while (true) {
      const to = min(m, position + block - looked)
      const reduced = cheapest(i, position, to, g) - load<f64>(potentials + (<usize>i << 3))
      if (reduced < best) {
        best = reduced
        bestSource = i
        bestSink = found
      }
      looked += to - position
      clean += <f64>(to - position)
      position = to
      if (position === m) {
        position = 0
        i = i + 1 === n ? 0 : i + 1
      }
      if (looked >= block) {
        looked = 0
        if (bestSource >= 0) break
      }
      if (clean >= all) break
    }
    if (bestSource < 0) {
      if (fresh) break
      tolerance = ROUNDING * refresh()
      fresh = true
      sinceRefresh = 0
      clean = 0
      continue
    }
    clean = 0
    if (pivots >= most) return false
    pivots += 1
    fresh = false
    pivot(bestSource, bestSink, best)
    sinceRefresh += 1
    if (sinceRefresh >= nodes) {
      sinceRefresh = 0
      // Far beyond what is ever needed, rounding may be what keeps it going.
      const patience = Math.max(1, pivots / (200 * <f64>nodes))
      tolerance = ROUNDING * refresh() * patience
      fresh = true
    }
  }
  for (let u = 0; u < nodes - 1; u++) {
    const p = load<i32>(record(u), PARENT)
    addArc(u, u < n ? u : p, u < n ? p - n : u - n, load<f64>(record(u), FLOW))
  }
  return true
}
