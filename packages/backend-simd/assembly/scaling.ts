/*
 * What makes a sweep cheap: both half-updates from one exponential an entry, and the stored kernel, where there is
 * none at all.
 *
 * Sums over columns: each chunk of rows has its own sums, float32 for `FLUSH` rows at a time and float64 beyond; the
 * host adds the chunks up in their order, so that the number of threads changes nothing.
 */
import {
  CONSTANT_EXP, CONSTANT_HIGH, CONSTANT_LOW, CONSTANT_MAGIC, CONSTANT_ONE, GEOMETRY_COLUMNS, GEOMETRY_STRIDE, GROUP, JOB_CHUNK,
  JOB_COLUMN_OUT, JOB_FACTOR, JOB_GEOMETRY, JOB_KERNEL, JOB_OUT, JOB_P, JOB_U, JOB_V, SCRATCH_COLUMNS, SCRATCH_EXPONENTS, TILE,
} from './layout'
import { constantOf, power2, scalarPower2, total } from './elementary'
import { splatted, storedCosts } from './distances'
import { planEntries } from './plan'
import { storedSums } from './stored-sums'
import { fillForExponents, rowExponents, shifted, tileCount } from './softmin'

export const FLUSH: i32 = 64

/** Adds a float32 (or float64) buffer onto float64 sums, and clears it. */
export function flush<E>(buffer: usize, sums: usize, count: i32): void {
  for (let k = 0; k < count; k += 2, sums += 16) {
    const more = sizeof<E>() == 4
      ? f64x2.promote_low_f32x4(v128.load64_zero(buffer + <usize>(k * 4)))
      : v128.load(buffer + <usize>(k * 8))
    v128.store(sums, v128.add<f64>(v128.load(sums), more))
  }
  memory.fill(buffer, 0, <usize>count * sizeof<E>())
}

/** `sum_j 2^(p + t_j)` over a tile; with `onto`, each entry is added to the column's sum, too. */
// @ts-ignore: decorator
@inline function powerSums<F, E>(source: usize, p: f64, count: i32, columnSums: usize, onto: bool): f64 {
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
  let sum = v128.splat<E>(<E>0)
  let more = sum
  for (let k: usize = 0, bytes = <usize>count * sizeof<E>(); k < bytes; k += 32) {
    const s = v128.pmin<E>(v128.pmax<E>(shifted<F, E>(source, k, less), low), high)
    const t = v128.pmin<E>(v128.pmax<E>(shifted<F, E>(source, k + 16, less), low), high)
    const x = power2<E>(s, magic, one, c1, c2, c3, c4, c5)
    const y = power2<E>(t, magic, one, c1, c2, c3, c4, c5)
    sum = v128.add<E>(sum, x)
    more = v128.add<E>(more, y)
    if (onto) {
      v128.store(columnSums + k, v128.add<E>(v128.load(columnSums + k), x))
      v128.store(columnSums + k, v128.add<E>(v128.load(columnSums + k, 16), y), 16)
    }
  }
  return total<E>(v128.add<E>(sum, more))
}

/**
 * Row sums and column sums of `S_ij = 2^(p_i + q_j - factor c_ij)`. Of a symmetric matrix, chunks compute what lies at
 * and above their diagonal block: column sums of the part above stand for row sums of the part below.
 */
