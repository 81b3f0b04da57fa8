/*
 * 2^x and log2 x on vectors of float32 or float64 lanes. Both stay within 2 ulp (of the argument's range reduction
 * included): nearest integer by adding and taking away 1.5 * 2^23 (2^52), then a polynomial.
 */
import {
  CONSTANTS_32, CONSTANTS_64, CONSTANT_EXP, CONSTANT_LOG, CONSTANT_LOW, CONSTANT_MAGIC, CONSTANT_ONE,
  CONSTANT_ONE_BITS, CONSTANT_ROOT,
} from './layout'

// @ts-ignore: decorator
@inline export function constantOf<T>(index: i32): v128 {
  return sizeof<T>() == 4
    ? v128.load32_splat(CONSTANTS_32 + <usize>(index * 4))
    : v128.load64_splat(CONSTANTS_64 + <usize>(index * 8))
}

/**
 * 2^t for t within [-126, 127] (float64: [-1022, 1023]); the caller clamps. The constants come as arguments, so that
 * they are in registers before the loop.
 */
// @ts-ignore: decorator
@inline export function power2<T>(
  t: v128, magic: v128, one: v128, c1: v128, c2: v128, c3: v128, c4: v128, c5: v128,
): v128 {
  const z = v128.add<T>(t, magic)
  const r = v128.sub<T>(t, v128.sub<T>(z, magic))
  if (sizeof<T>() == 4) {
    let y = v128.add<f32>(v128.mul<f32>(c5, r), c4)
    y = v128.add<f32>(v128.mul<f32>(y, r), c3)
    y = v128.add<f32>(v128.mul<f32>(y, r), c2)
    y = v128.add<f32>(v128.mul<f32>(y, r), c1)
    y = v128.add<f32>(v128.mul<f32>(y, r), one)
    return v128.add<i32>(y, v128.shl<i32>(z, 23))
  } else {
    let y = constantOf<f64>(CONSTANT_EXP + 11)
    y = v128.add<f64>(v128.mul<f64>(y, r), constantOf<f64>(CONSTANT_EXP + 10))
    y = v128.add<f64>(v128.mul<f64>(y, r), constantOf<f64>(CONSTANT_EXP + 9))
    y = v128.add<f64>(v128.mul<f64>(y, r), constantOf<f64>(CONSTANT_EXP + 8))
    y = v128.add<f64>(v128.mul<f64>(y, r), constantOf<f64>(CONSTANT_EXP + 7))
    y = v128.add<f64>(v128.mul<f64>(y, r), constantOf<f64>(CONSTANT_EXP + 6))
    y = v128.add<f64>(v128.mul<f64>(y, r), constantOf<f64>(CONSTANT_EXP + 5))
    y = v128.add<f64>(v128.mul<f64>(y, r), c5)
    y = v128.add<f64>(v128.mul<f64>(y, r), c4)
    y = v128.add<f64>(v128.mul<f64>(y, r), c3)
    y = v128.add<f64>(v128.mul<f64>(y, r), c2)
    y = v128.add<f64>(v128.mul<f64>(y, r), c1)
    y = v128.add<f64>(v128.mul<f64>(y, r), one)
    return v128.add<i64>(y, v128.shl<i64>(z, 52))
  }
}

/** 2^t of one number, at most 0. */
export function scalarPower2<T>(t: f64): f64 {
  const low = constantOf<T>(CONSTANT_LOW)
  const x = v128.pmax<T>(v128.splat<T>(<T>t), low)
  const y = power2<T>(
    x, constantOf<T>(CONSTANT_MAGIC), constantOf<T>(CONSTANT_ONE), constantOf<T>(CONSTANT_EXP),
    constantOf<T>(CONSTANT_EXP + 1), constantOf<T>(CONSTANT_EXP + 2), constantOf<T>(CONSTANT_EXP + 3),
    constantOf<T>(CONSTANT_EXP + 4),
  )
  return <f64>v128.extract_lane<T>(y, 0)
}

/** log2 x for normal x above zero. */
// @ts-ignore: decorator
@inline export function logarithm2<T>(x: v128): v128 {
  const root = constantOf<T>(CONSTANT_ROOT)
  const one = constantOf<T>(CONSTANT_ONE)
  if (sizeof<T>() == 4) {
    const e = v128.shr<i32>(v128.sub<i32>(x, root), 23)
    const m = v128.sub<i32>(x, v128.shl<i32>(e, 23))
    const s = v128.div<f32>(v128.sub<f32>(m, one), v128.add<f32>(m, one))
    const s2 = v128.mul<f32>(s, s)
    let y = constantOf<f32>(CONSTANT_LOG + 4)
    for (let k = 3; k >= 0; k--) y = v128.add<f32>(v128.mul<f32>(y, s2), v128.load32_splat(CONSTANTS_32 + <usize>((CONSTANT_LOG + k) * 4)))
    return v128.add<f32>(v128.convert<i32>(e), v128.mul<f32>(y, s))
  } else {
    const e = v128.shr<i64>(v128.sub<i64>(x, root), 52)
    const m = v128.sub<i64>(x, v128.shl<i64>(e, 52))
    const s = v128.div<f64>(v128.sub<f64>(m, one), v128.add<f64>(m, one))
    const s2 = v128.mul<f64>(s, s)
    let y = constantOf<f64>(CONSTANT_LOG + 10)
    for (let k = 9; k >= 0; k--) y = v128.add<f64>(v128.mul<f64>(y, s2), v128.load64_splat(CONSTANTS_64 + <usize>((CONSTANT_LOG + k) * 8)))
    const whole = f64x2(<f64>v128.extract_lane<i64>(e, 0), <f64>v128.extract_lane<i64>(e, 1))
    return v128.add<f64>(whole, v128.mul<f64>(y, s))
  }
}

/** The sum of the lanes. */
// @ts-ignore: decorator
@inline export function total<T>(x: v128): f64 {
  return sizeof<T>() == 4
    ? (<f64>v128.extract_lane<f32>(x, 0) + <f64>v128.extract_lane<f32>(x, 1)) +
        (<f64>v128.extract_lane<f32>(x, 2) + <f64>v128.extract_lane<f32>(x, 3))
    : v128.extract_lane<f64>(x, 0) + v128.extract_lane<f64>(x, 1)
}

/** The largest lane. */
// @ts-ignore: decorator
@inline export function largest<T>(x: v128): f64 {
  return sizeof<T>() == 4
    ? <f64>max(
        max(v128.extract_lane<f32>(x, 0), v128.extract_lane<f32>(x, 1)),
        max(v128.extract_lane<f32>(x, 2), v128.extract_lane<f32>(x, 3)),
      )
    : max(v128.extract_lane<f64>(x, 0), v128.extract_lane<f64>(x, 1))
}
