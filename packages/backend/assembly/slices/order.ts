/*
 * Projections of the clouds in order: a radix argsort on the projections rounded to float32. For float64 an insertion pass
 * finishes the order.
 */

import {
  n, m, dimension, exact, xs, ys, direction, projected, keys, swapped, histogram, orderX, orderY, sortedX, sortedY,
} from './memory'

/** Projects a cloud on the direction, or on its coordinate `column` if that is not negative. */
function project(points: usize, count: i32, column: i32): void {
  const d = dimension
  const target = projected
  if (column >= 0) {
    let from = points + (<usize>column << 3)
    for (let i: usize = 0; i < <usize>count << 3; i += 8) {
      store<f64>(target + i, load<f64>(from))
      from += <usize>d << 3
    }
    return
  }
  if (d === 2) {
    const first = load<f64>(direction)
    const second = load<f64>(direction, 8)
    for (let i: usize = 0; i < <usize>count << 3; i += 8)
      store<f64>(target + i, load<f64>(points + 2 * i) * first + load<f64>(points + 2 * i, 8) * second)
    return
  }
  let from = points
  for (let i: usize = 0; i < <usize>count << 3; i += 8) {
    let sum: f64 = 0
    for (let k: usize = 0; k < <usize>d << 3; k += 8) sum += load<f64>(from + k) * load<f64>(direction + k)
    from += <usize>d << 3
    store<f64>(target + i, sum)
  }
}

/** Whole numbers that are in the order of the float32 values. */
function keyOf(projection: f64): u32 {
  // Adding zero makes -0 into 0, so that equal values keep their order.
  const bits = reinterpret<u32>(<f32>projection + <f32>0)
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000)
}

/** Argsort of the projections. Returns false if the insertion pass had too much to do; the host then sorts. */
function sort(count: i32, order: usize, sorted: usize): bool {
  const bits: u32 = count < 3000 ? 8 : 11
  const passes: u32 = count < 3000 ? 4 : 3
  const size: u32 = 1 << bits
  const mask: u64 = size - 1
  memory.fill(histogram, 0, <usize>(passes * size) << 2)
  for (let i: i32 = 0; i < count; i++) {
    const key = keyOf(load<f64>(projected + (<usize>i << 3)))
    store<u64>(keys + (<usize>i << 3), (<u64>key << 32) | <u64>i)
    for (let pass: u32 = 0; pass < passes; pass++) {
      const at = histogram + (<usize>((pass << bits) + ((key >> (pass * bits)) & <u32>mask)) << 2)
      store<u32>(at, load<u32>(at) + 1)
    }
  }
  let from = keys
  let to = swapped
  for (let pass: u32 = 0; pass < passes; pass++) {
    const counts = histogram + (<usize>(pass << bits) << 2)
    let start: u32 = 0
    for (let k: usize = 0; k < <usize>size << 2; k += 4) {
      const here = load<u32>(counts + k)
      store<u32>(counts + k, start)
      start += here
    }
    const shift: u64 = 32 + pass * bits
    for (let i: usize = 0; i < <usize>count << 3; i += 8) {
      const entry = load<u64>(from + i)
      const at = counts + (<usize>((entry >> shift) & mask) << 2)
      const place = load<u32>(at)
      store<u32>(at, place + 1)
      store<u64>(to + (<usize>place << 3), entry)
    }
    const other = from
    from = to
    to = other
  }
  for (let i: usize = 0; i < <usize>count; i++) {
    const index = <u32>load<u64>(from + (i << 3))
    store<u32>(order + (i << 2), index)
    store<f64>(sorted + (i << 3), load<f64>(projected + (<usize>index << 3)))
  }
  return exact ? insertion(count, order, sorted) : true
}

function insertion(count: i32, order: usize, sorted: usize): bool {
  let moves: i64 = 16 * <i64>count
  for (let i: i32 = 1; i < count; i++) {
    const projection = load<f64>(sorted + (<usize>i << 3))
    const index = load<u32>(order + (<usize>i << 2))
    let j = i - 1
    while (j >= 0 && load<f64>(sorted + (<usize>j << 3)) > projection) {
      store<f64>(sorted + (<usize>j << 3), load<f64>(sorted + (<usize>j << 3)), 8)
      store<u32>(order + (<usize>j << 2), load<u32>(order + (<usize>j << 2)), 4)
      j -= 1
      moves -= 1
    }
    store<f64>(sorted + (<usize>j << 3), projection, 8)
    store<u32>(order + (<usize>j << 2), index, 4)
    if (moves < 0) return false
  }
  return true
}

export function prepareX(column: i32): bool {
  project(xs, n, column)
  return sort(n, orderX, sortedX)
}

export function prepareY(column: i32): bool {
  project(ys, m, column)
  return sort(m, orderY, sortedY)
}