export function bothSums<F, E>(job: usize, start: i32, end: i32, scratch: usize, symmetric: bool): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const dense = storedCosts<f32>(g)
  if (sizeof<F>() == 4 && dense != 0) {
    storedSums(job, dense, start, end, scratch, symmetric)
    return
  }
  const columns = load<i32>(g, GEOMETRY_COLUMNS)
  const stride = load<i32>(g, GEOMETRY_STRIDE)
  const factor = load<f64>(job, JOB_FACTOR)
  const out = <usize>load<u32>(job, JOB_OUT)
  const p = <usize>load<u32>(job, JOB_P)
  const chunk = start / load<i32>(job, JOB_CHUNK)
  const columnOut = <usize>load<u32>(job, JOB_COLUMN_OUT) + <usize>chunk * <usize>stride * 8
  const exponentBuffer = scratch + SCRATCH_EXPONENTS
  const columnBuffer = scratch + SCRATCH_COLUMNS
  memory.fill(out + <usize>(start * 8), 0, <usize>((end - start) * 8))
  memory.fill(columnOut, 0, <usize>stride * 8)
  let count = 0
  for (let j = symmetric ? start : 0; j < columns; j += count) {
    // Chunks of symmetric matrices are multiples of 8: the tiles of the diagonal block end where it does.
    const diagonal = symmetric && j < end
    count = tileCount(diagonal ? end : columns, j)
    const sums = columnOut + <usize>(j * 8)
    memory.fill(columnBuffer, 0, <usize>count * sizeof<E>())
    for (let i = start; i < end; i += GROUP) {
      const rows = min(GROUP, end - i)
      fillForExponents<F>(g, i, rows, j, count, scratch)
      for (let r = 0; r < rows; r++) {
        rowExponents<F>(job, g, i, r, j, factor, count, scratch, exponentBuffer)
        const scaling = load<f64>(p + <usize>((i + r) * 8))
        const target = out + <usize>((i + r) * 8)
        const sum = diagonal
          ? powerSums<F, E>(exponentBuffer, scaling, count, columnBuffer, false)
          : powerSums<F, E>(exponentBuffer, scaling, count, columnBuffer, true)
        store<f64>(target, load<f64>(target) + sum)
      }
      if (((i - start) / GROUP) % (FLUSH / GROUP) == FLUSH / GROUP - 1) flush<E>(columnBuffer, sums, count)
    }
    flush<E>(columnBuffer, sums, count)
  }
}

/** Stores `K_ij = 2^(p_i + q_j - factor c_ij)`, rows `stride` apart, the rest of a row zero. */
export function storeKernel<F, E>(job: usize, start: i32, end: i32, scratch: usize): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const columns = load<i32>(g, GEOMETRY_COLUMNS)
  const stride = <usize>load<i32>(g, GEOMETRY_STRIDE)
  const factor = load<f64>(job, JOB_FACTOR)
  const kernel = <usize>load<u32>(job, JOB_KERNEL)
  const p = <usize>load<u32>(job, JOB_P)
  const exponentBuffer = scratch + SCRATCH_EXPONENTS
  for (let i = start; i < end; i += GROUP) {
    const rows = min(GROUP, end - i)
    for (let j = 0; j < columns; j += TILE) {
      const count = tileCount(columns, j)
      fillForExponents<F>(g, i, rows, j, count, scratch)
      for (let r = 0; r < rows; r++) {
        const row = kernel + <usize>(i + r) * stride * sizeof<E>()
        rowExponents<F>(job, g, i, r, j, factor, count, scratch, exponentBuffer)
        planEntries<F, E>(exponentBuffer, load<f64>(p + <usize>((i + r) * 8)), count, row + <usize>j * sizeof<E>())
        if (j + count >= columns)
          memory.fill(
            row + <usize>columns * sizeof<E>(), 0, (stride - <usize>columns) * sizeof<E>(),
          )
      }
    }
  }
}

/**
 * The same at the p that makes the largest entry of each row more than a half and at most 1: what `JOB_P` receives, in units
 * of log 2. Such p are whole numbers, so that tiles that were stored before a larger entry came are put right without rounding.
 */
export function absorbingKernel<F, E>(job: usize, start: i32, end: i32, scratch: usize): void {
  for (let i = start; i < end; i += GROUP) absorbingRows<F, E>(job, i, min(GROUP, end - i), scratch)
}

