import { startFolded } from '../../random/assembly/keys'
import { fill, freeAt, numbersAt } from '../../random/assembly/normals'

/*
 * Whole steps of the unadjusted Langevin algorithm, `x <- x - step ∇V(x) + scale ξ`, two float64 numbers at a time, by the
 * same operations in the same order as the loops of src/: the same bits. Points lie row by row in memory that the caller
 * lays out, and are rounded to float32 as they are read where `narrow` is not 0, as if they had been in a tensor. Noise is
 * made where it is used, some hundred numbers at a time, which never leave the nearest cache.
 *
 * Each function takes `steps` steps, the length and the scale of each in `plan`, step k with the noise of `fold(iteration + k)`
 * of the key of four words, or without any if `noisy` is 0; and says whether all numbers that it wrote are within `limit`.
 * `count` numbers are a multiple of 4.
 */

/** Numbers that are moved at a time, a multiple of 4. */
const part: usize = 512

/** Where the caller's memory begins, a multiple of 64. */
export function base(): usize {
  return (freeAt + 63) & ~63
}

// @ts-ignore: decorator
@inline
function read(address: usize, narrow: i32): v128 {
  const value = v128.load(address)
  return narrow != 0 ? f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(value)) : value
}

/** The next noise, for so many numbers from `done` on; how many they are. */
// @ts-ignore: decorator
@inline
function nextPart(done: usize, count: usize, noisy: i32): usize {
  const length = min(part, count - done)
  if (noisy != 0) fill(<i32>length)
  return length
}

/**
 * On a Gaussian of independent axes. `axes` holds, for `period` numbers, an even multiple of the dimension, the means and
 * then the precisions.
 */
export function gaussian(
  points: usize, count: usize, axes: usize, period: usize, plan: usize, steps: i32,
  k0: u32, k1: u32, k2: u32, k3: u32, iteration: f64, noisy: i32, limit: f64, narrow: i32,
): i32 {
  const stride = period << 3
  const most = f64x2.splat(limit)
  const noise = numbersAt()
  let within = i64x2.splat(-1)
  memory.fill(noise, 0, part << 3)
  for (let k = 0; k < steps; k++, plan += 16) {
    const step = v128.load64_splat(plan)
    const scale = v128.load64_splat(plan, 8)
    if (noisy != 0) startFolded(k0, k1, k2, k3, iteration + <f64>k)
    let axis: usize = 0
    for (let done: usize = 0; done < count; done += part) {
      let at = points + (done << 3)
      let xi = noise
      const end = at + (nextPart(done, count, noisy) << 3)
      while (at < end) {
        const run = min(end - at, stride - axis)
        const means = axes + axis
        for (let o: usize = 0; o < run; o += 16) {
          const x = read(at + o, narrow)
          const slope = f64x2.mul(f64x2.sub(x, v128.load(means + o)), v128.load(means + stride + o))
          const moved = f64x2.add(f64x2.sub(x, f64x2.mul(step, slope)), f64x2.mul(scale, v128.load(xi + o)))
          v128.store(at + o, moved)
          within = v128.and(within, f64x2.le(f64x2.abs(moved), most))
        }
        at += run
        xi += run
        axis += run
        if (axis == stride) axis = 0
      }
    }
  }
  return <i32>i64x2.all_true(within)
}

// @ts-ignore: decorator
@inline
function splat(numbers: usize, index: usize): v128 {
  return v128.load64_splat(numbers + (index << 3))
}

/** e^x for x from -708 to 0, as src/exponential.ts, which fills `table`: its constants, and then 2^(k / 64). */
// @ts-ignore: decorator
@inline
function exponential(x: v128, table: usize): v128 {
  const shifted = f64x2.add(f64x2.mul(x, splat(table, 0)), splat(table, 1))
  const rounded = f64x2.sub(shifted, splat(table, 1))
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(rounded, splat(table, 2))), f64x2.mul(rounded, splat(table, 3)))
  let series = f64x2.add(splat(table, 5), f64x2.mul(r, splat(table, 4)))
  series = f64x2.add(splat(table, 6), f64x2.mul(r, series))
  series = f64x2.add(splat(table, 7), f64x2.mul(r, series))
  series = f64x2.add(splat(table, 8), f64x2.mul(r, series))
  series = f64x2.add(splat(table, 8), f64x2.mul(r, series))
  const first = table + 80 + ((<usize>i64x2.extract_lane(shifted, 0) & 63) << 3)
  const second = table + 80 + ((<usize>i64x2.extract_lane(shifted, 1) & 63) << 3)
  const fraction = v128.load64_lane(second, v128.load64_zero(first), 1)
  // Whole powers of two are added to the exponent: no result is so small that it has none.
  const power = v128.and(i64x2.shl(shifted, 46), i64x2.splat(0xfff0000000000000))
  return f64x2.mul(i64x2.add(fraction, power), series)
}

