/*
 * Squared distances (or sums of powers of coordinate differences) between a group of rows and a tile of columns.
 * Always by differences: products would be faster in many dimensions, and lose the small distances.
 */
import {
  BUFFER, GEOMETRY_COLUMN_POINTS_32, GEOMETRY_COLUMN_POINTS_64, GEOMETRY_DENSE, GEOMETRY_DENSE_64, GEOMETRY_DENSE_BYTES, GEOMETRY_DIMENSION, GEOMETRY_EXPONENT, GEOMETRY_KIND, GEOMETRY_ORDER, GEOMETRY_ROWS,
  GEOMETRY_ROW_POINTS_32, GEOMETRY_ROW_POINTS_64, GEOMETRY_STRIDE, GEOMETRY_VALUE, GEOMETRY_VALUE_LENGTH, GROUP,
  KIND_LP, SCRATCH_REGISTERS,
} from './layout'
import { raise, runProgram } from './profiles'

// @ts-ignore: decorator
@inline export function rowPoint<T>(g: usize, i: i32): usize {
  const points = <usize>load<u32>(g, sizeof<T>() == 4 ? GEOMETRY_ROW_POINTS_32 : GEOMETRY_ROW_POINTS_64)
  return points + <usize>i * <usize>load<i32>(g, GEOMETRY_DIMENSION) * sizeof<T>()
}

// @ts-ignore: decorator
@inline export function columnPoints<T>(g: usize, j: i32): usize {
  const points = <usize>load<u32>(g, sizeof<T>() == 4 ? GEOMETRY_COLUMN_POINTS_32 : GEOMETRY_COLUMN_POINTS_64)
  return points + <usize>j * sizeof<T>()
}

// @ts-ignore: decorator
@inline export function splatted<T>(address: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(address) : v128.load64_splat(address)
}

/**
 * The stored costs, if there are any that will do: costs that were stored in float32 serve float64 only where there are no
 * points to do better.
 */
// @ts-ignore: decorator
@inline export function storedCosts<T>(g: usize): usize {
  if (sizeof<T>() == 8 && load<u32>(g, GEOMETRY_DENSE_64) != 0) return <usize>load<u32>(g, GEOMETRY_DENSE_64)
  const dense = <usize>load<u32>(g, GEOMETRY_DENSE)
  return sizeof<T>() == 4 || load<i32>(g, GEOMETRY_DENSE_BYTES) == 8 || load<u32>(g, GEOMETRY_ROW_POINTS_64) == 0 ? dense : 0
}

/** What `costs` needs of the points: nothing where the costs are stored. */
export function fillDistances<T>(g: usize, i: i32, rows: i32, j: i32, count: i32, out: usize): void {
  if (storedCosts<T>(g) == 0) fillFromPoints<T>(g, i, rows, j, count, out)
}

/** `count` distances of each of `rows` rows from `i` on, one buffer a row. */
export function fillFromPoints<T>(g: usize, i: i32, rows: i32, j: i32, count: i32, out: usize): void {
  if (load<i32>(g, GEOMETRY_KIND) == KIND_LP) {
    for (let r = 0; r < rows; r++) fillPowers<T>(g, i + r, j, count, out + <usize>(r * BUFFER))
    return
  }
  const d = load<i32>(g, GEOMETRY_DIMENSION)
  const bytes = <usize>count * sizeof<T>()
  const stride = <usize>load<i32>(g, GEOMETRY_STRIDE) * sizeof<T>()
  const y = columnPoints<T>(g, j)
  if (d <= 3) {
    for (let r = 0; r < rows; r++) {
      const x = rowPoint<T>(g, i + r)
      const target = out + <usize>(r * BUFFER)
      const x0 = splatted<T>(x)
      if (d == 1) {
        for (let k: usize = 0; k < bytes; k += 16) {
          const s = v128.sub<T>(x0, v128.load(y + k))
          v128.store(target + k, v128.mul<T>(s, s))
        }
      } else if (d == 2) {
        const x1 = splatted<T>(x + sizeof<T>())
        const y1 = y + stride
        for (let k: usize = 0; k < bytes; k += 16) {
          const s = v128.sub<T>(x0, v128.load(y + k))
          const t = v128.sub<T>(x1, v128.load(y1 + k))
          v128.store(target + k, v128.add<T>(v128.mul<T>(s, s), v128.mul<T>(t, t)))
        }
      } else {
        const x1 = splatted<T>(x + sizeof<T>())
        const x2 = splatted<T>(x + 2 * sizeof<T>())
        const y1 = y + stride
        const y2 = y1 + stride
        for (let k: usize = 0; k < bytes; k += 16) {
          const s = v128.sub<T>(x0, v128.load(y + k))
          const t = v128.sub<T>(x1, v128.load(y1 + k))
          const u = v128.sub<T>(x2, v128.load(y2 + k))
          v128.store(
            target + k,
            v128.add<T>(v128.add<T>(v128.mul<T>(s, s), v128.mul<T>(t, t)), v128.mul<T>(u, u)),
          )
        }
      }
    }
    return
  }
  // A group of four rows and two vectors of columns: eight sums in registers.
  const last = load<i32>(g, GEOMETRY_ROWS) - 1
  const xa = rowPoint<T>(g, i)
  const xb = rowPoint<T>(g, min(i + 1, last))
  const xc = rowPoint<T>(g, min(i + 2, last))
  const xd = rowPoint<T>(g, min(i + 3, last))
  const size = <usize>d * sizeof<T>()
  for (let k: usize = 0; k < bytes; k += 32) {
    let a = v128.splat<T>(<T>0)
    let b = a
    let c = a
    let e = a
    let a1 = a
    let b1 = a
    let c1 = a
    let e1 = a
    let column = y + k
    for (let l: usize = 0; l < size; l += sizeof<T>(), column += stride) {
      const y0 = v128.load(column)
      const y1 = v128.load(column, 16)
      const pa = splatted<T>(xa + l)
      let s = v128.sub<T>(pa, y0)
      a = v128.add<T>(a, v128.mul<T>(s, s))
      s = v128.sub<T>(pa, y1)
      a1 = v128.add<T>(a1, v128.mul<T>(s, s))
      const pb = splatted<T>(xb + l)
      s = v128.sub<T>(pb, y0)
      b = v128.add<T>(b, v128.mul<T>(s, s))
      s = v128.sub<T>(pb, y1)
      b1 = v128.add<T>(b1, v128.mul<T>(s, s))
      const pc = splatted<T>(xc + l)
      s = v128.sub<T>(pc, y0)
      c = v128.add<T>(c, v128.mul<T>(s, s))
      s = v128.sub<T>(pc, y1)
      c1 = v128.add<T>(c1, v128.mul<T>(s, s))
      const pd = splatted<T>(xd + l)
      s = v128.sub<T>(pd, y0)
      e = v128.add<T>(e, v128.mul<T>(s, s))
      s = v128.sub<T>(pd, y1)
      e1 = v128.add<T>(e1, v128.mul<T>(s, s))
    }
    const target = out + k
    v128.store(target, a)
    v128.store(target, a1, 16)
    v128.store(target + BUFFER, b)
    v128.store(target + BUFFER, b1, 16)
    v128.store(target + 2 * BUFFER, c)
    v128.store(target + 2 * BUFFER, c1, 16)
    v128.store(target + 3 * BUFFER, e)
    v128.store(target + 3 * BUFFER, e1, 16)
  }
}

