/*
 * Both sums of `scaling.ts` in float32 over stored costs, in one loop: four rows by four columns stay in registers. Costs are
 * stored in many dimensions, where most entries are zero; those that are, all sixteen, are passed over.
 */
import {
  CONSTANT_EXP, CONSTANT_HIGH, CONSTANT_LOW, CONSTANT_MAGIC, CONSTANT_ONE, GEOMETRY_COLUMNS, GEOMETRY_STRIDE, GROUP, JOB_CHUNK,
  JOB_COLUMN_OUT, JOB_FACTOR, JOB_GEOMETRY, JOB_OUT, JOB_P, JOB_Q_32, SCRATCH_COLUMNS,
} from './layout'
import { constantOf, power2, total } from './elementary'
import { FLUSH, flush } from './scaling'
import { tileCount } from './softmin'

/** Does what `bothSums` does, with the costs at `dense`. */
export function storedSums(job: usize, dense: usize, start: i32, end: i32, scratch: usize, symmetric: bool): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const columns = load<i32>(g, GEOMETRY_COLUMNS)
  const stride = <usize>load<i32>(g, GEOMETRY_STRIDE)
  const out = <usize>load<u32>(job, JOB_OUT)
  const p = <usize>load<u32>(job, JOB_P)
  const chunk = start / load<i32>(job, JOB_CHUNK)
  const columnOut = <usize>load<u32>(job, JOB_COLUMN_OUT) + <usize>chunk * stride * 8
  const columnBuffer = scratch + SCRATCH_COLUMNS
  const factor = f32x4.splat(<f32>load<f64>(job, JOB_FACTOR))
  const low = constantOf<f32>(CONSTANT_LOW)
  const high = constantOf<f32>(CONSTANT_HIGH)
  const magic = constantOf<f32>(CONSTANT_MAGIC)
  const one = constantOf<f32>(CONSTANT_ONE)
  const c1 = constantOf<f32>(CONSTANT_EXP)
  const c2 = constantOf<f32>(CONSTANT_EXP + 1)
  const c3 = constantOf<f32>(CONSTANT_EXP + 2)
  const c4 = constantOf<f32>(CONSTANT_EXP + 3)
  const c5 = constantOf<f32>(CONSTANT_EXP + 4)
  const nothing = f32x4.splat(-3e38)
  memory.fill(out + <usize>(start * 8), 0, <usize>((end - start) * 8))
  memory.fill(columnOut, 0, stride * 8)
  let count = 0
  for (let j = symmetric ? start : 0; j < columns; j += count) {
    // As in `bothSums`.
    const diagonal = symmetric && j < end
    count = tileCount(diagonal ? end : columns, j)
    const columnSums = columnOut + <usize>(j * 8)
    const bytes = <usize>count * 4
    const q = <usize>load<u32>(job, JOB_Q_32) + <usize>(j * 4)
    memory.fill(columnBuffer, 0, bytes)
    for (let i = start; i < end; i += GROUP) {
      const rows = min(GROUP, end - i)
      // Rows past the last are the first once more, with exponents that come to nothing.
      const a = dense + (<usize>i * stride + <usize>j) * 4
      const b = rows > 1 ? a + stride * 4 : a
      const c = rows > 2 ? a + stride * 8 : a
      const d = rows > 3 ? a + stride * 12 : a
      const scalings = p + <usize>(i * 8)
      const pa = f32x4.splat(<f32>load<f64>(scalings))
      const pb = rows > 1 ? f32x4.splat(<f32>load<f64>(scalings, 8)) : nothing
      const pc = rows > 2 ? f32x4.splat(<f32>load<f64>(scalings, 16)) : nothing
      const pd = rows > 3 ? f32x4.splat(<f32>load<f64>(scalings, 24)) : nothing
      let sa = f32x4.splat(0)
      let sb = sa
      let sc = sa
      let sd = sa
      for (let k: usize = 0; k < bytes; k += 16) {
        const qk = v128.load(q + k)
        const ta = f32x4.add(f32x4.sub(qk, f32x4.mul(factor, v128.load(a + k))), pa)
        const tb = f32x4.add(f32x4.sub(qk, f32x4.mul(factor, v128.load(b + k))), pb)
        const tc = f32x4.add(f32x4.sub(qk, f32x4.mul(factor, v128.load(c + k))), pc)
        const td = f32x4.add(f32x4.sub(qk, f32x4.mul(factor, v128.load(d + k))), pd)
        if (!v128.any_true(f32x4.gt(f32x4.pmax(f32x4.pmax(ta, tb), f32x4.pmax(tc, td)), low))) continue
        const wa = power2<f32>(f32x4.pmin(f32x4.pmax(ta, low), high), magic, one, c1, c2, c3, c4, c5)
        const wb = power2<f32>(f32x4.pmin(f32x4.pmax(tb, low), high), magic, one, c1, c2, c3, c4, c5)
        const wc = power2<f32>(f32x4.pmin(f32x4.pmax(tc, low), high), magic, one, c1, c2, c3, c4, c5)
        const wd = power2<f32>(f32x4.pmin(f32x4.pmax(td, low), high), magic, one, c1, c2, c3, c4, c5)
        sa = f32x4.add(sa, wa)
        sb = f32x4.add(sb, wb)
        sc = f32x4.add(sc, wc)
        sd = f32x4.add(sd, wd)
        const sums = f32x4.add(f32x4.add(wa, wb), f32x4.add(wc, wd))
        v128.store(columnBuffer + k, f32x4.add(v128.load(columnBuffer + k), sums))
      }
      const target = out + <usize>(i * 8)
      store<f64>(target, load<f64>(target) + total<f32>(sa))
      if (rows > 1) store<f64>(target, load<f64>(target, 8) + total<f32>(sb), 8)
      if (rows > 2) store<f64>(target, load<f64>(target, 16) + total<f32>(sc), 16)
      if (rows > 3) store<f64>(target, load<f64>(target, 24) + total<f32>(sd), 24)
      if (!diagonal && ((i - start) / GROUP) % (FLUSH / GROUP) == FLUSH / GROUP - 1) flush<f32>(columnBuffer, columnSums, count)
    }
    if (!diagonal) flush<f32>(columnBuffer, columnSums, count)
  }
}
