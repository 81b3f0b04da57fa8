/*
 * What a sweep on the stored kernel is made of: scalings from exponents, potentials from sums, and the two half-updates of a
 * whole sweep from one reading of the kernel. All exponentials and logarithms of single points are float64.
 */
import {
  BYTES_OF_JOB, CONSTANT_EXP, CONSTANT_HIGH, CONSTANT_LOW, CONSTANT_MAGIC, CONSTANT_ONE, GEOMETRY_COLUMNS, GEOMETRY_STRIDE, GROUP,
  JOB_CHUNK, JOB_COLUMN_OUT, JOB_END, JOB_FACTOR, JOB_FLAGS, JOB_GEOMETRY, JOB_KERNEL, JOB_LEAST, JOB_OUT, JOB_P, JOB_Q, JOB_RATE,
  JOB_SLACK, JOB_U, JOB_V, JOB_WIDTH,
} from './layout'
import { constantOf, logarithm2, power2 } from './elementary'
import { FLUSH, absorbingRows, flush, fourSums } from './scaling'

/** Sums above this have overflown, or are about to. */
const GREATEST: f64 = 1e37

/** `2^x` of the float64 exponents at `JOB_P`, zero where that is next to nothing: at `JOB_U`, and in the kernel's format at `JOB_V`. */
export function scalings<E>(job: usize, start: i32, end: i32): void {
  const low = constantOf<f64>(CONSTANT_LOW)
  const high = constantOf<f64>(CONSTANT_HIGH)
  const magic = constantOf<f64>(CONSTANT_MAGIC)
  const one = constantOf<f64>(CONSTANT_ONE)
  const c1 = constantOf<f64>(CONSTANT_EXP)
  const c2 = constantOf<f64>(CONSTANT_EXP + 1)
  const c3 = constantOf<f64>(CONSTANT_EXP + 2)
  const c4 = constantOf<f64>(CONSTANT_EXP + 3)
  const c5 = constantOf<f64>(CONSTANT_EXP + 4)
  const source = <usize>load<u32>(job, JOB_P)
  const doubles = <usize>load<u32>(job, JOB_U)
  const target = <usize>load<u32>(job, JOB_V)
  for (let k = <usize>start; k < <usize>end; k += 2) {
    const x = v128.load(source + k * 8)
    const t = f64x2.pmin(f64x2.pmax(x, low), high)
    const y = v128.and(power2<f64>(t, magic, one, c1, c2, c3, c4, c5), f64x2.gt(x, low))
    v128.store(doubles + k * 8, y)
    if (sizeof<E>() == 8) v128.store(target + k * 8, y)
    else v128.store64_lane(target + k * 4, f32x4.demote_f64x2_zero(y), 0)
  }
}

/** `factor (base - log sum) + slack`, of two sums. */
// @ts-ignore: decorator
@inline function potential(sum: v128, base: v128, factor: v128, slack: v128): v128 {
  const logarithm = f64x2.mul(f64x2.splat(0.6931471805599453), logarithm2<f64>(sum))
  return f64x2.add(f64x2.mul(factor, f64x2.sub(base, logarithm)), slack)
}

// @ts-ignore: decorator
@inline function within(sum: v128, least: v128): v128 {
  return v128.and(f64x2.gt(sum, least), f64x2.lt(sum, f64x2.splat(GREATEST)))
}

/**
 * Potentials at `JOB_OUT` of sums that lie in `JOB_WIDTH` parts at `JOB_COLUMN_OUT`, `JOB_FLAGS` bytes apart, for the base at
 * `JOB_P`. At `JOB_V` whether all sums are in range and, where there are scalings at `JOB_U`, how far they times the sums are in
 * all from the weights at `JOB_Q`.
 */
