/*
 * Costs by rows: a chunk of one is computed where it is needed, and never all of them.
 */

import { MATRIX, EUCLIDEAN, TAXICAB, m, dimension, metric, row, xs, ys, matrix } from './memory'

const CHUNK: i32 = 512

/** Asks the host to write the costs of row `i` to the row buffer. */
// @ts-ignore: decorator
@external("simplex", "fillRow")
declare function fillRow(i: i32): void

let heldRow: i32 = -1
/** Where `cheapest` found the least one. */
export let found: i32 = 0

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

export function cost(i: i32, j: i32): f64 {
  return load<f64>(costs(i, j, j + 1) + (<usize>j << 3))
}

/** `min_j (c_ij - g_j)` for j from `from` to `to`; `found` is where it is attained first. */
export function cheapest(i: i32, from: i32, to: i32, g: usize): f64 {
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
