/*
 * Squared distances in one to three dimensions, made into exponents in the same loop.
 */
import { GEOMETRY_DIMENSION, GEOMETRY_KIND, GEOMETRY_STRIDE, GEOMETRY_VALUE_LENGTH, KIND_RADIAL } from './layout'
import { largest } from './elementary'
import { columnPoints, rowPoint, splatted, storedCosts } from './distances'

/** Whether the costs are squared distances that a loop may compute as it goes. */
// @ts-ignore: decorator
@inline export function isFew<F>(g: usize): bool {
  return (
    <u32>(load<i32>(g, GEOMETRY_DIMENSION) - 1) < 3 && load<i32>(g, GEOMETRY_KIND) == KIND_RADIAL &&
    load<i32>(g, GEOMETRY_VALUE_LENGTH) == 0 && storedCosts<F>(g) == 0
  )
}

/** `q_j - factor |x - y_j|²` of a vector of columns, for a point x of `d` coordinates. */
// @ts-ignore: decorator
@inline function exponentsAt<F>(
  d: i32, x0: v128, x1: v128, x2: v128, y: usize, stride: usize, q: usize, scale: v128,
): v128 {
  const s = v128.sub<F>(x0, v128.load(y))
  let square = v128.mul<F>(s, s)
  if (d > 1) {
    const t = v128.sub<F>(x1, v128.load(y + stride))
    square = v128.add<F>(square, v128.mul<F>(t, t))
  }
  if (d > 2) {
    const u = v128.sub<F>(x2, v128.load(y + 2 * stride))
    square = v128.add<F>(square, v128.mul<F>(u, u))
  }
  return v128.sub<F>(v128.load(q), v128.mul<F>(scale, square))
}

// @ts-ignore: decorator
@inline function exponentsIn<F>(
  d: i32, x: usize, y: usize, stride: usize, q: usize, factor: f64, count: i32, target: usize,
): f64 {
  const scale = v128.splat<F>(<F>factor)
  const x0 = splatted<F>(x)
  const x1 = d > 1 ? splatted<F>(x + sizeof<F>()) : x0
  const x2 = d > 2 ? splatted<F>(x + 2 * sizeof<F>()) : x0
  let most = v128.splat<F>(<F>-3e38)
  let more = most
  for (let k: usize = 0, bytes = <usize>count * sizeof<F>(); k < bytes; k += 32) {
    const s = exponentsAt<F>(d, x0, x1, x2, y + k, stride, q + k, scale)
    const t = exponentsAt<F>(d, x0, x1, x2, y + k + 16, stride, q + k + 16, scale)
    v128.store(target + k, s)
    v128.store(target + k, t, 16)
    most = v128.pmax<F>(most, s)
    more = v128.pmax<F>(more, t)
  }
  return largest<F>(v128.pmax<F>(most, more))
}

/** `q_j - factor |x_i - y_j|²` over a tile; returns the largest. */
export function fewExponents<F>(g: usize, i: i32, j: i32, q: usize, factor: f64, count: i32, target: usize): f64 {
  const d = load<i32>(g, GEOMETRY_DIMENSION)
  const stride = <usize>load<i32>(g, GEOMETRY_STRIDE) * sizeof<F>()
  const x = rowPoint<F>(g, i)
  const y = columnPoints<F>(g, j)
  if (d == 1) return exponentsIn<F>(1, x, y, stride, q, factor, count, target)
  if (d == 2) return exponentsIn<F>(2, x, y, stride, q, factor, count, target)
  return exponentsIn<F>(3, x, y, stride, q, factor, count, target)
}
