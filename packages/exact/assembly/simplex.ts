/*
 * The network simplex for transport between n sources and m sinks, in float64.
 *
 * Minimises `sum_ij P_ij c_ij` over plans P with given positive marginals. The basis is a spanning tree of real arcs,
 * rooted at the last sink and kept strongly feasible (Cunningham 1976): every arc without flow points to the root, which
 * excludes cycling. Entering arcs are the best of a block of rows (block search, as in Kiraly and Kovacs 2012). Node u
 * is source u for u < n and sink u - n otherwise; `potential` holds f, then g; `flow` of a node is that of the arc to
 * its parent. Only the side of the cut with fewer nodes has its potentials shifted.
 */

// A node's record: parent, first child, next and previous sibling, number of nodes below (itself included), flow.
const PARENT: usize = 0
const FIRST: usize = 4
const NEXT: usize = 8
const PREVIOUS: usize = 12
const SIZE: usize = 16
const FLOW: usize = 24
const RECORD: u32 = 5

// What costs are: entries of a matrix (0), distances (squared ones are 1), or rows that the host fills in on demand (4).
const MATRIX: i32 = 0
const EUCLIDEAN: i32 = 2
const TAXICAB: i32 = 3

const CHUNK: i32 = 512
// Reduced costs count as negative beyond this, relative to the largest potential.
const ROUNDING: f64 = 2e-14

/** Asks the host to write the costs of row `i` to the row buffer. */
declare function fillRow(i: i32): void

let n: i32 = 0
let m: i32 = 0
let nodes: i32 = 0
let dimension: i32 = 0
let metric: i32 = 0

let records: usize = 0
let potentials: usize = 0
let sources: usize = 0
let sinks: usize = 0
let prices: usize = 0
let counts: usize = 0
let arcSource: usize = 0
let arcSink: usize = 0
let arcFlow: usize = 0
let heads: usize = 0
let links: usize = 0
let row: usize = 0
let xs: usize = 0
let ys: usize = 0
let matrix: usize = 0

let heldRow: i32 = -1
let found: i32 = 0
let pivots: f64 = 0
let tolerance: f64 = 0

let cursor: usize = 1024

function reserve(bytes: usize): usize {
  const at = cursor
  cursor = (cursor + bytes + 15) & ~(<usize>15)
  return at
}

/** Lays out the memory; false if it cannot be had. */
export function layout(rows: i32, columns: i32, d: i32, kind: i32): bool {
  n = rows
  m = columns
  nodes = n + m
  dimension = d
  metric = kind
  const N = <usize>nodes
  records = reserve(N << RECORD)
  potentials = reserve(N << 3)
  sources = reserve(<usize>n << 3)
  sinks = reserve(<usize>m << 3)
  prices = reserve(<usize>m << 3)
  counts = reserve(N << 2)
  arcSource = reserve(N << 2)
  arcSink = reserve(N << 2)
  arcFlow = reserve(N << 3)
  heads = reserve(N << 2)
  links = reserve(N << 3)
  row = reserve(<usize>m << 3)
  xs = reserve((<usize>n * <usize>d) << 3)
  ys = reserve((<usize>m * <usize>d) << 3)
  matrix = cursor
  const size: f64 = <f64>cursor + (kind === MATRIX ? <f64>n * <f64>m * 8 : 0)
  const pages: f64 = Math.ceil((size + 64) / 65536)
  if (pages > 65535) return false
  const missing = <i32>pages - memory.size()
  return missing <= 0 || memory.grow(missing) >= 0
}

export function sourcesAt(): usize { return sources }
export function sinksAt(): usize { return sinks }
export function pricesAt(): usize { return prices }
export function potentialsAt(): usize { return potentials }
export function rowAt(): usize { return row }
export function xsAt(): usize { return xs }
export function ysAt(): usize { return ys }
export function matrixAt(): usize { return matrix }
export function arcSourcesAt(): usize { return arcSource }
export function arcSinksAt(): usize { return arcSink }
export function arcFlowsAt(): usize { return arcFlow }
export function pivotCount(): f64 { return pivots }

// --- costs ---------------------------------------------------------------------------------------------------------

/** Where the costs of row i are, of which those from `from` to `to` are ready; j-th at `+ 8 j`. */
function costs(i: i32, from: i32, to: i32): usize {
  if (metric === MATRIX) return matrix + ((<usize>i * <usize>m) << 3)
  if (metric > TAXICAB) {
    if (heldRow !== i) {
      fillRow(i)
      heldRow = i
    }
    return row
  }
  distances(i, from, to)
  return row
}

