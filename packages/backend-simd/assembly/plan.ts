/*
 * Sums over plan, cost, slope of the cost and pairs of vectors, by flags:
 *
 *     W_ij = [2^(p_i + q_j - factor c_ij)] [c_ij] [u_i . v_j] [2 c'(s_ij)]
 *
 * and of it, in each row, the total, the sum with v, or the sum with x_i - y_j.
 */
import {
  BUFFER, CONSTANT_EXP, CONSTANT_HIGH, CONSTANT_LOW, CONSTANT_MAGIC, CONSTANT_ONE, FLAG_COST, FLAG_DIFFERENCES,
  FLAG_PAIR, FLAG_PLAN, FLAG_SCALED, FLAG_SLOPE, FLAG_SPARSE, FLAG_TOTAL, FLAG_VALUES, GEOMETRY_COLUMN_ROWS_32, GEOMETRY_COLUMNS, GEOMETRY_DIMENSION, GEOMETRY_EXPONENT,
  GEOMETRY_KIND, GEOMETRY_ORDER, GEOMETRY_SLOPE, GEOMETRY_SLOPE_LENGTH, GEOMETRY_STRIDE, GROUP, JOB_FACTOR, JOB_FLAGS,
  JOB_GEOMETRY, JOB_OUT, JOB_P, JOB_U, JOB_V, JOB_WIDTH, KIND_LP, SCRATCH_DISTANCES, SCRATCH_EXPONENTS,
  SCRATCH_PAIRS, SCRATCH_REGISTERS, SCRATCH_WEIGHTS, TILE,
} from './layout'
import { constantOf, power2, total } from './elementary'
import { columnPoints, costs, fillDistances, fillFromPoints, rowPoint, splatted, storedCosts } from './distances'
import { raise, runProgram } from './profiles'
import { isFew } from './few'
import { alongCoordinates } from './many'
import { sparseDifferences } from './sparse'
import { fillForExponents, rowExponents, shifted, tileCount } from './softmin'

/** `2^(p + t_j)` over a tile, zero below the format's range. */
export function planEntries<F, E>(source: usize, p: f64, count: i32, target: usize): void {
  const low = constantOf<E>(CONSTANT_LOW)
  const high = constantOf<E>(CONSTANT_HIGH)
  const magic = constantOf<E>(CONSTANT_MAGIC)
  const one = constantOf<E>(CONSTANT_ONE)
  const c1 = constantOf<E>(CONSTANT_EXP)
  const c2 = constantOf<E>(CONSTANT_EXP + 1)
  const c3 = constantOf<E>(CONSTANT_EXP + 2)
  const c4 = constantOf<E>(CONSTANT_EXP + 3)
  const c5 = constantOf<E>(CONSTANT_EXP + 4)
  const less = v128.splat<F>(<F>-p)
  for (let k: usize = 0, bytes = <usize>count * sizeof<E>(); k < bytes; k += 32) {
    const t = shifted<F, E>(source, k, less)
    const x = power2<E>(v128.pmin<E>(v128.pmax<E>(t, low), high), magic, one, c1, c2, c3, c4, c5)
    v128.store(target + k, v128.and(x, v128.gt<E>(t, low)))
    const u = shifted<F, E>(source, k + 16, less)
    const y = power2<E>(v128.pmin<E>(v128.pmax<E>(u, low), high), magic, one, c1, c2, c3, c4, c5)
    v128.store(target + k, v128.and(y, v128.gt<E>(u, low)), 16)
  }
}

// @ts-ignore: decorator
@inline function multiplyBuffer<E>(target: usize, source: usize, count: i32): void {
  for (let k: usize = 0, bytes = <usize>count * sizeof<E>(); k < bytes; k += 16)
    v128.store(target + k, v128.mul<E>(v128.load(target + k), v128.load(source + k)))
}

/** An infinite cost where the plan is zero counts as nothing. */
// @ts-ignore: decorator
@inline function multiplyWhereNotZero<E>(target: usize, source: usize, count: i32): void {
  const zero = v128.splat<E>(<E>0)
  for (let k: usize = 0, bytes = <usize>count * sizeof<E>(); k < bytes; k += 16) {
    const x = v128.load(target + k)
    v128.store(target + k, v128.and(v128.mul<E>(x, v128.load(source + k)), v128.ne<E>(x, zero)))
  }
}

