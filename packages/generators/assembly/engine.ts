/*
 * Products of matrices, activations and Adam's update, in float32, on memory that the caller lays out: numbers lie row by row, steps
 * are in bytes. Sums run in an order that the shapes alone decide.
 */

/** Where the caller's memory begins, a multiple of 64. */
export function base(): usize {
  return (__heap_base + 63) & ~63
}

/** Rows of the left matrix, and columns, that are taken at a time, so that what is used again is still near. */
const rowBlock: i32 = 64
const depthBlock: i32 = 256

/**
 * `C += A B` for `C [m, n]` and `B [depth, n]`, where the entry `(i, k)` of A stands at `a + i rowStep + k depthStep`: A may
 * thus be transposed.
 */
export function product(a: usize, b: usize, c: usize, m: i32, n: i32, depth: i32, rowStep: usize, depthStep: usize): void {
  const width = <usize>n << 2
  for (let from = 0; from < depth; from += depthBlock) {
    const left = a + <usize>from * depthStep
    const right = b + <usize>from * width
    for (let top = 0; top < m; top += rowBlock)
      block(left + <usize>top * rowStep, right, c + <usize>top * width, min(rowBlock, m - top), n, min(depthBlock, depth - from), rowStep, depthStep)
  }
}

function block(a: usize, b: usize, c: usize, m: i32, n: i32, depth: i32, rowStep: usize, depthStep: usize): void {
  const width = <usize>n << 2
  let j: usize = 0
  for (; j + 32 <= width; j += 32) {
    let i = 0
    for (; i + 4 <= m; i += 4) fourByEight(a + <usize>i * rowStep, b + j, c + <usize>i * width + j, depth, rowStep, depthStep, width)
    for (; i < m; i++) oneByEight(a + <usize>i * rowStep, b + j, c + <usize>i * width + j, depth, depthStep, width)
  }
  for (; j + 16 <= width; j += 16)
    for (let i = 0; i < m; i++) oneByFour(a + <usize>i * rowStep, b + j, c + <usize>i * width + j, depth, depthStep, width)
  for (; j < width; j += 4)
    for (let i = 0; i < m; i++) oneByOne(a + <usize>i * rowStep, b + j, c + <usize>i * width + j, depth, depthStep, width)
}

function fourByEight(a: usize, b: usize, c: usize, depth: i32, rowStep: usize, depthStep: usize, width: usize): void {
  const c1 = c + width
  const c2 = c1 + width
  const c3 = c2 + width
  const rowStep2 = rowStep << 1
  const rowStep3 = rowStep2 + rowStep
  let s0 = v128.load(c)
  let t0 = v128.load(c, 16)
  let s1 = v128.load(c1)
  let t1 = v128.load(c1, 16)
  let s2 = v128.load(c2)
  let t2 = v128.load(c2, 16)
  let s3 = v128.load(c3)
  let t3 = v128.load(c3, 16)
  for (let k = 0; k < depth; k++) {
    const left = v128.load(b)
    const right = v128.load(b, 16)
    const x0 = v128.load32_splat(a)
    s0 = f32x4.add(s0, f32x4.mul(x0, left))
    t0 = f32x4.add(t0, f32x4.mul(x0, right))
    const x1 = v128.load32_splat(a + rowStep)
    s1 = f32x4.add(s1, f32x4.mul(x1, left))
    t1 = f32x4.add(t1, f32x4.mul(x1, right))
    const x2 = v128.load32_splat(a + rowStep2)
    s2 = f32x4.add(s2, f32x4.mul(x2, left))
    t2 = f32x4.add(t2, f32x4.mul(x2, right))
    const x3 = v128.load32_splat(a + rowStep3)
    s3 = f32x4.add(s3, f32x4.mul(x3, left))
    t3 = f32x4.add(t3, f32x4.mul(x3, right))
    a += depthStep
    b += width
  }
  v128.store(c, s0)
  v128.store(c, t0, 16)
  v128.store(c1, s1)
  v128.store(c1, t1, 16)
  v128.store(c2, s2)
  v128.store(c2, t2, 16)
  v128.store(c3, s3)
  v128.store(c3, t3, 16)
}

function oneByEight(a: usize, b: usize, c: usize, depth: i32, depthStep: usize, width: usize): void {
  let s = v128.load(c)
  let t = v128.load(c, 16)
  for (let k = 0; k < depth; k++) {
    const x = v128.load32_splat(a)
    s = f32x4.add(s, f32x4.mul(x, v128.load(b)))
    t = f32x4.add(t, f32x4.mul(x, v128.load(b, 16)))
    a += depthStep
    b += width
  }
  v128.store(c, s)
  v128.store(c, t, 16)
}

function oneByFour(a: usize, b: usize, c: usize, depth: i32, depthStep: usize, width: usize): void {
  let s = v128.load(c)
  for (let k = 0; k < depth; k++) {
    s = f32x4.add(s, f32x4.mul(v128.load32_splat(a), v128.load(b)))
    a += depthStep
    b += width
  }
  v128.store(c, s)
}

