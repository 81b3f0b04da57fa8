/*
 * Gradients of plans in many dimensions. There most entries of a plan are zero in float32 (below 2^-126), so float32
 * exponents are computed first, to see which are not; of those few the distance and the exponent are computed in float64,
 * one entry at a time, from points that lie coordinate after coordinate.
 */
import {
  BUFFER, CONSTANT_LOW, CONSTANTS_32, GEOMETRY_COLUMN_ROWS_64, GEOMETRY_COLUMNS, GEOMETRY_DIMENSION, GEOMETRY_STRIDE, JOB_FACTOR,
  JOB_GEOMETRY, JOB_OUT, JOB_P, JOB_Q, JOB_SLACK, JOB_U, JOB_V, JOB_WIDTH, SCRATCH_WEIGHTS,
} from './layout'
import { scalarPower2 } from './elementary'
import { costs, fillDistances, rowPoint } from './distances'
import { columnScalings, exponents } from './softmin'

/**
 * Adds the part of a tile to the gradients of a group of rows. False, and nothing added, where so many entries count that
 * it is better to compute all.
 */
export function sparseDifferences(job: usize, i: i32, rows: i32, j: i32, count: i32, scratch: usize): bool {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const factor = load<f64>(job, JOB_FACTOR)
  const p = <usize>load<u32>(job, JOB_P)
  const low = <f64>load<f32>(CONSTANTS_32 + <usize>(CONSTANT_LOW * 4)) - load<f64>(job, JOB_SLACK)
  const used = min(count, load<i32>(g, GEOMETRY_COLUMNS) - j)
  fillDistances<f32>(g, i, rows, j, count, scratch)
  let left = rows * count / 8
  let busy = 0
  for (let r = 0; r < rows; r++) {
    const buffer = scratch + SCRATCH_WEIGHTS + <usize>(r * BUFFER)
    const cost = costs<f32>(g, i + r, j, count, scratch + <usize>(r * BUFFER), scratch)
    const least = low - load<f64>(p + <usize>((i + r) * 8))
    if (exponents<f32>(columnScalings<f32>(job, j), cost, factor, count, buffer) < least) continue
    busy |= 1 << r
    const limit = f32x4.splat(<f32>least)
    for (let k = 0; k < count; k += 4)
      left -= popcnt(i32x4.bitmask(f32x4.ge(v128.load(buffer + <usize>(k * 4)), limit)))
  }
  if (left < 0) return false
  for (let r = 0; r < rows; r++) {
    if ((busy & (1 << r)) == 0) continue
    const buffer = scratch + SCRATCH_WEIGHTS + <usize>(r * BUFFER)
    const limit = f32x4.splat(<f32>(low - load<f64>(p + <usize>((i + r) * 8))))
    for (let k = 0; k < used; k += 4) {
      let mask = i32x4.bitmask(f32x4.ge(v128.load(buffer + <usize>(k * 4)), limit))
      while (mask != 0) {
        const lane = ctz(mask)
        mask &= mask - 1
        if (k + lane < used) addEntry(job, g, i + r, j + k + lane)
      }
    }
  }
  return true
}

/** `P_ij (u_i . v_j) (x_i - y_j)`, onto the row's sums. */
function addEntry(job: usize, g: usize, i: i32, j: i32): void {
  const d = load<i32>(g, GEOMETRY_DIMENSION)
  const x = rowPoint<f64>(g, i)
  const y = <usize>load<u32>(g, GEOMETRY_COLUMN_ROWS_64) + <usize>j * <usize>d * 8
  const even = <usize>(d & ~1) * 8
  let squares = f64x2.splat(0)
  for (let k: usize = 0; k < even; k += 16) {
    const difference = f64x2.sub(v128.load(x + k), v128.load(y + k))
    squares = f64x2.add(squares, f64x2.mul(difference, difference))
  }
  let distance = f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1)
  if (d & 1) {
    const last = load<f64>(x + even) - load<f64>(y + even)
    distance += last * last
  }
  const exponent = load<f64>(<usize>load<u32>(job, JOB_Q) + <usize>(j * 8)) - load<f64>(job, JOB_FACTOR) * distance
    + load<f64>(<usize>load<u32>(job, JOB_P) + <usize>(i * 8))
  if (!(exponent > <f64>load<f32>(CONSTANTS_32 + <usize>(CONSTANT_LOW * 4)))) return
  const width = load<i32>(job, JOB_WIDTH)
  const u = <usize>load<u32>(job, JOB_U) + <usize>(i * width * 4)
  const stride = <usize>load<i32>(g, GEOMETRY_STRIDE) * 4
  let v = <usize>load<u32>(job, JOB_V) + <usize>(j * 4)
  let pair: f64 = 0
  for (let l = 0; l < width; l++, v += stride) pair += <f64>load<f32>(u + <usize>(l * 4)) * <f64>load<f32>(v)
  const weight = pair * scalarPower2<f32>(min(exponent, 127))
  const out = <usize>load<u32>(job, JOB_OUT) + <usize>i * <usize>d * 8
  const weights = f64x2.splat(weight)
  for (let k: usize = 0; k < even; k += 16)
    v128.store(out + k, f64x2.add(v128.load(out + k), f64x2.mul(weights, f64x2.sub(v128.load(x + k), v128.load(y + k)))))
  if (d & 1) store<f64>(out + even, load<f64>(out + even) + weight * (load<f64>(x + even) - load<f64>(y + even)))
}