/** `sum_j W_rj v_j` of the four rows of a group, onto `out`, whose rows are `apart` bytes apart. */
function dots<E>(w: usize, v: usize, count: i32, rows: i32, out: usize, apart: usize): void {
  let a = v128.splat<E>(<E>0)
  let b = a
  let c = a
  let d = a
  for (let k = w, end = w + <usize>count * sizeof<E>(); k < end; k += 16, v += 16) {
    const x = v128.load(v)
    a = v128.add<E>(a, v128.mul<E>(x, v128.load(k)))
    b = v128.add<E>(b, v128.mul<E>(x, v128.load(k, BUFFER)))
    c = v128.add<E>(c, v128.mul<E>(x, v128.load(k, 2 * BUFFER)))
    d = v128.add<E>(d, v128.mul<E>(x, v128.load(k, 3 * BUFFER)))
  }
  addTotals<E>(a, b, c, d, rows, out, apart)
}

// @ts-ignore: decorator
@inline function addTotals<E>(a: v128, b: v128, c: v128, d: v128, rows: i32, out: usize, apart: usize): void {
  store<f64>(out, load<f64>(out) + total<E>(a))
  if (rows > 1) store<f64>(out + apart, load<f64>(out + apart) + total<E>(b))
  if (rows > 2) store<f64>(out + 2 * apart, load<f64>(out + 2 * apart) + total<E>(c))
  if (rows > 3) store<f64>(out + 3 * apart, load<f64>(out + 3 * apart) + total<E>(d))
}

function sumOf<E>(u: usize, count: i32): f64 {
  let a = v128.splat<E>(<E>0)
  for (let k: usize = 0, bytes = <usize>count * sizeof<E>(); k < bytes; k += 16) a = v128.add<E>(a, v128.load(u + k))
  return total<E>(a)
}

/** `sum_k u_ik v_kj` over a tile. */
function pairs<E>(u: usize, v: usize, width: i32, stride: usize, count: i32, target: usize): void {
  const bytes = <usize>count * sizeof<E>()
  for (let l = 0; l < width; l++, u += sizeof<E>(), v += stride) {
    const factor = splatted<E>(u)
    if (l == 0) {
      for (let k: usize = 0; k < bytes; k += 16) v128.store(target + k, v128.mul<E>(factor, v128.load(v + k)))
    } else {
      for (let k: usize = 0; k < bytes; k += 16)
        v128.store(target + k, v128.add<E>(v128.load(target + k), v128.mul<E>(factor, v128.load(v + k))))
    }
  }
}

/** `sum_j W_rj (x_rk - y_jk)` of the four rows of a group, for each coordinate, onto `out` `[rows, d]`. */
function differences<E>(w: usize, x: usize, y: usize, stride: usize, d: i32, count: i32, rows: i32, out: usize): void {
  const bytes = <usize>count * sizeof<E>()
  const size = <usize>d * sizeof<E>()
  const xb = rows > 1 ? x + size : x
  const xc = rows > 2 ? x + 2 * size : x
  const xd = rows > 3 ? x + 3 * size : x
  for (let l: usize = 0; l < size; l += sizeof<E>(), y += stride, out += 8) {
    const pa = splatted<E>(x + l)
    const pb = splatted<E>(xb + l)
    const pc = splatted<E>(xc + l)
    const pd = splatted<E>(xd + l)
    let a = v128.splat<E>(<E>0)
    let b = a
    let c = a
    let e = a
    for (let k: usize = 0; k < bytes; k += 16) {
      const z = v128.load(y + k)
      const u = w + k
      a = v128.add<E>(a, v128.mul<E>(v128.load(u), v128.sub<E>(pa, z)))
      b = v128.add<E>(b, v128.mul<E>(v128.load(u, BUFFER), v128.sub<E>(pb, z)))
      c = v128.add<E>(c, v128.mul<E>(v128.load(u, 2 * BUFFER), v128.sub<E>(pc, z)))
      e = v128.add<E>(e, v128.mul<E>(v128.load(u, 3 * BUFFER), v128.sub<E>(pd, z)))
    }
    addTotals<E>(a, b, c, e, rows, out, <usize>d * 8)
  }
}