function oneByOne(a: usize, b: usize, c: usize, depth: i32, depthStep: usize, width: usize): void {
  let s = load<f32>(c)
  for (let k = 0; k < depth; k++) {
    s += load<f32>(a) * load<f32>(b)
    a += depthStep
    b += width
  }
  store<f32>(c, s)
}

/** `C = A Bᵀ` for `A [m, depth]`, `B [n, depth]` and `C [m, n]`. */
export function inner(a: usize, b: usize, c: usize, m: i32, n: i32, depth: i32): void {
  const length = <usize>depth << 2
  const width = <usize>n << 2
  let j = 0
  for (; j + 2 <= n; j += 2) {
    const right = b + <usize>j * length
    const place = c + (<usize>j << 2)
    let i = 0
    for (; i + 4 <= m; i += 4) fourByTwo(a + <usize>i * length, right, place + <usize>i * width, length, width)
    for (; i < m; i++) {
      store<f32>(place + <usize>i * width, dot(a + <usize>i * length, right, length))
      store<f32>(place + <usize>i * width, dot(a + <usize>i * length, right + length, length), 4)
    }
  }
  for (; j < n; j++)
    for (let i = 0; i < m; i++)
      store<f32>(c + <usize>i * width + (<usize>j << 2), dot(a + <usize>i * length, b + <usize>j * length, length))
}

// @ts-ignore: decorator
@inline
function total(x: v128): f32 {
  return (f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 2)) + (f32x4.extract_lane(x, 1) + f32x4.extract_lane(x, 3))
}

function dot(a: usize, b: usize, length: usize): f32 {
  let s = f32x4.splat(0)
  let k: usize = 0
  for (; k + 16 <= length; k += 16) s = f32x4.add(s, f32x4.mul(v128.load(a + k), v128.load(b + k)))
  let sum = total(s)
  for (; k < length; k += 4) sum += load<f32>(a + k) * load<f32>(b + k)
  return sum
}

function fourByTwo(a: usize, b: usize, c: usize, length: usize, width: usize): void {
  const a1 = a + length
  const a2 = a1 + length
  const a3 = a2 + length
  const b1 = b + length
  let s0 = f32x4.splat(0)
  let t0 = s0
  let s1 = s0
  let t1 = s0
  let s2 = s0
  let t2 = s0
  let s3 = s0
  let t3 = s0
  let k: usize = 0
  for (; k + 16 <= length; k += 16) {
    const left = v128.load(b + k)
    const right = v128.load(b1 + k)
    const x0 = v128.load(a + k)
    s0 = f32x4.add(s0, f32x4.mul(x0, left))
    t0 = f32x4.add(t0, f32x4.mul(x0, right))
    const x1 = v128.load(a1 + k)
    s1 = f32x4.add(s1, f32x4.mul(x1, left))
    t1 = f32x4.add(t1, f32x4.mul(x1, right))
    const x2 = v128.load(a2 + k)
    s2 = f32x4.add(s2, f32x4.mul(x2, left))
    t2 = f32x4.add(t2, f32x4.mul(x2, right))
    const x3 = v128.load(a3 + k)
    s3 = f32x4.add(s3, f32x4.mul(x3, left))
    t3 = f32x4.add(t3, f32x4.mul(x3, right))
  }
  ends(c, total(s0), total(t0), a, b, b1, k, length)
  ends(c + width, total(s1), total(t1), a1, b, b1, k, length)
  ends(c + (width << 1), total(s2), total(t2), a2, b, b1, k, length)
  ends(c + width * 3, total(s3), total(t3), a3, b, b1, k, length)
}

/** Adds what fills no vector, and writes. */
// @ts-ignore: decorator
@inline
function ends(c: usize, s: f32, t: f32, a: usize, b: usize, b1: usize, from: usize, length: usize): void {
  for (let k = from; k < length; k += 4) {
    s += load<f32>(a + k) * load<f32>(b + k)
    t += load<f32>(a + k) * load<f32>(b1 + k)
  }
  store<f32>(c, s)
  store<f32>(c, t, 4)
}

/** `[m, n]`: a row again and again; or zeros, where there is none. */
export function spread(row: usize, c: usize, m: i32, n: i32): void {
  const width = <usize>n << 2
  if (row == 0) memory.fill(c, 0, <usize>m * width)
  else for (let i = 0; i < m; i++, c += width) memory.copy(c, row, width)
}

/** `max(x, 0)`, in place. `count` is a multiple of 4, here and below. */
export function rectify(x: usize, count: i32): void {
  const zero = f32x4.splat(0)
  for (const end = x + (<usize>count << 2); x < end; x += 16) v128.store(x, f32x4.max(v128.load(x), zero))
}

