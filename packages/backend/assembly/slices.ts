/*
 * Sliced transport, one direction at a time, in float64: both clouds are projected, sorted, and merged by quantiles;
 * values and gradients add up over the directions.
 *
 * The sort is a radix argsort on the projections rounded to float32. For float64 an insertion pass finishes the order.
 *
 * It is compiled twice: into a module of its own, and into the kernels of the SIMD engine, which slices in threads.
 */

/** `base^exponent`, by the host. */
// @ts-ignore: decorator
@external("slices", "pow")
declare function pow(base: f64, exponent: f64): f64

let n: i32 = 0
let m: i32 = 0
let dimension: i32 = 0
let exponent: f64 = 2
let exact: bool = false
let uniform: bool = false

let xs: usize = 0
let ys: usize = 0
let direction: usize = 0
let projected: usize = 0
let keys: usize = 0
let swapped: usize = 0
let histogram: usize = 0
let orderX: usize = 0
let orderY: usize = 0
let sortedX: usize = 0
let sortedY: usize = 0

let weightsX: usize = 0
let weightsY: usize = 0
let massesX: usize = 0
let massesY: usize = 0
let pairsX: usize = 0
let pairsY: usize = 0
let slopesX: usize = 0
let slopesY: usize = 0
let potentialX: usize = 0
let potentialY: usize = 0

let cursor: usize = 1024