function distances(i: i32, from: i32, to: i32): void {
  const stop = <usize>to << 3
  const start = <usize>(from & ~1) << 3
  const target = row
  const kind = metric
  const d = dimension
  for (let k = 0; k < d; k++) {
    const y = ys + ((<usize>k * <usize>m) << 3)
    const at = f64x2.splat(load<f64>(xs + ((<usize>i * <usize>d + <usize>k) << 3)))
    // Whole pairs: the last one may read and write one entry past the row, which the layout leaves room for.
    if (kind === TAXICAB) {
      for (let j = start; j < stop; j += 16) {
        const gap = f64x2.abs(f64x2.sub(v128.load(y + j), at))
        v128.store(target + j, k === 0 ? gap : f64x2.add(v128.load(target + j), gap))
      }
    } else if (k === 0) {
      for (let j = start; j < stop; j += 16) {
        const gap = f64x2.sub(v128.load(y + j), at)
        v128.store(target + j, f64x2.mul(gap, gap))
      }
    } else {
      for (let j = start; j < stop; j += 16) {
        const gap = f64x2.sub(v128.load(y + j), at)
        v128.store(target + j, f64x2.add(v128.load(target + j), f64x2.mul(gap, gap)))
      }
    }
  }
  if (kind === EUCLIDEAN)
    for (let j = start; j < stop; j += 16) v128.store(target + j, f64x2.sqrt(v128.load(target + j)))
}

function cost(i: i32, j: i32): f64 {
  return load<f64>(costs(i, j, j + 1) + (<usize>j << 3))
}

/** `min_j (c_ij - g_j)` for j from `from` to `to`; `found` is where it is attained first. */
function cheapest(i: i32, from: i32, to: i32, g: usize): f64 {
  let best: f64 = Infinity
  let chunk = from
  let base: usize = 0
  for (let start = from; start < to; start += CHUNK) {
    const stop = min(start + CHUNK, to)
    base = costs(i, start, stop)
    let lows = f64x2.splat(Infinity)
    let others = lows
    let j = <usize>start << 3
    const pairs = <usize>(start + ((stop - start) & ~3)) << 3
    for (; j < pairs; j += 32) {
      lows = f64x2.pmin(lows, f64x2.sub(v128.load(base + j), v128.load(g + j)))
      others = f64x2.pmin(others, f64x2.sub(v128.load(base + j, 16), v128.load(g + j, 16)))
    }
    lows = f64x2.pmin(lows, others)
    let low = Math.min(f64x2.extract_lane(lows, 0), f64x2.extract_lane(lows, 1))
    const end = <usize>stop << 3
    for (; j < end; j += 8) low = Math.min(low, load<f64>(base + j) - load<f64>(g + j))
    if (low < best) {
      best = low
      chunk = start
    }
  }
  found = chunk
  const stop = min(chunk + CHUNK, to)
  for (let j = chunk; j < stop; j++) {
    if (load<f64>(base + (<usize>j << 3)) - load<f64>(g + (<usize>j << 3)) === best) {
      found = j
      break
    }
  }
  return best
}

// --- the first basis -----------------------------------------------------------------------------------------------

function record(u: i32): usize {
  return records + (<usize>u << RECORD)
}

/**
 * A basis by rows: each source in turn sends to the open sink of least `c_ij - prices_j`. Ties between what is left of
 * a source and of a sink are broken as if every node but the root had an infinitesimal surplus, which makes the tree
 * strongly feasible. `prices` are used up.
 */
function greedy(): i32 {
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

function addArc(k: i32, i: i32, j: i32, flow: f64): i32 {
  store<i32>(arcSource + (<usize>k << 2), i)
  store<i32>(arcSink + (<usize>k << 2), j)
  store<f64>(arcFlow + (<usize>k << 3), flow)
  return k + 1
}

/** Hangs the arcs of the basis into a tree below the root. */
function plant(): void {
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

function attach(u: i32, p: i32): void {
  const above = record(p)
  const first = load<i32>(above, FIRST)
  store<i32>(record(u), first, NEXT)
  store<i32>(record(u), -1, PREVIOUS)
  if (first >= 0) store<i32>(record(first), u, PREVIOUS)
  store<i32>(above, u, FIRST)
}

function detach(u: i32, p: i32): void {
  const previous = load<i32>(record(u), PREVIOUS)
  const next = load<i32>(record(u), NEXT)
  if (previous >= 0) store<i32>(record(previous), next, NEXT)
  else store<i32>(record(p), next, FIRST)
  if (next >= 0) store<i32>(record(next), previous, PREVIOUS)
}

/** The node after u in depth-first order, when what hangs below u is skipped, within the tree below `top`; or -1. */
function beyond(u: i32, top: i32): i32 {
  let v = u
  while (v !== top) {
    const next = load<i32>(record(v), NEXT)
    if (next >= 0) return next
    v = load<i32>(record(v), PARENT)
  }
  return -1
}

function after(u: i32, top: i32): i32 {
  const first = load<i32>(record(u), FIRST)
  return first >= 0 ? first : beyond(u, top)
}

/** Potentials afresh from the tree, so that rounding does not add up; returns the largest. */
function refresh(): f64 {
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

// --- pivots --------------------------------------------------------------------------------------------------------

/** Brings arc (i, j) of reduced cost `reduced` < 0 into the tree. */
function pivot(i: i32, j: i32, reduced: f64): void {
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