/** That of up to four rows. */
export function absorbingRows<F, E>(job: usize, i: i32, rows: i32, scratch: usize): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const columns = load<i32>(g, GEOMETRY_COLUMNS)
  const stride = <usize>load<i32>(g, GEOMETRY_STRIDE)
  const factor = load<f64>(job, JOB_FACTOR)
  const kernel = <usize>load<u32>(job, JOB_KERNEL)
  const p = <usize>load<u32>(job, JOB_P)
  const exponentBuffer = scratch + SCRATCH_EXPONENTS
  for (let j = 0; j < columns; j += TILE) {
    const count = tileCount(columns, j)
    fillForExponents<F>(g, i, rows, j, count, scratch)
    for (let r = 0; r < rows; r++) {
      const row = kernel + <usize>(i + r) * stride * sizeof<E>()
      const scaling = p + <usize>((i + r) * 8)
      const most = -Math.ceil(rowExponents<F>(job, g, i, r, j, factor, count, scratch, exponentBuffer))
      const before = load<f64>(scaling)
      if (j == 0) store<f64>(scaling, most)
      else if (most < before) {
        store<f64>(scaling, most)
        multiplyBy<E>(row, scalarPower2<E>(most - before), j)
      }
      planEntries<F, E>(exponentBuffer, load<f64>(scaling), count, row + <usize>j * sizeof<E>())
      if (j + count >= columns)
        memory.fill(
          row + <usize>columns * sizeof<E>(), 0, (stride - <usize>columns) * sizeof<E>(),
        )
    }
  }
}

function multiplyBy<E>(target: usize, factor: f64, count: i32): void {
  const factors = v128.splat<E>(<E>factor)
  for (let k: usize = 0, bytes = <usize>count * sizeof<E>(); k < bytes; k += 16)
    v128.store(target + k, v128.mul<E>(factors, v128.load(target + k)))
}

/** `sum_j K_ij v_j` of up to four rows from `a` on, into four doubles. */
export function fourSums<E>(a: usize, rows: i32, rowBytes: usize, v: usize, columns: i32, out: usize): void {
  // Rows past the last are the first once more.
  const b = a + (rows > 1 ? rowBytes : 0)
  const c = a + (rows > 2 ? 2 * rowBytes : 0)
  const d = a + (rows > 3 ? 3 * rowBytes : 0)
  let sumA = 0.0
  let sumB = 0.0
  let sumC = 0.0
  let sumD = 0.0
  for (let j = 0; j < columns; j += TILE) {
    let sa = v128.splat<E>(<E>0)
    let sb = sa
    let sc = sa
    let sd = sa
    const end = <usize>(j + tileCount(columns, j)) * sizeof<E>()
    for (let k = <usize>j * sizeof<E>(); k < end; k += 16) {
      const w = v128.load(v + k)
      sa = v128.add<E>(sa, v128.mul<E>(w, v128.load(a + k)))
      sb = v128.add<E>(sb, v128.mul<E>(w, v128.load(b + k)))
      sc = v128.add<E>(sc, v128.mul<E>(w, v128.load(c + k)))
      sd = v128.add<E>(sd, v128.mul<E>(w, v128.load(d + k)))
    }
    sumA += total<E>(sa)
    sumB += total<E>(sb)
    sumC += total<E>(sc)
    sumD += total<E>(sd)
  }
  store<f64>(out, sumA)
  store<f64>(out, sumB, 8)
  store<f64>(out, sumC, 16)
  store<f64>(out, sumD, 24)
}

/** `sum_j K_ij v_j`. */
export function kernelRows<E>(job: usize, start: i32, end: i32, scratch: usize): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const rowBytes = <usize>load<i32>(g, GEOMETRY_STRIDE) * sizeof<E>()
  const columns = load<i32>(g, GEOMETRY_COLUMNS)
  const out = <usize>load<u32>(job, JOB_OUT)
  const v = <usize>load<u32>(job, JOB_V)
  const kernel = <usize>load<u32>(job, JOB_KERNEL)
  for (let i = start; i < end; i += GROUP) {
    const rows = min(GROUP, end - i)
    fourSums<E>(kernel + <usize>i * rowBytes, rows, rowBytes, v, columns, scratch)
    memory.copy(out + <usize>(i * 8), scratch, <usize>(rows * 8))
  }
}