/** Slopes times those of `max(x, 0)`: 1 above zero, NaN where it is NaN, else 0. */
export function gate(x: usize, slope: usize, out: usize, count: i32): void {
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  for (const end = out + (<usize>count << 2); out < end; out += 16, x += 16, slope += 16) {
    const value = v128.load(x)
    const own = v128.or(v128.and(one, f32x4.gt(value, zero)), f32x4.ne(value, value))
    v128.store(out, f32x4.mul(v128.load(slope), own))
  }
}

/** The sum of the rows of `a [m, n]`, one after the other. */
export function columnSums(a: usize, out: usize, m: i32, n: i32): void {
  const width = <usize>n << 2
  memory.fill(out, 0, width)
  for (let i = 0; i < m; i++, a += width) {
    let j: usize = 0
    for (; j + 16 <= width; j += 16) v128.store(out + j, f32x4.add(v128.load(out + j), v128.load(a + j)))
    for (; j < width; j += 4) store<f32>(out + j, load<f32>(out + j) + load<f32>(a + j))
  }
}

/** The transpose of `a [m, n]`. */
export function transpose(a: usize, out: usize, m: i32, n: i32): void {
  const height = <usize>m << 2
  for (let i = 0; i < m; i++) {
    let to = out + (<usize>i << 2)
    for (let j = 0; j < n; j++, a += 4, to += height) store<f32>(to, load<f32>(a))
  }
}

/**
 * Adam's new means and what they make of the parameters, or, without them, its update: by the same operations, in the same
 * order, each rounded to float32, as the optimiser's on tensors. `count` is a multiple of 4.
 */
export function adam(
  gradient: usize, mean: usize, meanSquare: usize, params: usize, newMean: usize, newMeanSquare: usize, out: usize, count: i32,
  keep: f32, take: f32, keepSquare: f32, takeSquare: f32, length: f32, floor: f32,
): void {
  const kept = f32x4.splat(keep)
  const taken = f32x4.splat(take)
  const keptSquare = f32x4.splat(keepSquare)
  const takenSquare = f32x4.splat(takeSquare)
  const lengths = f32x4.splat(length)
  const floors = f32x4.splat(floor)
  for (let k: usize = 0, end = <usize>count << 2; k < end; k += 16) {
    const slope = v128.load(gradient + k)
    const m = f32x4.add(f32x4.mul(v128.load(mean + k), kept), f32x4.mul(slope, taken))
    const v = f32x4.add(f32x4.mul(v128.load(meanSquare + k), keptSquare), f32x4.mul(f32x4.mul(slope, slope), takenSquare))
    v128.store(newMean + k, m)
    v128.store(newMeanSquare + k, v)
    const update = f32x4.div(m, f32x4.div(f32x4.add(f32x4.sqrt(v), floors), lengths))
    v128.store(out + k, params == 0 ? update : f32x4.add(v128.load(params + k), update))
  }
}

/** `a + factor b`. `count` is a multiple of 4. */
export function plus(a: usize, b: usize, factor: f32, out: usize, count: i32): void {
  const factors = f32x4.splat(factor)
  for (const end = out + (<usize>count << 2); out < end; out += 16, a += 16, b += 16)
    v128.store(out, f32x4.add(v128.load(a), f32x4.mul(v128.load(b), factors)))
}

/** Each row of `x [m, n]` times a factor of its own, or over it. */
export function timesRows(x: usize, factors: usize, out: usize, m: i32, n: i32, over: i32): void {
  const width = <usize>n << 2
  for (let i = 0; i < m; i++, factors += 4, x += width, out += width) {
    const factor = load<f32>(factors)
    const all = f32x4.splat(factor)
    let j: usize = 0
    if (over) {
      for (; j + 16 <= width; j += 16) v128.store(out + j, f32x4.div(v128.load(x + j), all))
      for (; j < width; j += 4) store<f32>(out + j, load<f32>(x + j) / factor)
    } else {
      for (; j + 16 <= width; j += 16) v128.store(out + j, f32x4.mul(v128.load(x + j), all))
      for (; j < width; j += 4) store<f32>(out + j, load<f32>(x + j) * factor)
    }
  }
}

/** The sum of the products of two rows, of each of `m`. */
export function rowProducts(a: usize, b: usize, out: usize, m: i32, n: i32): void {
  const width = <usize>n << 2
  for (let i = 0; i < m; i++, a += width, b += width, out += 4) store<f32>(out, dot(a, b, width))
}

/** `a + share (b - a)`, each operation rounded. `count` is a multiple of 4. */
export function towards(a: usize, b: usize, share: f32, out: usize, count: i32): void {
  const shares = f32x4.splat(share)
  for (const end = out + (<usize>count << 2); out < end; out += 16, a += 16, b += 16) {
    const from = v128.load(a)
    v128.store(out, f32x4.add(from, f32x4.mul(f32x4.sub(v128.load(b), from), shares)))
  }
}

export { activate, slopes } from './activations'