/** `sum_j W_j sign(x_k - y_jk) |x_k - y_jk|^(order - 1)` for each coordinate, onto `out`. */
function powerDifferences<E>(
  w: usize, x: usize, y: usize, stride: usize, d: i32, count: i32, order: f64, buffer: usize, out: usize,
): void {
  const bytes = <usize>count * sizeof<E>()
  const zero = v128.splat<E>(<E>0)
  const one = v128.splat<E>(<E>1)
  for (let l = 0; l < d; l++, x += sizeof<E>(), y += stride, out += 8) {
    const xl = splatted<E>(x)
    for (let k: usize = 0; k < bytes; k += 16)
      v128.store(buffer + k, v128.abs<E>(v128.sub<E>(xl, v128.load(y + k))))
    raise<E>(buffer, buffer, count, order - 1, true)
    let a = zero
    for (let k: usize = 0; k < bytes; k += 16) {
      const delta = v128.sub<E>(xl, v128.load(y + k))
      const s = v128.sub<E>(
        v128.and(one, v128.gt<E>(delta, zero)),
        v128.and(one, v128.lt<E>(delta, zero)),
      )
      a = v128.add<E>(a, v128.mul<E>(v128.mul<E>(s, v128.load(buffer + k)), v128.load(w + k)))
    }
    store<f64>(out, load<f64>(out) + total<E>(a))
  }
}

/** Multiplies the sums of a group's rows, each by its factor. */
function scaleRows(job: usize, i: i32, rows: i32, outputs: i32): void {
  const bytes = <usize>(outputs * 8)
  let out = <usize>load<u32>(job, JOB_OUT) + <usize>i * bytes
  for (let r = 0; r < rows; r++, out += bytes) {
    const factor = load<f64>(<usize>load<u32>(job, JOB_U) + <usize>((i + r) * 8))
    for (let k: usize = 0; k < bytes; k += 8) store<f64>(out + k, factor * load<f64>(out + k))
  }
}