function reserve(bytes: usize): usize {
  const at = cursor
  cursor = (cursor + bytes + 63) & ~(<usize>63)
  return at
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
export function layWork(at: usize): usize {
  cursor = at
  const most = <usize>max(n, m)
  projected = reserve(most << 3)
  keys = reserve(most << 3)
  swapped = reserve(most << 3)
  histogram = reserve(4 * 2048 * 4)
  orderX = reserve(<usize>n << 2)
  orderY = reserve(<usize>m << 2)
  sortedX = reserve(<usize>n << 3)
  sortedY = reserve(<usize>m << 3)
  massesX = reserve(<usize>n << 3)
  massesY = reserve(<usize>m << 3)
  pairsX = reserve(<usize>n << 4)
  pairsY = reserve(<usize>m << 4)
  return cursor
}

/** Lays out the gradients, one after the other, from an address on; returns where they end. */
export function laySums(at: usize): usize {
  cursor = at
  slopesX = reserve((<usize>n * <usize>dimension) << 3)
  slopesY = reserve((<usize>m * <usize>dimension) << 3)
  potentialX = reserve(<usize>n << 3)
  potentialY = reserve(<usize>m << 3)
  return cursor
}

/** Lays out the memory for clouds of `rows` and `columns` points; false if it cannot be had. */
export function layout(rows: i32, columns: i32, d: i32, p: f64, inDouble: bool, equalWeights: bool): bool {
  describe(rows, columns, d, p, inDouble, equalWeights)
  xs = reserve((<usize>n * <usize>d) << 3)
  ys = reserve((<usize>m * <usize>d) << 3)
  direction = reserve(<usize>d << 3)
  weightsX = reserve(<usize>n << 3)
  weightsY = reserve(<usize>m << 3)
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

/** The weights in sorted order. */
function weigh(weights: usize, order: usize, masses: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++)
    store<f64>(masses + (i << 3), load<f64>(weights + (<usize>load<u32>(order + (i << 2)) << 3)))
}

function power(gap: f64): f64 {
  if (exponent === 2) return gap * gap
  if (exponent === 1) return Math.abs(gap)
  return gap === 0 ? 0 : pow(Math.abs(gap), exponent)
}

function slope(gap: f64): f64 {
  if (exponent === 2) return 2 * gap
  if (gap === 0) return 0
  if (exponent === 1) return gap > 0 ? 1 : -1
  const size = exponent * pow(Math.abs(gap), exponent - 1)
  return gap > 0 ? size : -size
}

/** `W_p^p` of the sorted projections. */
export function value(): f64 {
  let sum: f64 = 0
  if (uniform) {
    for (let k: usize = 0; k < <usize>n << 3; k += 8) sum += power(load<f64>(sortedX + k) - load<f64>(sortedY + k))
    return sum * load<f64>(weightsX)
  }
  weigh(weightsX, orderX, massesX, n)
  weigh(weightsY, orderY, massesY, m)
  let k: i32 = 0
  let l: i32 = 0
  let leftA = load<f64>(massesX)
  let leftB = load<f64>(massesY)
  while (true) {
    const mass = Math.min(leftA, leftB)
    sum += mass * power(load<f64>(sortedX + (<usize>k << 3)) - load<f64>(sortedY + (<usize>l << 3)))
    leftA -= mass
    leftB -= mass
    if (k === n - 1 && l === m - 1) return sum
    if (l === m - 1 || (k < n - 1 && leftA <= leftB)) {
      k += 1
      leftA = load<f64>(massesX + (<usize>k << 3))
      if (l === m - 1) leftB = Math.max(leftB, leftA)
    } else {
      l += 1
      leftB = load<f64>(massesY + (<usize>l << 3))
      if (k === n - 1) leftA = Math.max(leftA, leftB)
    }
  }
}

/** Notes the slope and the potential of the point at `place` of an order; every point gets its own once. */
function note<T>(pairs: usize, order: usize, place: usize, pull: f64, potential: f64): void {
  const at = pairs + <usize>load<u32>(order + (place << 2)) * 2 * sizeof<T>()
  store<T>(at, <T>pull)
  store<T>(at + sizeof<T>(), <T>potential)
}

/** Adds the slopes along the direction, and the potentials, to what there is; in the order of memory. */
function gather<T>(pairs: usize, slopes: usize, potentials: usize, count: i32, column: i32): void {
  const d = <usize>dimension
  for (let i: usize = 0; i < <usize>count; i++) {
    const at = pairs + i * 2 * sizeof<T>()
    const by = <f64>load<T>(at)
    const potential = potentials + (i << 3)
    store<f64>(potential, load<f64>(potential) + <f64>load<T>(at + sizeof<T>()))
    if (column >= 0) {
      const place = slopes + ((i * d + <usize>column) << 3)
      store<f64>(place, load<f64>(place) + by)
      continue
    }
    const place = slopes + ((i * d) << 3)
    for (let k: usize = 0; k < d << 3; k += 8)
      store<f64>(place + k, load<f64>(place + k) + by * load<f64>(direction + k))
  }
}

/** `W_p^p` of the sorted projections; adds its gradients in points and (as potentials) in weights to what there is. */
export function valueAndGradient(column: i32): f64 {
  return exact ? walk<f64>(column) : walk<f32>(column)
}

function walk<T>(column: i32): f64 {
  const sum = uniform ? inStep<T>() : merged<T>()
  gather<T>(pairsX, slopesX, potentialX, n, column)
  gather<T>(pairsY, slopesY, potentialY, m, column)
  return sum
}

/** As many points on both sides, all of one weight. */
function inStep<T>(): f64 {
  const mass = load<f64>(weightsX)
  let sum: f64 = 0
  let g: f64 = 0
  let y = load<f64>(sortedY)
  for (let k: usize = 0; k < <usize>n; k++) {
    const x = load<f64>(sortedX + (k << 3))
    const f = power(x - y) - g
    y = load<f64>(sortedY + (k << 3))
    const gap = x - y
    const cost = power(gap)
    const pull = mass * slope(gap)
    sum += cost
    // The first sink has potential zero.
    g = k === 0 ? 0 : cost - f
    note<T>(pairsX, orderX, k, pull, f)
    note<T>(pairsY, orderY, k, -pull, g)
  }
  return sum * mass
}

/** Quantiles merged. */
function merged<T>(): f64 {
  weigh(weightsX, orderX, massesX, n)
  weigh(weightsY, orderY, massesY, m)
  let sum: f64 = 0
  let k: i32 = 0
  let l: i32 = 0
  let x = load<f64>(sortedX)
  let y = load<f64>(sortedY)
  let gap = x - y
  let cost = power(gap)
  let f = cost
  let g: f64 = 0
  let pullX: f64 = 0
  let pullY: f64 = 0
  let leftA = load<f64>(massesX)
  let leftB = load<f64>(massesY)
  while (true) {
    const mass = Math.min(leftA, leftB)
    sum += mass * cost
    const pull = mass * slope(gap)
    pullX += pull
    pullY -= pull
    leftA -= mass
    leftB -= mass
    if (k === n - 1 && l === m - 1) {
      note<T>(pairsX, orderX, k, pullX, f)
      note<T>(pairsY, orderY, l, pullY, g)
      return sum
    }
    if (l === m - 1 || (k < n - 1 && leftA <= leftB)) {
      note<T>(pairsX, orderX, k, pullX, f)
      pullX = 0
      k += 1
      x = load<f64>(sortedX + (<usize>k << 3))
      gap = x - y
      cost = power(gap)
      f = cost - g
      leftA = load<f64>(massesX + (<usize>k << 3))
      if (l === m - 1) leftB = Math.max(leftB, leftA)
    } else {
      note<T>(pairsY, orderY, l, pullY, g)
      pullY = 0
      l += 1
      y = load<f64>(sortedY + (<usize>l << 3))
      gap = x - y
      cost = power(gap)
      g = cost - f
      leftB = load<f64>(massesY + (<usize>l << 3))
      if (k === n - 1) leftA = Math.max(leftA, leftB)
    }
  }
}
