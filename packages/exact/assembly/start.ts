/*
 * The first basis, as a list of arcs.
 */

import { n, m, nodes, sources, sinks, prices, counts, arcSource, arcSink, arcFlow } from './memory'
import { found, cheapest } from './costs'

/**
 * A basis by rows: each source in turn sends to the open sink of least `c_ij - prices_j`. Ties between what is left of
 * a source and of a sink are broken as if every node but the root had an infinitesimal surplus, which makes the tree
 * strongly feasible. `prices` are used up.
 */
export function greedy(): i32 {
  let arcs = 0
  let open = m
  const surplus = counts + (<usize>n << 2)
  for (let i = 0; i < n; i++) store<i32>(counts + (<usize>i << 2), 1)
  for (let j = 0; j < m; j++) store<i32>(surplus + (<usize>j << 2), -1)
  store<i32>(surplus + (<usize>(m - 1) << 2), nodes - 1)
  for (let i = 0; i < n; i++) {
    let left = load<f64>(sources + (<usize>i << 3))
    let extra = 1
    if (i === n - 1) {
      for (let j = 0; j < m; j++) {
        if (load<f64>(prices + (<usize>j << 3)) !== -Infinity)
          arcs = addArc(arcs, i, j, Math.max(0, load<f64>(sinks + (<usize>j << 3))))
      }
      break
    }
    while (true) {
      cheapest(i, 0, m, prices)
      const j = found
      const room = load<f64>(sinks + (<usize>j << 3))
      const lack = load<i32>(surplus + (<usize>j << 2))
      if (open === 1 || left < room || (left === room && extra < lack)) {
        arcs = addArc(arcs, i, j, left)
        store<f64>(sinks + (<usize>j << 3), room - left)
        store<i32>(surplus + (<usize>j << 2), lack - extra)
        break
      }
      arcs = addArc(arcs, i, j, Math.max(0, room))
      left -= room
      extra -= lack
      open -= 1
      store<f64>(prices + (<usize>j << 3), -Infinity)
    }
  }
  return arcs
}

export function addArc(k: i32, i: i32, j: i32, flow: f64): i32 {
  store<i32>(arcSource + (<usize>k << 2), i)
  store<i32>(arcSink + (<usize>k << 2), j)
  store<f64>(arcFlow + (<usize>k << 3), flow)
  return k + 1
}