export function planReduction<F, E>(job: usize, start: i32, end: i32, scratch: usize): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const flags = load<i32>(job, JOB_FLAGS)
  const columns = load<i32>(g, GEOMETRY_COLUMNS)
  const stride = <usize>load<i32>(g, GEOMETRY_STRIDE) * sizeof<E>()
  const kind = load<i32>(g, GEOMETRY_KIND)
  const d = load<i32>(g, GEOMETRY_DIMENSION)
  const width = load<i32>(job, JOB_WIDTH)
  const factor = load<f64>(job, JOB_FACTOR)
  const values = <usize>load<u32>(job, JOB_V)
  const exponentBuffer = scratch + SCRATCH_EXPONENTS
  const weights = scratch + SCRATCH_WEIGHTS
  const pairBuffer = scratch + SCRATCH_PAIRS
  const registers = scratch + SCRATCH_REGISTERS
  const outputs = flags & FLAG_DIFFERENCES ? d : flags & FLAG_TOTAL ? 1 : width
  const plan = (flags & FLAG_PLAN) != 0
  const stored = storedCosts<F>(g) != 0
  const slopes = (flags & FLAG_SLOPE) != 0 && (kind == KIND_LP || load<i32>(g, GEOMETRY_SLOPE_LENGTH) > 0)
  const second = slopes || ((flags & FLAG_COST) != 0 && storedCosts<E>(g) == 0)
  // Where the exponents have a format of their own, come from storage, or leave no distances behind, the other factors need
  // their own distances.
  const apart = second && plan && (stored || isFew<F>(g) || sizeof<F>() != sizeof<E>())
  const sparse = (flags & FLAG_SPARSE) != 0
  const secondDistances = apart ? scratch + SCRATCH_DISTANCES : scratch
  for (let i = start; i < end; i += GROUP) {
    const rows = min(GROUP, end - i)
    memory.fill(<usize>load<u32>(job, JOB_OUT) + <usize>(i * outputs * 8), 0, <usize>(rows * outputs * 8))
    for (let j = 0; j < columns; j += TILE) {
      const count = tileCount(columns, j)
      if (sparse && sparseDifferences(job, i, rows, j, count, scratch)) continue
      if (plan) fillForExponents<F>(g, i, rows, j, count, scratch)
      if (apart || (second && !plan)) fillFromPoints<E>(g, i, rows, j, count, secondDistances)
      for (let r = 0; r < rows; r++) {
        const row = i + r
        const w = weights + <usize>(r * BUFFER)
        const distances = secondDistances + <usize>(r * BUFFER)
        let begun = false
        if (plan) {
          const p = load<f64>(<usize>load<u32>(job, JOB_P) + <usize>(row * 8))
          rowExponents<F>(job, g, i, r, j, factor, count, scratch, exponentBuffer)
          planEntries<F, E>(exponentBuffer, p, count, w)
          begun = true
        }
        if (flags & FLAG_COST) {
          const cost = costs<E>(g, row, j, count, distances, scratch)
          if (begun) multiplyWhereNotZero<E>(w, cost, count)
          else memory.copy(w, cost, <usize>count * sizeof<E>())
          begun = true
        }
        if (flags & FLAG_PAIR) {
          const u = <usize>load<u32>(job, JOB_U) + <usize>(row * width) * sizeof<E>()
          const target = begun ? pairBuffer : w
          pairs<E>(u, values + <usize>j * sizeof<E>(), width, stride, count, target)
          if (begun) multiplyBuffer<E>(w, target, count)
        }
        if (flags & FLAG_SLOPE) {
          if (kind == KIND_LP) {
            const exponent = load<f64>(g, GEOMETRY_EXPONENT)
            if (exponent != 1) {
              raise<E>(registers, distances, count, exponent - 1, true)
              multiplyBuffer<E>(w, registers, count)
            }
          } else {
            const length = load<i32>(g, GEOMETRY_SLOPE_LENGTH)
            if (length > 0)
              multiplyBuffer<E>(
                w, runProgram<E>(<usize>load<u32>(g, GEOMETRY_SLOPE), length, distances, registers, count), count,
              )
          }
        }
        // What lies past the last column must not count, whatever it is.
        if (columns - j < count) {
          const used = <usize>(columns - j) * sizeof<E>()
          memory.fill(w + used, 0, <usize>count * sizeof<E>() - used)
        }
      }
      const out = <usize>load<u32>(job, JOB_OUT) + <usize>(i * outputs * 8)
      if (flags & FLAG_VALUES) {
        let v = values + <usize>j * sizeof<E>()
        for (let k = 0; k < width; k++, v += stride)
          dots<E>(weights, v, count, rows, out + <usize>(k * 8), <usize>(width * 8))
      } else if (flags & FLAG_TOTAL) {
        for (let r = 0; r < rows; r++) {
          const target = out + <usize>(r * 8)
          store<f64>(target, load<f64>(target) + sumOf<E>(weights + <usize>(r * BUFFER), count))
        }
      } else if (kind == KIND_LP) {
        const order = load<f64>(g, GEOMETRY_ORDER)
        for (let r = 0; r < rows; r++)
          powerDifferences<E>(
            weights + <usize>(r * BUFFER), rowPoint<E>(g, i + r), columnPoints<E>(g, j), stride, d, count, order,
            pairBuffer, out + <usize>(r * d * 8),
          )
      } else if (sizeof<E>() == 4 && load<u32>(g, GEOMETRY_COLUMN_ROWS_32) != 0) {
        alongCoordinates(g, weights, i, j, rows, min(count, columns - j), out)
      } else {
        differences<E>(weights, rowPoint<E>(g, i), columnPoints<E>(g, j), stride, d, count, rows, out)
      }
    }
    if (flags & FLAG_SCALED) scaleRows(job, i, rows, outputs)
  }
}
