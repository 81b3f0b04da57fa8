/*
 * What a problem of n sources and m sinks is worked out in. Node u is source u for u < n and sink u - n otherwise;
 * `potentials` holds f, then g.
 */

// What costs are: entries of a matrix (0), distances (squared ones are 1), or rows that the host fills in on demand (4).
export const MATRIX: i32 = 0
export const EUCLIDEAN: i32 = 2
export const TAXICAB: i32 = 3

/** Bytes of a node's record, as a power of two. */
export const RECORD: u32 = 5

export let n: i32 = 0
export let m: i32 = 0
export let nodes: i32 = 0
export let dimension: i32 = 0
export let metric: i32 = 0

export let records: usize = 0
export let potentials: usize = 0
export let sources: usize = 0
export let sinks: usize = 0
export let prices: usize = 0
export let counts: usize = 0
export let arcSource: usize = 0
export let arcSink: usize = 0
export let arcFlow: usize = 0
export let heads: usize = 0
export let links: usize = 0
export let row: usize = 0
export let xs: usize = 0
export let ys: usize = 0
export let matrix: usize = 0

// Sizes may add up to more than an address can say: what does not fit is told by where it ends.
let cursor: u64 = 1024

function reserve(bytes: u64): usize {
  const at = cursor
  cursor = (cursor + bytes + 15) & ~(<u64>15)
  return <usize>at
}

/** Lays out the memory; false if it cannot be had. */
export function layout(rows: i32, columns: i32, d: i32, kind: i32): bool {
  n = rows
  m = columns
  nodes = n + m
  dimension = d
  metric = kind
  const N = <u64>nodes
  records = reserve(N << RECORD)
  potentials = reserve(N << 3)
  sources = reserve(<u64>n << 3)
  sinks = reserve(<u64>m << 3)
  prices = reserve(<u64>m << 3)
  counts = reserve(N << 2)
  arcSource = reserve(N << 2)
  arcSink = reserve(N << 2)
  arcFlow = reserve(N << 3)
  heads = reserve(N << 2)
  links = reserve(N << 3)
  row = reserve(<u64>m << 3)
  xs = reserve((<u64>n * <u64>d) << 3)
  ys = reserve((<u64>m * <u64>d) << 3)
  matrix = <usize>cursor
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
