/*
 * Sums of Gaussians that are wide beside the clouds, by the expansion of `e^(x . y)` in monomials: all of total degree up to
 * the job's width, of the columns' points times the job's factor, from the first coordinate to the last. Eight points at a time.
 */
import {
  GEOMETRY_DIMENSION, GEOMETRY_STRIDE, JOB_CHUNK, JOB_COLUMN_OUT, JOB_FACTOR, JOB_GEOMETRY, JOB_OUT, JOB_V, JOB_WIDTH,
} from './layout'
import { columnPoints } from './distances'

function termsOf(d: i32, degree: i32): i32 {
  let count = 1
  for (let k = 1; k <= d; k++) count = (count * (degree + k)) / k
  return count
}

// @ts-ignore: decorator
@inline function scaled(at: usize, offset: usize, factor: v128): v128 {
  return f64x2.mul(v128.load(at + offset), factor)
}

/**
 * `sum_j v_j y_j^a` over the chunk's columns, for each monomial (`gather`); or else `sum_a v_a y_j^a` for each column.
 */
// @ts-ignore: decorator
@inline function pass(job: usize, start: i32, end: i32, scratch: usize, gather: bool): void {
  const g = <usize>load<u32>(job, JOB_GEOMETRY)
  const d = load<i32>(g, GEOMETRY_DIMENSION)
  const stride = <usize>load<i32>(g, GEOMETRY_STRIDE) * 8
  const degree = load<i32>(job, JOB_WIDTH)
  const factor = f64x2.splat(load<f64>(job, JOB_FACTOR))
  const values = <usize>load<u32>(job, JOB_V)
  const one = f64x2.splat(1)
  const terms = <usize>termsOf(d, degree) * 16
  if (gather) memory.fill(scratch, 0, terms)
  for (let j = start; j < end; j += 8) {
    const y = columnPoints<f64>(g, j)
    const last = y + <usize>(d - 1) * stride
    const za = scaled(last, 0, factor)
    const zb = scaled(last, 16, factor)
    const zc = scaled(last, 32, factor)
    const ze = scaled(last, 48, factor)
    const v = values + <usize>(j * 8)
    // The powers of the first coordinate (of three), and times them those of the next to last.
    let fa = gather ? v128.load(v) : one
    let fb = gather ? v128.load(v, 16) : one
    let fc = gather ? v128.load(v, 32) : one
    let fe = gather ? v128.load(v, 48) : one
    let ra = f64x2.splat(0)
    let rb = ra
    let rc = ra
    let re = ra
    let at = gather ? scratch : values
    for (let first = d > 2 ? degree : 0; first >= 0; first--) {
      const least = d > 2 ? degree - first : 0
      let na = fa
      let nb = fb
      let nc = fc
      let ne = fe
      for (let next = d > 1 ? degree - least : 0; next >= 0; next--) {
        let ma = na
        let mb = nb
        let mc = nc
        let me = ne
        for (let k = d > 1 ? next : degree; k >= 0; k--) {
          if (gather) {
            v128.store(at, f64x2.add(v128.load(at), f64x2.add(f64x2.add(ma, mb), f64x2.add(mc, me))))
            at += 16
          } else {
            const coefficient = v128.load64_splat(at)
            at += 8
            ra = f64x2.add(ra, f64x2.mul(coefficient, ma))
            rb = f64x2.add(rb, f64x2.mul(coefficient, mb))
            rc = f64x2.add(rc, f64x2.mul(coefficient, mc))
            re = f64x2.add(re, f64x2.mul(coefficient, me))
          }
          ma = f64x2.mul(ma, za)
          mb = f64x2.mul(mb, zb)
          mc = f64x2.mul(mc, zc)
          me = f64x2.mul(me, ze)
        }
        if (d > 1) {
          const before = last - stride
          na = f64x2.mul(na, scaled(before, 0, factor))
          nb = f64x2.mul(nb, scaled(before, 16, factor))
          nc = f64x2.mul(nc, scaled(before, 32, factor))
          ne = f64x2.mul(ne, scaled(before, 48, factor))
        }
      }
      if (d > 2) {
        fa = f64x2.mul(fa, scaled(y, 0, factor))
        fb = f64x2.mul(fb, scaled(y, 16, factor))
        fc = f64x2.mul(fc, scaled(y, 32, factor))
        fe = f64x2.mul(fe, scaled(y, 48, factor))
      }
    }
    if (!gather) {
      const out = <usize>load<u32>(job, JOB_OUT) + <usize>(j * 8)
      v128.store(out, ra)
      v128.store(out, rb, 16)
      v128.store(out, rc, 32)
      v128.store(out, re, 48)
    }
  }
  if (!gather) return
  const chunk = start / load<i32>(job, JOB_CHUNK)
  const out = <usize>load<u32>(job, JOB_COLUMN_OUT) + (<usize>chunk * terms) / 2
  for (let k: usize = 0; k < terms; k += 16) {
    const sums = v128.load(scratch + k)
    store<f64>(out + k / 2, f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1))
  }
}

/** The moments of a chunk of columns, onto its part of the column sums. */
export function moments(job: usize, start: i32, end: i32, scratch: usize): void {
  pass(job, start, end, scratch, true)
}

/** The expansion at a chunk of columns. */
export function expansion(job: usize, start: i32, end: i32, scratch: usize): void {
  pass(job, start, end, scratch, false)
}