/** `sum_k |x_k - y_k|^order`. */
function fillPowers<T>(g: usize, i: i32, j: i32, count: i32, out: usize): void {
  const d = load<i32>(g, GEOMETRY_DIMENSION)
  const stride = <usize>load<i32>(g, GEOMETRY_STRIDE) * sizeof<T>()
  const order = load<f64>(g, GEOMETRY_ORDER)
  const bytes = <usize>count * sizeof<T>()
  const x = rowPoint<T>(g, i)
  let y = columnPoints<T>(g, j)
  // The differences wait in the buffer after the last of this group: those buffers are GROUP in number.
  const difference = out + <usize>(GROUP * BUFFER)
  memory.fill(out, 0, bytes)
  for (let l = 0; l < d; l++, y += stride) {
    const xl = splatted<T>(x + <usize>l * sizeof<T>())
    for (let k: usize = 0; k < bytes; k += 16)
      v128.store(difference + k, v128.abs<T>(v128.sub<T>(xl, v128.load(y + k))))
    if (order != 1) raise<T>(difference, difference, count, order, false)
    for (let k: usize = 0; k < bytes; k += 16)
      v128.store(out + k, v128.add<T>(v128.load(out + k), v128.load(difference + k)))
  }
}

/** Where the costs of a row over a tile lie (before the geometry's scale): computed, or in the dense matrix. */
export function costs<T>(g: usize, i: i32, j: i32, count: i32, distances: usize, scratch: usize): usize {
  const dense = storedCosts<T>(g)
  if (dense != 0) {
    const stride = <usize>load<i32>(g, GEOMETRY_STRIDE)
    const bytes: usize = sizeof<T>() == 8 && load<u32>(g, GEOMETRY_DENSE_64) != 0 ? 8 : <usize>load<i32>(g, GEOMETRY_DENSE_BYTES)
    const source = dense + (<usize>i * stride + <usize>j) * bytes
    // A float32 matrix read at float64, for exponents that must not be rounded.
    if (bytes == 4 && sizeof<T>() == 8) {
      for (let k = 0; k < count; k += 2)
        v128.store(distances + <usize>(k * 8), f64x2.promote_low_f32x4(v128.load64_zero(source + <usize>(k * 4))))
      return distances
    }
    return source
  }
  if (load<i32>(g, GEOMETRY_KIND) == KIND_LP) {
    const exponent = load<f64>(g, GEOMETRY_EXPONENT)
    if (exponent == 1) return distances
    const target = scratch + SCRATCH_REGISTERS
    raise<T>(target, distances, count, exponent, false)
    return target
  }
  return runProgram<T>(
    <usize>load<u32>(g, GEOMETRY_VALUE), load<i32>(g, GEOMETRY_VALUE_LENGTH), distances, scratch + SCRATCH_REGISTERS,
    count,
  )
}