/**
 * On a mixture of round Gaussians in the plane. `rows` holds for each its mean, minus half its precision, its precision and
 * its constant; `logs` is room for two numbers of each.
 */
export function mixture(
  points: usize, count: usize, rows: usize, modes: i32, table: usize, logs: usize, plan: usize, steps: i32,
  k0: u32, k1: u32, k2: u32, k3: u32, iteration: f64, noisy: i32, limit: f64, narrow: i32,
): i32 {
  const noise = numbersAt()
  let within = 1
  memory.fill(noise, 0, part << 3)
  for (let k = 0; k < steps; k++, plan += 16) {
    if (noisy != 0) startFolded(k0, k1, k2, k3, iteration + <f64>k)
    for (let done: usize = 0; done < count; done += part) {
      const length = nextPart(done, count, noisy)
      within &= moveOnMixture(
        points + (done << 3), noise, length, rows, modes, table, logs, load<f64>(plan), load<f64>(plan, 8), limit, narrow,
      )
    }
  }
  return within
}

/** Moves so many numbers by one step. */
function moveOnMixture(
  points: usize, noise: usize, count: usize, rows: usize, modes: i32, table: usize, logs: usize,
  step: f64, scale: f64, limit: f64, narrow: i32,
): i32 {
  const most = f64x2.splat(limit)
  const steps = f64x2.splat(step)
  const scales = f64x2.splat(scale)
  const length = <usize>modes * 40
  const end = points + (count << 3)
  let within = i64x2.splat(-1)
  for (; points < end; points += 32) {
    const first = read(points, narrow)
    const second = read(points + 16, narrow)
    const x = i64x2.shuffle(first, second, 0, 2)
    const y = i64x2.shuffle(first, second, 1, 3)
    let highest = f64x2.splat(-Infinity)
    let place = logs
    for (let row = rows; row < rows + length; row += 40) {
      const right = f64x2.sub(x, v128.load64_splat(row))
      const up = f64x2.sub(y, v128.load64_splat(row, 8))
      const square = f64x2.add(f64x2.mul(right, right), f64x2.mul(up, up))
      const log = f64x2.add(v128.load64_splat(row, 32), f64x2.mul(v128.load64_splat(row, 16), square))
      v128.store(place, log)
      highest = f64x2.pmax(highest, log)
      place += 16
    }
    let sum = f64x2.splat(0)
    let pullRight = sum
    let pullUp = sum
    place = logs
    for (let row = rows; row < rows + length; row += 40) {
      const share = exponential(f64x2.pmax(f64x2.sub(v128.load(place), highest), splat(table, 9)), table)
      const pull = f64x2.mul(share, v128.load64_splat(row, 24))
      sum = f64x2.add(sum, share)
      pullRight = f64x2.add(pullRight, f64x2.mul(pull, f64x2.sub(x, v128.load64_splat(row))))
      pullUp = f64x2.add(pullUp, f64x2.mul(pull, f64x2.sub(y, v128.load64_splat(row, 8))))
      place += 16
    }
    const xi = v128.load(noise)
    const eta = v128.load(noise, 16)
    const movedRight = f64x2.add(
      f64x2.sub(x, f64x2.mul(steps, f64x2.div(pullRight, sum))),
      f64x2.mul(scales, i64x2.shuffle(xi, eta, 0, 2)),
    )
    const movedUp = f64x2.add(
      f64x2.sub(y, f64x2.mul(steps, f64x2.div(pullUp, sum))),
      f64x2.mul(scales, i64x2.shuffle(xi, eta, 1, 3)),
    )
    within = v128.and(within, v128.and(f64x2.le(f64x2.abs(movedRight), most), f64x2.le(f64x2.abs(movedUp), most)))
    v128.store(points, i64x2.shuffle(movedRight, movedUp, 0, 2))
    v128.store(points, i64x2.shuffle(movedRight, movedUp, 1, 3), 16)
    noise += 32
  }
  return <i32>i64x2.all_true(within)
}