export function potentials(job: usize, start: i32, end: i32): void {
  const apart = <usize>load<i32>(job, JOB_FLAGS)
  const parts = load<i32>(job, JOB_WIDTH)
  const sums = <usize>load<u32>(job, JOB_COLUMN_OUT)
  const base = <usize>load<u32>(job, JOB_P)
  const own = <usize>load<u32>(job, JOB_U)
  const weights = <usize>load<u32>(job, JOB_Q)
  const out = <usize>load<u32>(job, JOB_OUT)
  const report = <usize>load<u32>(job, JOB_V)
  const factor = f64x2.splat(load<f64>(job, JOB_FACTOR))
  const slack = f64x2.splat(load<f64>(job, JOB_SLACK))
  const least = f64x2.splat(load<f64>(job, JOB_LEAST))
  let good = i64x2.splat(-1)
  let excess = f64x2.splat(0)
  const stop = <usize>end * 8
  for (let k = <usize>start * 8; k < stop; k += 16) {
    let sum = v128.load(sums + k)
    for (let part = 1, at = sums + k + apart; part < parts; part++, at += apart) sum = f64x2.add(sum, v128.load(at))
    // Past the last there may be anything.
    if (stop - k < 16) sum = v128.shuffle<f64>(sum, sum, 0, 0)
    good = v128.and(good, within(sum, least))
    v128.store(out + k, potential(sum, v128.load(base + k), factor, slack))
    if (own != 0) {
      const difference = f64x2.abs(f64x2.sub(f64x2.mul(v128.load(own + k), sum), v128.load(weights + k)))
      excess = f64x2.add(excess, stop - k < 16 ? f64x2.replace_lane(difference, 1, 0) : difference)
    }
  }
  store<f64>(report, i64x2.all_true(good) ? 1 : 0)
  store<f64>(report, f64x2.extract_lane(excess, 0) + f64x2.extract_lane(excess, 1), 8)
}

/** Bytes of a chunk's part: column sums, as many numbers of the kernel's format, and a report. */
// @ts-ignore: decorator
@inline function partBytes<E>(stride: usize): usize {
  return stride * (8 + sizeof<E>()) + 64
}

/**
 * The row sums `s_i = sum_j K_ij v_j`, and with the scalings `u_i = w_i / s_i` that they make (w at `JOB_U`) the column sums
 * `sum_i K_ij u_i`, while the rows are still in the cache. At `JOB_OUT` the rows' potentials, for the base at `JOB_P`. A
 * chunk's report is whether all sums are in range, and the largest scaling.
 */
export function kernelSweep<E>(job: usize, start: i32, end: i32, scratch: usize): void {
  sweepOver<E, E>(job, start, end, scratch, false)
}

/** The same of a kernel that is stored on the way, at the base that `absorbingKernel` finds; epsilon is at `JOB_RATE`. */
export function absorbingSweep<F, E>(job: usize, start: i32, end: i32, scratch: usize): void {
  sweepOver<F, E>(job, start, end, scratch, true)
}

