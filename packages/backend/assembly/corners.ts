/*
 * The least and the most of each column of a matrix of float32 numbers, four columns at a time, and whether all are numbers.
 * The host writes rows behind `ROWS`; what it reads lies at `LOW` and `HIGH`.
 */

const LOW: usize = 0
const HIGH: usize = 16384
const ROWS: usize = 32768

/** What a pass has found that is not a number: lanes of ones. */
let odd: v128 = i32x4.splat(0)

/** A block of `vectors` times four columns, from the column at `at` on. */
// @ts-ignore: decorator
@inline function block(at: usize, rows: i32, stride: usize, vectors: i32): void {
  let a = v128.load(LOW + at)
  let b = v128.load(LOW + at, 16)
  let c = v128.load(LOW + at, 32)
  let d = v128.load(LOW + at, 48)
  let e = v128.load(HIGH + at)
  let f = v128.load(HIGH + at, 16)
  let g = v128.load(HIGH + at, 32)
  let h = v128.load(HIGH + at, 48)
  let strange = odd
  for (let row = 0, from = ROWS + at; row < rows; row++, from += stride) {
    const s = v128.load(from)
    a = f32x4.pmin(a, s)
    e = f32x4.pmax(e, s)
    strange = v128.or(strange, f32x4.ne(s, s))
    if (vectors == 1) continue
    const t = v128.load(from, 16)
    b = f32x4.pmin(b, t)
    f = f32x4.pmax(f, t)
    strange = v128.or(strange, f32x4.ne(t, t))
    const u = v128.load(from, 32)
    c = f32x4.pmin(c, u)
    g = f32x4.pmax(g, u)
    strange = v128.or(strange, f32x4.ne(u, u))
    const v = v128.load(from, 48)
    d = f32x4.pmin(d, v)
    h = f32x4.pmax(h, v)
    strange = v128.or(strange, f32x4.ne(v, v))
  }
  odd = strange
  v128.store(LOW + at, a)
  v128.store(HIGH + at, e)
  if (vectors == 1) return
  v128.store(LOW + at, b, 16)
  v128.store(LOW + at, c, 32)
  v128.store(LOW + at, d, 48)
  v128.store(HIGH + at, f, 16)
  v128.store(HIGH + at, g, 32)
  v128.store(HIGH + at, h, 48)
}

/** Begins anew with `columns` columns, a multiple of four. */
export function clear(columns: i32): void {
  odd = i32x4.splat(0)
  const infinity = f32x4.splat(Infinity)
  const less = f32x4.splat(-Infinity)
  for (let at: usize = 0, bytes = <usize>columns * 4; at < bytes; at += 16) {
    v128.store(LOW + at, infinity)
    v128.store(HIGH + at, less)
  }
}

/** Takes in so many rows; false if what was taken in so far is not all numbers. */
export function take(rows: i32, columns: i32): bool {
  const stride = <usize>columns * 4
  let at: usize = 0
  for (; at + 64 <= stride; at += 64) block(at, rows, stride, 4)
  for (; at < stride; at += 16) block(at, rows, stride, 1)
  return !v128.any_true(odd)
}
