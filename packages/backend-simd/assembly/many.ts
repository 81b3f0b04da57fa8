/*
 * Many dimensions: loops run along the coordinates of points that lie point by point, four at a time.
 */
import {
  BUFFER, GEOMETRY_COLUMN_ROWS_32, GEOMETRY_COLUMNS, GEOMETRY_DENSE, GEOMETRY_DENSE_64, GEOMETRY_DIMENSION, GEOMETRY_ROWS,
  GEOMETRY_STRIDE, GROUP, JOB_FLAGS, JOB_GEOMETRY,
} from './layout'
import { total } from './elementary'
import { rowPoint } from './distances'

/** Bytes of so many coordinates that float32 sums of them lose little. */
const SHORT: usize = 256

/** Columns that float32 sums go over before they are added to float64 ones. */
const FEW: i32 = 64

// @ts-ignore: decorator
@inline function columnRow(g: usize, j: i32): usize {
  return <usize>load<u32>(g, GEOMETRY_COLUMN_ROWS_32) + <usize>j * <usize>load<i32>(g, GEOMETRY_DIMENSION) * 4
}

// @ts-ignore: decorator
@inline function onto(sum: v128, x: v128): v128 {
  return f64x2.add(sum, f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1))))
}

// @ts-ignore: decorator
@inline function square(a: v128, b: v128): v128 {
  const difference = f32x4.sub(a, b)
  return f32x4.mul(difference, difference)
}

/** The squared distance along the last coordinates, which fill no vector. */
function tail(x: usize, y: usize, from: usize, to: usize): f64 {
  let sum: f64 = 0
  for (let l = from; l < to; l += 4) {
    const difference = load<f32>(x + l) - load<f32>(y + l)
    sum += <f64>(difference * difference)
  }
  return sum
}

function put(g: usize, i: i32, j: i32, cost: f64, symmetric: bool): void {
  const stride = <usize>load<i32>(g, GEOMETRY_STRIDE)
  const single = <usize>load<u32>(g, GEOMETRY_DENSE)
  const double = <usize>load<u32>(g, GEOMETRY_DENSE_64)
  const place = <usize>i * stride + <usize>j
  store<f32>(single + place * 4, <f32>cost)
  store<f64>(double + place * 8, cost)
  if (!symmetric) return
  const across = <usize>j * stride + <usize>i
  store<f32>(single + across * 4, <f32>cost)
  store<f64>(double + across * 8, cost)
}

/**
 * Squared distances, to where the geometry stores costs, in both formats; of a symmetric matrix, half are computed. The differences
 * are float32 and their sums float64, so that there is little but the points' own rounding to be wrong with them.
 */
export function storePrecisely(job: usize, start: i32, end: i32): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const symmetric = load<i32>(job, JOB_FLAGS) != 0
  const columns = load<i32>(g, GEOMETRY_COLUMNS)
  for (let i = start; i < end; i += GROUP) {
    const rows = min(GROUP, end - i)
    for (let r = 0; r < rows; r++) clearRest(g, i + r, columns)
    for (let j = symmetric ? i : 0; j < columns; j += 2) fourByTwo(g, i, j, rows, min(2, columns - j), symmetric)
  }
}

/** Zeros past the last column. */
function clearRest(g: usize, i: i32, columns: i32): void {
  const stride = load<i32>(g, GEOMETRY_STRIDE)
  const place = <usize>i * <usize>stride + <usize>columns
  const rest = <usize>(stride - columns)
  memory.fill(<usize>load<u32>(g, GEOMETRY_DENSE) + place * 4, 0, rest * 4)
  memory.fill(<usize>load<u32>(g, GEOMETRY_DENSE_64) + place * 8, 0, rest * 8)
}

