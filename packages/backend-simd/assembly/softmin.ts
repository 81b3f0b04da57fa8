/*
 * Row-wise log-sum-exp and minimum. The exponents of a tile are computed once and buffered; the maximum so far moves
 * with the tiles (online log-sum-exp), so that there is one exponential an entry.
 *
 * `F` is the format of the exponents, `E` that of the exponentials: float64 exponents under float32 exponentials keep
 * small differences of large numbers, which epsilons far below the costs are made of.
 */
import {
  BUFFER, CONSTANT_EXP, CONSTANT_LOW, CONSTANT_MAGIC, CONSTANT_ONE, GEOMETRY_COLUMNS, GROUP, JOB_FACTOR, JOB_GEOMETRY,
  JOB_OUT, JOB_Q, JOB_Q_32, SCRATCH_EXPONENTS, SCRATCH_STATE, TILE,
} from './layout'
import { constantOf, largest, power2, scalarPower2, total } from './elementary'
import { costs, fillDistances } from './distances'
import { fewExponents, isFew } from './few'

// @ts-ignore: decorator
@inline export function tileCount(columns: i32, j: i32): i32 {
  return (min(TILE, columns - j) + 7) & ~7
}

// @ts-ignore: decorator
@inline export function columnScalings<F>(job: usize, j: i32): usize {
  return <usize>load<u32>(job, sizeof<F>() == 4 ? JOB_Q_32 : JOB_Q) + <usize>j * sizeof<F>()
}

/** `q_j - factor c_ij` over a tile; returns the largest. */
// @ts-ignore: decorator
@inline export function exponents<F>(q: usize, cost: usize, factor: f64, count: i32, target: usize): f64 {
  const scale = v128.splat<F>(<F>factor)
  let most = v128.splat<F>(<F>-3e38)
  let more = most
  for (let k: usize = 0, bytes = <usize>count * sizeof<F>(); k < bytes; k += 32) {
    const s = v128.sub<F>(v128.load(q + k), v128.mul<F>(scale, v128.load(cost + k)))
    const t = v128.sub<F>(v128.load(q + k, 16), v128.mul<F>(scale, v128.load(cost + k, 16)))
    v128.store(target + k, s)
    v128.store(target + k, t, 16)
    most = v128.pmax<F>(most, s)
    more = v128.pmax<F>(more, t)
  }
  return largest<F>(v128.pmax<F>(most, more))
}

/** A vector of exponents less a shift, in the format of the exponentials. */
// @ts-ignore: decorator
@inline export function shifted<F, E>(source: usize, k: usize, shift: v128): v128 {
  if (sizeof<F>() == sizeof<E>()) return v128.sub<E>(v128.load(source + k), shift)
  const a = v128.sub<f64>(v128.load(source + 2 * k), shift)
  const b = v128.sub<f64>(v128.load(source + 2 * k, 16), shift)
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5)
}

/** `sum_j 2^(t_j - shift)` over a tile, for a shift not below the exponents. */
function sumOfPowers<F, E>(source: usize, shift: f64, count: i32): f64 {
  const low = constantOf<E>(CONSTANT_LOW)
  const magic = constantOf<E>(CONSTANT_MAGIC)
  const one = constantOf<E>(CONSTANT_ONE)
  const c1 = constantOf<E>(CONSTANT_EXP)
  const c2 = constantOf<E>(CONSTANT_EXP + 1)
  const c3 = constantOf<E>(CONSTANT_EXP + 2)
  const c4 = constantOf<E>(CONSTANT_EXP + 3)
  const c5 = constantOf<E>(CONSTANT_EXP + 4)
  const less = v128.splat<F>(<F>shift)
  let sum = v128.splat<E>(<E>0)
  let sum1 = sum
  for (let k: usize = 0, bytes = <usize>count * sizeof<E>(); k < bytes; k += 32) {
    const s = v128.pmax<E>(shifted<F, E>(source, k, less), low)
    const t = v128.pmax<E>(shifted<F, E>(source, k + 16, less), low)
    sum = v128.add<E>(sum, power2<E>(s, magic, one, c1, c2, c3, c4, c5))
    sum1 = v128.add<E>(sum1, power2<E>(t, magic, one, c1, c2, c3, c4, c5))
  }
  return total<E>(v128.add<E>(sum, sum1))
}

/** What `rowExponents` needs of the points besides. */
// @ts-ignore: decorator
@inline export function fillForExponents<F>(g: usize, i: i32, rows: i32, j: i32, count: i32, scratch: usize): void {
  if (!isFew<F>(g)) fillDistances<F>(g, i, rows, j, count, scratch)
}

/** `q_j - factor c_ij` of row `i + r` over a tile; returns the largest. */
// @ts-ignore: decorator
@inline export function rowExponents<F>(
  job: usize, g: usize, i: i32, r: i32, j: i32, factor: f64, count: i32, scratch: usize, target: usize,
): f64 {
  const q = columnScalings<F>(job, j)
  return isFew<F>(g)
    ? fewExponents<F>(g, i + r, j, q, factor, count, target)
    : exponents<F>(q, costs<F>(g, i + r, j, count, scratch + <usize>(r * BUFFER), scratch), factor, count, target)
}

/** For each row `[shift, sum]` with `sum_j 2^(q_j - factor c_ij) = 2^shift sum`. */
export function softmin<F, E>(job: usize, start: i32, end: i32, scratch: usize): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const columns = load<i32>(g, GEOMETRY_COLUMNS)
  const factor = load<f64>(job, JOB_FACTOR)
  const out = <usize>load<u32>(job, JOB_OUT)
  const buffer = scratch + SCRATCH_EXPONENTS
  for (let i = start; i < end; i += GROUP) {
    const rows = min(GROUP, end - i)
    for (let r = 0; r < rows; r++) {
      store<f64>(out + <usize>((i + r) * 16), -3e38)
      store<f64>(out + <usize>((i + r) * 16), 0, 8)
    }
    for (let j = 0; j < columns; j += TILE) {
      const count = tileCount(columns, j)
      fillForExponents<F>(g, i, rows, j, count, scratch)
      for (let r = 0; r < rows; r++) {
        const state = out + <usize>((i + r) * 16)
        const most = rowExponents<F>(job, g, i, r, j, factor, count, scratch, buffer)
        let shift = load<f64>(state)
        let sum = load<f64>(state, 8)
        if (most > shift) {
          sum *= scalarPower2<E>(shift - most)
          shift = most
        }
        store<f64>(state, shift)
        store<f64>(state, sum + sumOfPowers<F, E>(buffer, shift, count), 8)
      }
    }
  }
}

/** For each row the largest of `q_j - factor c_ij`. */
export function minimum<F>(job: usize, start: i32, end: i32, scratch: usize): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const columns = load<i32>(g, GEOMETRY_COLUMNS)
  const factor = load<f64>(job, JOB_FACTOR)
  const out = <usize>load<u32>(job, JOB_OUT)
  const buffer = scratch + SCRATCH_EXPONENTS
  for (let i = start; i < end; i += GROUP) {
    const rows = min(GROUP, end - i)
    for (let r = 0; r < rows; r++) store<f64>(out + <usize>((i + r) * 8), -Infinity)
    for (let j = 0; j < columns; j += TILE) {
      const count = tileCount(columns, j)
      fillForExponents<F>(g, i, rows, j, count, scratch)
      for (let r = 0; r < rows; r++) {
        const state = out + <usize>((i + r) * 8)
        const most = rowExponents<F>(job, g, i, r, j, factor, count, scratch, buffer)
        store<f64>(state, max(load<f64>(state), most))
      }
    }
  }
}
