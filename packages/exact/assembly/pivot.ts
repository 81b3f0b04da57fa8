/*
 * One exchange of arcs. Only the side of the cut with fewer nodes has its potentials shifted.
 */

import { n, nodes, potentials } from './memory'
import { PARENT, SIZE, FLOW, record, attach, detach, beyond, after } from './tree'

/** Brings arc (i, j) of reduced cost `reduced` < 0 into the tree. */
export function pivot(i: i32, j: i32, reduced: f64): void {
  const start = i
  const end = n + j
  let u = start
  let v = end
  let least: f64 = Infinity
  let leastOther: f64 = Infinity
  let leaving = -1
  let leavingOther = -1
  // Of the arcs that limit the flow, the last one met on the cycle from its apex leaves: it keeps the tree strongly
  // feasible. That is the first on the way up from the source, the last on the way up from the sink.
  while (u !== v) {
    const ru = record(u)
    const rv = record(v)
    if (load<i32>(ru, SIZE) < load<i32>(rv, SIZE)) {
      if (u < n) {
        const flow = load<f64>(ru, FLOW)
        if (flow < least) {
          least = flow
          leaving = u
        }
      }
      u = load<i32>(ru, PARENT)
    } else {
      if (v >= n) {
        const flow = load<f64>(rv, FLOW)
        if (flow <= leastOther) {
          leastOther = flow
          leavingOther = v
        }
      }
      v = load<i32>(rv, PARENT)
    }
  }
  const apex = u
  const below = leastOther <= least
  if (below) {
    least = leastOther
    leaving = leavingOther
  }
  const inner = below ? end : start
  const outer = below ? start : end
  const moved = load<i32>(record(leaving), SIZE)
  for (u = start; u !== apex; u = load<i32>(record(u), PARENT)) {
    const at = record(u)
    store<f64>(at, load<f64>(at, FLOW) + (u < n ? -least : least), FLOW)
  }
  for (u = end; u !== apex; u = load<i32>(record(u), PARENT)) {
    const at = record(u)
    store<f64>(at, load<f64>(at, FLOW) + (u >= n ? -least : least), FLOW)
  }
  for (u = load<i32>(record(leaving), PARENT); u !== apex; u = load<i32>(record(u), PARENT)) {
    const at = record(u)
    store<i32>(at, load<i32>(at, SIZE) - moved, SIZE)
  }
  for (u = outer; u !== apex; u = load<i32>(record(u), PARENT)) {
    const at = record(u)
    store<i32>(at, load<i32>(at, SIZE) + moved, SIZE)
  }
  // Turns the path from the entering arc to the leaving one upside down.
  let p = outer
  let flow = least
  const size = moved
  let cut = 0
  u = inner
  while (true) {
    const at = record(u)
    const oldParent = load<i32>(at, PARENT)
    const oldFlow = load<f64>(at, FLOW)
    const oldSize = load<i32>(at, SIZE)
    detach(u, oldParent)
    store<i32>(at, p, PARENT)
    store<f64>(at, flow, FLOW)
    store<i32>(at, size - cut, SIZE)
    attach(u, p)
    if (u === leaving) break
    cut = oldSize
    p = u
    u = oldParent
    flow = oldFlow
  }
  shift(inner, moved, below ? -reduced : reduced)
}

/** Adds `by` to the sources' potentials below `top` and takes it from the sinks', or the reverse to all the others. */
function shift(top: i32, size: i32, by: f64): void {
  if (size * 2 <= nodes) {
    for (let u = top; u >= 0; u = after(u, top)) {
      const at = potentials + (<usize>u << 3)
      store<f64>(at, load<f64>(at) + (u < n ? by : -by))
    }
  } else {
    const root = nodes - 1
    for (let u = root; u >= 0; u = u === top ? beyond(u, root) : after(u, root)) {
      if (u === top) continue
      const at = potentials + (<usize>u << 3)
      store<f64>(at, load<f64>(at) + (u < n ? -by : by))
    }
  }
}