function fourByTwo(g: usize, i: i32, j: i32, rows: i32, columns: i32, symmetric: bool): void {
  const last = load<i32>(g, GEOMETRY_ROWS) - 1
  const size = <usize>load<i32>(g, GEOMETRY_DIMENSION) * 4
  const whole = size & ~15
  const xa = rowPoint<f32>(g, i)
  const xb = rowPoint<f32>(g, min(i + 1, last))
  const xc = rowPoint<f32>(g, min(i + 2, last))
  const xd = rowPoint<f32>(g, min(i + 3, last))
  const y = columnRow(g, j)
  const z = columns > 1 ? y + size : y
  const zero = f64x2.splat(0)
  let a = zero
  let b = zero
  let c = zero
  let d = zero
  let a1 = zero
  let b1 = zero
  let c1 = zero
  let d1 = zero
  for (let l: usize = 0; l < whole; ) {
    const stop = min(l + SHORT, whole)
    let s = f32x4.splat(0)
    let t = s
    let u = s
    let v = s
    let s1 = s
    let t1 = s
    let u1 = s
    let v1 = s
    for (; l < stop; l += 16) {
      const p = v128.load(y + l)
      const q = v128.load(z + l)
      let x = v128.load(xa + l)
      s = f32x4.add(s, square(x, p))
      s1 = f32x4.add(s1, square(x, q))
      x = v128.load(xb + l)
      t = f32x4.add(t, square(x, p))
      t1 = f32x4.add(t1, square(x, q))
      x = v128.load(xc + l)
      u = f32x4.add(u, square(x, p))
      u1 = f32x4.add(u1, square(x, q))
      x = v128.load(xd + l)
      v = f32x4.add(v, square(x, p))
      v1 = f32x4.add(v1, square(x, q))
    }
    a = onto(a, s)
    b = onto(b, t)
    c = onto(c, u)
    d = onto(d, v)
    a1 = onto(a1, s1)
    b1 = onto(b1, t1)
    c1 = onto(c1, u1)
    d1 = onto(d1, v1)
  }
  for (let k = 0; k < columns; k++) {
    const column = k == 0 ? y : z
    put(g, i, j + k, total<f64>(k == 0 ? a : a1) + tail(xa, column, whole, size), symmetric)
    if (rows > 1) put(g, i + 1, j + k, total<f64>(k == 0 ? b : b1) + tail(xb, column, whole, size), symmetric)
    if (rows > 2) put(g, i + 2, j + k, total<f64>(k == 0 ? c : c1) + tail(xc, column, whole, size), symmetric)
    if (rows > 3) put(g, i + 3, j + k, total<f64>(k == 0 ? d : d1) + tail(xd, column, whole, size), symmetric)
  }
}

/** `sum_j W_rj (x_r - y_j)` of the rows of a group, over `used` columns from `j` on, onto `out` `[rows, d]`. */
export function alongCoordinates(g: usize, w: usize, i: i32, j: i32, rows: i32, used: i32, out: usize): void {
  const d = load<i32>(g, GEOMETRY_DIMENSION)
  const size = <usize>d * 4
  for (let r = 0; r < rows; r += 2) {
    const two = r + 1 < rows
    const x = rowPoint<f32>(g, i + r)
    const x1 = two ? x + size : x
    const from = out + <usize>r * <usize>d * 8
    const from1 = two ? from + <usize>d * 8 : from
    const weights = w + <usize>(r * BUFFER)
    const weights1 = two ? weights + BUFFER : weights
    for (let k = 0; k < used; k += FEW) {
      const y = columnRow(g, j + k)
      const count = <usize>min(FEW, used - k) * 4
      const v = weights + <usize>(k * 4)
      const v1 = weights1 + <usize>(k * 4)
      let l: usize = 0
      for (; l + 32 <= size; l += 32) eight(x, x1, y, v, v1, l, size, count, from, from1, two)
      for (; l < size; l += 4) {
        one(x, y, v, l, size, count, from)
        if (two) one(x1, y, v1, l, size, count, from1)
      }
    }
  }
}

// @ts-ignore: decorator
@inline function eight(
  x: usize, x1: usize, y: usize, w: usize, w1: usize, l: usize, size: usize, count: usize, out: usize, out1: usize, two: bool,
): void {
  const p = v128.load(x + l)
  const q = v128.load(x + l, 16)
  const p1 = v128.load(x1 + l)
  const q1 = v128.load(x1 + l, 16)
  let a = f32x4.splat(0)
  let b = a
  let c = a
  let d = a
  for (let k: usize = 0, from = y + l; k < count; k += 4, from += size) {
    const s = v128.load(from)
    const t = v128.load(from, 16)
    const u = v128.load32_splat(w + k)
    const v = v128.load32_splat(w1 + k)
    a = f32x4.add(a, f32x4.mul(u, f32x4.sub(p, s)))
    b = f32x4.add(b, f32x4.mul(u, f32x4.sub(q, t)))
    c = f32x4.add(c, f32x4.mul(v, f32x4.sub(p1, s)))
    d = f32x4.add(d, f32x4.mul(v, f32x4.sub(q1, t)))
  }
  addFour(out + 2 * l, a)
  addFour(out + 2 * l + 32, b)
  if (!two) return
  addFour(out1 + 2 * l, c)
  addFour(out1 + 2 * l + 32, d)
}

// @ts-ignore: decorator
@inline function addFour(out: usize, x: v128): void {
  v128.store(out, f64x2.add(v128.load(out), f64x2.promote_low_f32x4(x)))
  v128.store(out, f64x2.add(v128.load(out, 16), f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1))), 16)
}

function one(x: usize, y: usize, w: usize, l: usize, size: usize, count: usize, out: usize): void {
  const p = load<f32>(x + l)
  let sum: f64 = 0
  for (let k: usize = 0, from = y + l; k < count; k += 4, from += size) sum += <f64>(load<f32>(w + k) * (p - load<f32>(from)))
  store<f64>(out + 2 * l, load<f64>(out + 2 * l) + sum)
}
