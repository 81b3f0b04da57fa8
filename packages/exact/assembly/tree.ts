/*
 * The spanning tree of a basis, rooted at the last sink. The flow of a node is that of the arc to its parent.
 */

import { n, nodes, records, potentials, counts, arcSource, arcSink, arcFlow, heads, links, RECORD } from './memory'
import { cost } from './costs'

// A node's record: parent, first child, next and previous sibling, number of nodes below (itself included), flow.
export const PARENT: usize = 0
export const FIRST: usize = 4
export const NEXT: usize = 8
export const PREVIOUS: usize = 12
export const SIZE: usize = 16
export const FLOW: usize = 24

export function record(u: i32): usize {
  return records + (<usize>u << RECORD)
}

/** Hangs the arcs of the basis into a tree below the root. */
export function plant(): void {
  const last = nodes - 1
  for (let u = 0; u < nodes; u++) {
    store<i32>(heads + (<usize>u << 2), -1)
    const at = record(u)
    store<i32>(at, -1, FIRST)
    store<i32>(at, -1, NEXT)
    store<i32>(at, -1, PREVIOUS)
    store<i32>(at, 1, SIZE)
  }
  for (let k = 0; k < last; k++) {
    const i = load<i32>(arcSource + (<usize>k << 2))
    const j = n + load<i32>(arcSink + (<usize>k << 2))
    store<i32>(links + (<usize>k << 3), load<i32>(heads + (<usize>i << 2)))
    store<i32>(heads + (<usize>i << 2), 2 * k)
    store<i32>(links + (<usize>k << 3), load<i32>(heads + (<usize>j << 2)), 4)
    store<i32>(heads + (<usize>j << 2), 2 * k + 1)
  }
  // Breadth first; `counts` is the queue, and read backwards it sums the sizes.
  store<i32>(record(last), -1, PARENT)
  store<i32>(counts, last)
  let filled = 1
  for (let taken = 0; taken < filled; taken++) {
    const u = load<i32>(counts + (<usize>taken << 2))
    for (let e = load<i32>(heads + (<usize>u << 2)); e >= 0; e = load<i32>(links + (<usize>e << 2))) {
      const k = e >> 1
      const v = e & 1 ? load<i32>(arcSource + (<usize>k << 2)) : n + load<i32>(arcSink + (<usize>k << 2))
      if (v === load<i32>(record(u), PARENT)) continue
      store<i32>(record(v), u, PARENT)
      store<f64>(record(v), load<f64>(arcFlow + (<usize>k << 3)), FLOW)
      attach(v, u)
      store<i32>(counts + (<usize>filled << 2), v)
      filled += 1
    }
  }
  for (let k = nodes - 1; k > 0; k--) {
    const u = load<i32>(counts + (<usize>k << 2))
    const p = record(load<i32>(record(u), PARENT))
    store<i32>(p, load<i32>(p, SIZE) + load<i32>(record(u), SIZE), SIZE)
  }
}

export function attach(u: i32, p: i32): void {
  const above = record(p)
  const first = load<i32>(above, FIRST)
  store<i32>(record(u), first, NEXT)
  store<i32>(record(u), -1, PREVIOUS)
  if (first >= 0) store<i32>(record(first), u, PREVIOUS)
  store<i32>(above, u, FIRST)
}

export function detach(u: i32, p: i32): void {
  const previous = load<i32>(record(u), PREVIOUS)
  const next = load<i32>(record(u), NEXT)
  if (previous >= 0) store<i32>(record(previous), next, NEXT)
  else store<i32>(record(p), next, FIRST)
  if (next >= 0) store<i32>(record(next), previous, PREVIOUS)
}

/** The node after u in depth-first order, when what hangs below u is skipped, within the tree below `top`; or -1. */
export function beyond(u: i32, top: i32): i32 {
  let v = u
  while (v !== top) {
    const next = load<i32>(record(v), NEXT)
    if (next >= 0) return next
    v = load<i32>(record(v), PARENT)
  }
  return -1
}

export function after(u: i32, top: i32): i32 {
  const first = load<i32>(record(u), FIRST)
  return first >= 0 ? first : beyond(u, top)
}

/** Potentials afresh from the tree, so that rounding does not add up; returns the largest. */
export function refresh(): f64 {
  const root = nodes - 1
  let largest: f64 = Math.abs(load<f64>(potentials + (<usize>root << 3)))
  for (let u = after(root, root); u >= 0; u = after(u, root)) {
    const p = load<i32>(record(u), PARENT)
    const c = u < n ? cost(u, p - n) : cost(p, u - n)
    const value = c - load<f64>(potentials + (<usize>p << 3))
    store<f64>(potentials + (<usize>u << 3), value)
    largest = Math.max(largest, Math.abs(value))
  }
  return largest
}
