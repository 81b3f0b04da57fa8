/*
 * Sums over plan, cost, slope of the cost and pairs of vectors, by flags:
 *
 *     W_ij = [2^(p_i + q_j - factor c_ij)] [c_ij] [u_i . v_j] [2 c'(s_ij)]
 *
 * and of it, in each row, the total, the sum with v, or the sum with x_i - y_j.
 */
import {
  BUFFER, CONSTANT_EXP, CONSTANT_HIGH, CONSTANT_LOW, CONSTANT_MAGIC, CONSTANT_ONE, FLAG_COST, FLAG_DIFFERENCES,
  FLAG_PAIR, FLAG_PLAN, FLAG_SLOPE, FLAG_TOTAL, FLAG_VALUES, GEOMETRY_COLUMNS, GEOMETRY_DIMENSION, GEOMETRY_EXPONENT,
  GEOMETRY_KIND, GEOMETRY_ORDER, GEOMETRY_SLOPE, GEOMETRY_SLOPE_LENGTH, GEOMETRY_STRIDE, GROUP, JOB_FACTOR, JOB_FLAGS,
  JOB_GEOMETRY, JOB_OUT, JOB_P, JOB_U, JOB_V, JOB_WIDTH, KIND_DENSE, KIND_LP, SCRATCH_DISTANCES, SCRATCH_EXPONENTS,
  SCRATCH_PAIRS, SCRATCH_REGISTERS, SCRATCH_WEIGHTS, TILE,
} from './layout'
import { constantOf, power2, total } from './elementary'
import { columnPoints, costs, fillDistances, rowPoint, splatted } from './distances'
import { raise, runProgram } from './profiles'
import { columnScalings, exponents, shifted, tileCount } from './softmin'

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
  for (let k: usize = 0, bytes = <usize>count * sizeof<E>(); k < bytes; k += 16) {
    const t = shifted<F, E>(source, k, less)
    const bounded = v128.pmin<E>(v128.pmax<E>(t, low), high)
    const y = power2<E>(bounded, magic, one, c1, c2, c3, c4, c5)
    v128.store(target + k, v128.and(y, v128.gt<E>(t, low)))
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

function dot<E>(u: usize, v: usize, count: i32): f64 {
  let a = v128.splat<E>(<E>0)
  let b = a
  for (let k: usize = 0, bytes = <usize>count * sizeof<E>(); k < bytes; k += 32) {
    a = v128.add<E>(a, v128.mul<E>(v128.load(u + k), v128.load(v + k)))
    b = v128.add<E>(b, v128.mul<E>(v128.load(u + k, 16), v128.load(v + k, 16)))
  }
  return total<E>(v128.add<E>(a, b))
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

/** `sum_j W_j (x_k - y_jk)` for each coordinate, onto `out`. */
function differences<E>(w: usize, x: usize, y: usize, stride: usize, d: i32, count: i32, out: usize): void {
  const bytes = <usize>count * sizeof<E>()
  for (let l = 0; l < d; l++, x += sizeof<E>(), y += stride, out += 8) {
    const xl = splatted<E>(x)
    let a = v128.splat<E>(<E>0)
    let b = a
    for (let k: usize = 0; k < bytes; k += 32) {
      a = v128.add<E>(a, v128.mul<E>(v128.load(w + k), v128.sub<E>(xl, v128.load(y + k))))
      b = v128.add<E>(b, v128.mul<E>(v128.load(w + k, 16), v128.sub<E>(xl, v128.load(y + k, 16))))
    }
    store<f64>(out, load<f64>(out) + total<E>(v128.add<E>(a, b)))
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
  const second = (flags & (FLAG_COST | FLAG_SLOPE)) != 0 || (flags & FLAG_DIFFERENCES && kind == KIND_LP)
  // Where the exponents have a format of their own, the other factors need distances in theirs.
  const apart = plan && sizeof<F>() != sizeof<E>() && second
  const secondDistances = apart ? scratch + SCRATCH_DISTANCES : scratch
  for (let i = start; i < end; i += GROUP) {
    const rows = min(GROUP, end - i)
    memory.fill(<usize>load<u32>(job, JOB_OUT) + <usize>(i * outputs * 8), 0, <usize>(rows * outputs * 8))
    for (let j = 0; j < columns; j += TILE) {
      const count = tileCount(columns, j)
      if (plan) fillDistances<F>(g, i, rows, j, count, scratch)
      if (apart || (!plan && second)) fillDistances<E>(g, i, rows, j, count, secondDistances)
      for (let r = 0; r < rows; r++) {
        const row = i + r
        let w = weights
        let begun = false
        if (plan) {
          const p = load<f64>(<usize>load<u32>(job, JOB_P) + <usize>(row * 8))
          const cost = costs<F>(g, row, j, count, scratch + <usize>(r * BUFFER), scratch)
          exponents<F>(columnScalings<F>(job, j), cost, factor, count, exponentBuffer)
          planEntries<F, E>(exponentBuffer, p, count, weights)
          begun = true
        }
        const distances = secondDistances + <usize>(r * BUFFER)
        if (flags & FLAG_COST) {
          const cost = costs<E>(g, row, j, count, distances, scratch)
          if (begun) multiplyWhereNotZero<E>(w, cost, count)
          else w = cost
          begun = true
        }
        if (flags & FLAG_PAIR) {
          const u = <usize>load<u32>(job, JOB_U) + <usize>(row * width) * sizeof<E>()
          const target = begun ? pairBuffer : weights
          pairs<E>(u, values + <usize>j * sizeof<E>(), width, stride, count, target)
          if (begun) multiplyBuffer<E>(w, target, count)
          begun = true
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
        const out = <usize>load<u32>(job, JOB_OUT) + <usize>(row * outputs * 8)
        // What lies past the last column must not count, whatever it is.
        if (columns - j < count && kind != KIND_DENSE) {
          const used = <usize>(columns - j) * sizeof<E>()
          memory.fill(w + used, 0, <usize>count * sizeof<E>() - used)
        }
        if (flags & FLAG_VALUES) {
          let v = values + <usize>j * sizeof<E>()
          for (let k = 0; k < width; k++, v += stride) {
            const target = out + <usize>(k * 8)
            store<f64>(target, load<f64>(target) + dot<E>(w, v, count))
          }
        } else if (flags & FLAG_TOTAL) {
          store<f64>(out, load<f64>(out) + sumOf<E>(w, count))
        } else if (kind == KIND_LP) {
          powerDifferences<E>(
            w, rowPoint<E>(g, row), columnPoints<E>(g, j), stride, d, count, load<f64>(g, GEOMETRY_ORDER), pairBuffer,
            out,
          )
        } else {
          differences<E>(w, rowPoint<E>(g, row), columnPoints<E>(g, j), stride, d, count, out)
        }
      }
    }
  }
}

/** The costs themselves, before the geometry's scale, `[rows, columns]` row by row. */
export function entries<E>(job: usize, start: i32, end: i32, scratch: usize, first: i32): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const columns = load<i32>(g, GEOMETRY_COLUMNS)
  const out = <usize>load<u32>(job, JOB_OUT)
  for (let i = start; i < end; i += GROUP) {
    const rows = min(GROUP, end - i)
    for (let j = 0; j < columns; j += TILE) {
      const count = tileCount(columns, j)
      fillDistances<E>(g, i, rows, j, count, scratch)
      for (let r = 0; r < rows; r++) {
        const cost = costs<E>(g, i + r, j, count, scratch + <usize>(r * BUFFER), scratch)
        const target = out + (<usize>(i + r - first) * <usize>columns + <usize>j) * sizeof<E>()
        memory.copy(target, cost, <usize>min(count, columns - j) * sizeof<E>())
      }
    }
  }
}