// @ts-ignore: decorator
@inline function sweepOver<F, E>(job: usize, start: i32, end: i32, scratch: usize, absorbing: bool): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const stride = <usize>load<i32>(g, GEOMETRY_STRIDE)
  const rowBytes = stride * sizeof<E>()
  const columns = load<i32>(g, GEOMETRY_COLUMNS)
  const out = <usize>load<u32>(job, JOB_OUT)
  const v = <usize>load<u32>(job, JOB_V)
  const w = <usize>load<u32>(job, JOB_U)
  const kernel = <usize>load<u32>(job, JOB_KERNEL)
  const chunk = start / load<i32>(job, JOB_CHUNK)
  const columnOut = <usize>load<u32>(job, JOB_COLUMN_OUT) + <usize>chunk * partBytes<E>(stride)
  const buffer = columnOut + stride * 8
  const report = buffer + rowBytes
  const zero = v128.splat<E>(<E>0)
  const least = load<f64>(job, JOB_LEAST)
  let good = true
  let high = 0.0
  memory.fill(columnOut, 0, stride * (8 + sizeof<E>()))
  for (let i = start; i < end; i += GROUP) {
    const rows = min(GROUP, end - i)
    const a = kernel + <usize>i * rowBytes
    const b = a + (rows > 1 ? rowBytes : 0)
    const c = a + (rows > 2 ? 2 * rowBytes : 0)
    const d = a + (rows > 3 ? 3 * rowBytes : 0)
    const sums = out + <usize>(i * 8)
    if (absorbing) absorbingRows<F, E>(job, i, rows, scratch)
    fourSums<E>(a, rows, rowBytes, v, columns, scratch)
    memory.copy(sums, scratch, <usize>(rows * 8))
    for (let r = 0; r < rows; r++) {
      const sum = load<f64>(sums + <usize>(r * 8))
      good = good && sum > least && sum < GREATEST
      const weight = load<f64>(w + <usize>((i + r) * 8))
      const scaling = weight / sum
      high = max(high, scaling)
      store<f64>(scratch + <usize>(r * 8), scaling)
    }
    const ua = scalingAt<E>(scratch)
    const ub = rows > 1 ? scalingAt<E>(scratch + 8) : zero
    const uc = rows > 2 ? scalingAt<E>(scratch + 16) : zero
    const ud = rows > 3 ? scalingAt<E>(scratch + 24) : zero
    for (let k: usize = 0; k < rowBytes; k += 16) {
      const left = v128.add<E>(v128.mul<E>(ua, v128.load(a + k)), v128.mul<E>(ub, v128.load(b + k)))
      const right = v128.add<E>(v128.mul<E>(uc, v128.load(c + k)), v128.mul<E>(ud, v128.load(d + k)))
      v128.store(buffer + k, v128.add<E>(v128.load(buffer + k), v128.add<E>(left, right)))
    }
    if (((i - start) / GROUP) % (FLUSH / GROUP) == FLUSH / GROUP - 1) flush<E>(buffer, columnOut, <i32>stride)
  }
  flush<E>(buffer, columnOut, <i32>stride)
  const base = <usize>load<u32>(job, JOB_P)
  const unit = f64x2.splat(absorbing ? 0.6931471805599453 : 1)
  const factor = f64x2.splat(absorbing ? load<f64>(job, JOB_RATE) : load<f64>(job, JOB_FACTOR))
  const slack = f64x2.splat(load<f64>(job, JOB_SLACK))
  for (let k = <usize>start * 8; k < <usize>end * 8; k += 16)
    v128.store(out + k, potential(v128.load(out + k), f64x2.mul(unit, v128.load(base + k)), factor, slack))
  store<f64>(report, good ? 1 : 0)
  store<f64>(report, high, 8)
}

// @ts-ignore: decorator
@inline function scalingAt<E>(address: usize): v128 {
  return v128.splat<E>(<E>load<f64>(address))
}

/**
 * A whole sweep over so few rows that they are one chunk: the jobs of its parts (scalings, sums, potentials) lie at `JOB_P` one
 * after the other, with the least sums for scalings of 1 at their `JOB_RATE`.
 */
export function wholeSweep<E>(job: usize, scratch: usize): void {
  const first = <usize>load<u32>(job, JOB_P)
  const second = first + BYTES_OF_JOB
  const third = second + BYTES_OF_JOB
  const columns = load<i32>(first, JOB_END)
  scalings<E>(first, 0, columns)
  const doubles = <usize>load<u32>(first, JOB_U)
  let most = f64x2.splat(0)
  for (let k: usize = 0; k < <usize>columns; k += 2) most = f64x2.pmax(most, v128.load(doubles + k * 8))
  store<f64>(second, load<f64>(second, JOB_RATE) * max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1)), JOB_LEAST)
  kernelSweep<E>(second, 0, load<i32>(second, JOB_END), scratch)
  const report = <usize>load<u32>(second, JOB_Q)
  store<f64>(third, load<f64>(third, JOB_RATE) * max(1.0, load<f64>(report, 8)), JOB_LEAST)
  potentials(third, 0, load<i32>(third, JOB_END))
}