/** `sum_i K_ij u_i` over the chunk's rows, and, with `both`, the row sums with v from the same reading. */
export function kernelColumns<E>(job: usize, start: i32, end: i32, scratch: usize, both: bool): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const stride = <usize>load<i32>(g, GEOMETRY_STRIDE)
  const rowBytes = stride * sizeof<E>()
  const columns = load<i32>(g, GEOMETRY_COLUMNS)
  const out = <usize>load<u32>(job, JOB_OUT)
  const u = <usize>load<u32>(job, JOB_U)
  const v = <usize>load<u32>(job, JOB_V)
  const kernel = <usize>load<u32>(job, JOB_KERNEL)
  const chunk = start / load<i32>(job, JOB_CHUNK)
  const columnOut = <usize>load<u32>(job, JOB_COLUMN_OUT) + <usize>chunk * stride * 8
  const buffer = scratch + SCRATCH_COLUMNS
  const zero = v128.splat<E>(<E>0)
  memory.fill(columnOut, 0, stride * 8)
  if (both) memory.fill(out + <usize>(start * 8), 0, <usize>((end - start) * 8))
  for (let j = 0; j < columns; j += TILE) {
    const count = tileCount(columns, j)
    const bytes = <usize>count * sizeof<E>()
    const sums = columnOut + <usize>(j * 8)
    memory.fill(buffer, 0, bytes)
    for (let i = start; i < end; i += GROUP) {
      const rows = min(GROUP, end - i)
      const a = kernel + <usize>i * rowBytes + <usize>j * sizeof<E>()
      const b = a + (rows > 1 ? rowBytes : 0)
      const c = a + (rows > 2 ? 2 * rowBytes : 0)
      const d = a + (rows > 3 ? 3 * rowBytes : 0)
      const scalings = u + <usize>i * sizeof<E>()
      const ua = splatted<E>(scalings)
      const ub = rows > 1 ? splatted<E>(scalings + sizeof<E>()) : zero
      const uc = rows > 2 ? splatted<E>(scalings + 2 * sizeof<E>()) : zero
      const ud = rows > 3 ? splatted<E>(scalings + 3 * sizeof<E>()) : zero
      if (both) {
        let sa = zero
        let sb = zero
        let sc = zero
        let sd = zero
        const weights = v + <usize>j * sizeof<E>()
        for (let k: usize = 0; k < bytes; k += 16) {
          const ka = v128.load(a + k)
          const kb = v128.load(b + k)
          const kc = v128.load(c + k)
          const kd = v128.load(d + k)
          const w = v128.load(weights + k)
          sa = v128.add<E>(sa, v128.mul<E>(w, ka))
          sb = v128.add<E>(sb, v128.mul<E>(w, kb))
          sc = v128.add<E>(sc, v128.mul<E>(w, kc))
          sd = v128.add<E>(sd, v128.mul<E>(w, kd))
          const left = v128.add<E>(v128.mul<E>(ua, ka), v128.mul<E>(ub, kb))
          const right = v128.add<E>(v128.mul<E>(uc, kc), v128.mul<E>(ud, kd))
          v128.store(buffer + k, v128.add<E>(v128.load(buffer + k), v128.add<E>(left, right)))
        }
        const target = out + <usize>(i * 8)
        store<f64>(target, load<f64>(target) + total<E>(sa))
        if (rows > 1) store<f64>(target, load<f64>(target, 8) + total<E>(sb), 8)
        if (rows > 2) store<f64>(target, load<f64>(target, 16) + total<E>(sc), 16)
        if (rows > 3) store<f64>(target, load<f64>(target, 24) + total<E>(sd), 24)
      } else {
        for (let k: usize = 0; k < bytes; k += 16) {
          const left = v128.add<E>(v128.mul<E>(ua, v128.load(a + k)), v128.mul<E>(ub, v128.load(b + k)))
          const right = v128.add<E>(v128.mul<E>(uc, v128.load(c + k)), v128.mul<E>(ud, v128.load(d + k)))
          v128.store(buffer + k, v128.add<E>(v128.load(buffer + k), v128.add<E>(left, right)))
        }
      }
      if (((i - start) / GROUP) % (FLUSH / GROUP) == FLUSH / GROUP - 1) flush<E>(buffer, sums, count)
    }
    flush<E>(buffer, sums, count)
  }
}
