/*
 * What a pair of clouds is sliced in: the clouds, what one direction is worked out in, and the sums over directions.
 */

export let n: i32 = 0
export let m: i32 = 0
export let dimension: i32 = 0
export let exponent: f64 = 2
export let exact: bool = false
export let uniform: bool = false

export let xs: usize = 0
export let ys: usize = 0
export let direction: usize = 0
export let projected: usize = 0
export let keys: usize = 0
export let swapped: usize = 0
export let histogram: usize = 0
export let orderX: usize = 0
export let orderY: usize = 0
export let sortedX: usize = 0
export let sortedY: usize = 0

export let weightsX: usize = 0
export let weightsY: usize = 0
export let massesX: usize = 0
export let massesY: usize = 0
export let pairsX: usize = 0
export let pairsY: usize = 0
export let slopesX: usize = 0
export let slopesY: usize = 0
export let potentialX: usize = 0
export let potentialY: usize = 0

// Sizes may add up to more than an address can say: what does not fit is told by where it ends.
let cursor: u64 = 1024

function reserve(bytes: u64): usize {
  const at = cursor
  cursor = (cursor + bytes + 63) & ~(<u64>63)
  return <usize>at
}

/** Says what the clouds are. */
export function describe(rows: i32, columns: i32, d: i32, p: f64, inDouble: bool, equalWeights: bool): void {
  n = rows
  m = columns
  dimension = d
  exponent = p
  exact = inDouble
  uniform = equalWeights
}

/** Says where the clouds and their weights are. */
export function locate(x: usize, y: usize, a: usize, b: usize): void {
  xs = x
  ys = y
  weightsX = a
  weightsY = b
}

/** Chooses a direction that the host has put somewhere. */
export function face(at: usize): void {
  direction = at
}

/** Lays out what one direction is worked out in, from an address on; returns where it ends. */
export function layWork(at: u64): u64 {
  cursor = at
  const most = <u64>max(n, m)
  projected = reserve(most << 3)
  keys = reserve(most << 3)
  swapped = reserve(most << 3)
  histogram = reserve(4 * 2048 * 4)
  orderX = reserve(<u64>n << 2)
  orderY = reserve(<u64>m << 2)
  sortedX = reserve(<u64>n << 3)
  sortedY = reserve(<u64>m << 3)
  massesX = reserve(<u64>n << 3)
  massesY = reserve(<u64>m << 3)
  pairsX = reserve(<u64>n << 4)
  pairsY = reserve(<u64>m << 4)
  return cursor
}

/** Lays out the gradients, one after the other, from an address on; returns where they end. */
export function laySums(at: u64): u64 {
  cursor = at
  slopesX = reserve((<u64>n * <u64>dimension) << 3)
  slopesY = reserve((<u64>m * <u64>dimension) << 3)
  potentialX = reserve(<u64>n << 3)
  potentialY = reserve(<u64>m << 3)
  return cursor
}

/** Lays out the memory for clouds of `rows` and `columns` points; false if it cannot be had. */
export function layout(rows: i32, columns: i32, d: i32, p: f64, inDouble: bool, equalWeights: bool): bool {
  describe(rows, columns, d, p, inDouble, equalWeights)
  xs = reserve((<u64>n * <u64>d) << 3)
  ys = reserve((<u64>m * <u64>d) << 3)
  direction = reserve(<u64>d << 3)
  weightsX = reserve(<u64>n << 3)
  weightsY = reserve(<u64>m << 3)
  laySums(layWork(cursor))
  const pages: f64 = Math.ceil((<f64>cursor + 64) / 65536)
  if (pages > 65535) return false
  const missing = <i32>pages - memory.size()
  return missing <= 0 || memory.grow(missing) >= 0
}

export function xsAt(): usize { return xs }
export function ysAt(): usize { return ys }
export function directionAt(): usize { return direction }
export function weightsXAt(): usize { return weightsX }
export function weightsYAt(): usize { return weightsY }
export function slopesXAt(): usize { return slopesX }
export function slopesYAt(): usize { return slopesY }
export function potentialXAt(): usize { return potentialX }
export function potentialYAt(): usize { return potentialY }
export function orderXAt(): usize { return orderX }
export function orderYAt(): usize { return orderY }
export function sortedXAt(): usize { return sortedX }
export function sortedYAt(): usize { return sortedY }

/** Forgets the gradients. */
export function clear(): void {
  memory.fill(slopesX, 0, (<usize>n * <usize>dimension) << 3)
  memory.fill(slopesY, 0, (<usize>m * <usize>dimension) << 3)
  memory.fill(potentialX, 0, <usize>n << 3)
  memory.fill(potentialY, 0, <usize>m << 3)
}
