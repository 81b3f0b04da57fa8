/*
 * Standard normal numbers by the same operations, in the same order, as src/normal.ts: the same bits. Pairs go through
 * the central part of the quantile function; those that belong to its tails are then worked out again.
 */

/** The most numbers at a time; they lie at `numbersAt`. */
export const most: i32 = 4096

const numbers: usize = (__heap_base + 63) & ~63
const tailsAt: usize = numbers + 8 * 4096
const placesAt: usize = tailsAt + 8 * 4096

/** Constants of the central part, each twice: numerator and denominator by turns, from the highest power down. */
const centreAt: usize = memory.data<f64>([
  2509.0809287301227, 2509.0809287301227, 5226.495278852546, 5226.495278852546,
  33430.57558358813, 33430.57558358813, 28729.085735721943, 28729.085735721943,
  67265.7709270087, 67265.7709270087, 39307.89580009271, 39307.89580009271,
  45921.95393154987, 45921.95393154987, 21213.794301586597, 21213.794301586597,
  13731.69376550946, 13731.69376550946, 5394.196021424751, 5394.196021424751,
  1971.5909503065513, 1971.5909503065513, 687.1870074920579, 687.1870074920579,
  133.14166789178438, 133.14166789178438, 42.31333070160091, 42.31333070160091,
  3.3871328727963665, 3.3871328727963665, 1.0, 1.0,
  // 16: 1/2, 0.180625
  0.5, 0.5, 0.180625, 0.180625,
  // 18: the logarithm's series, log 2 in two parts, 1.6
  0.14798198605116586, 0.14798198605116586,
  0.15313837699209373, 0.15313837699209373,
  0.1818357216161805, 0.1818357216161805,
  0.22222198432149784, 0.22222198432149784,
  0.2857142874366239, 0.2857142874366239,
  0.3999999999940942, 0.3999999999940942,
  0.6666666666666735, 0.6666666666666735,
  0.6931471803691238, 0.6931471803691238,
  1.9082149292705877e-10, 1.9082149292705877e-10,
  1.6, 1.6,
  // 28: the shoulder
  0.0007745450142783414, 0.0007745450142783414, 1.0507500716444169e-09, 1.0507500716444169e-09,
  0.022723844989269184, 0.022723844989269184, 0.0005475938084995345, 0.0005475938084995345,
  0.2417807251774506, 0.2417807251774506, 0.015198666563616457, 0.015198666563616457,
  1.2704582524523684, 1.2704582524523684, 0.14810397642748008, 0.14810397642748008,
  3.6478483247632045, 3.6478483247632045, 0.6897673349851, 0.6897673349851,
  5.769497221460691, 5.769497221460691, 1.6763848301838038, 1.6763848301838038,
  4.630337846156546, 4.630337846156546, 2.053191626637759, 2.053191626637759,
  1.4234371107496835, 1.4234371107496835, 1.0, 1.0,
], 16)

let s0: u64 = 0
let s1: u64 = 0

/** The words of the state of xoroshiro128+. */
export function start(s01: u32, s00: u32, s11: u32, s10: u32): void {
  s0 = (<u64>s01 << 32) | <u64>s00
  s1 = (<u64>s11 << 32) | <u64>s10
}

export function numbersAt(): usize {
  return numbers
}

// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load(centreAt + (index << 4))
}

// @ts-ignore: decorator
@inline
function step(value: v128, at: v128, index: usize): v128 {
  return f64x2.add(f64x2.mul(value, at), constant(index))
}

/** The next numbers; of an odd count one more is made, and lost. */
export function fill(count: i32): void {
  let pending: usize = 0
  // Locals live in registers, globals do not.
  let a = s0
  let b = s1
  const half = constant(16)
  const middle = constant(17)
  for (let i: usize = 0; i < <usize>count; i += 2) {
    let high = <u32>a + <u32>b
    let mixed = a ^ b
    a = rotl<u64>(a, 24) ^ mixed ^ (mixed << 16)
    b = rotl<u64>(mixed, 37)
    const first = (<i64>(high >>> 6) << 27) | <i64>((<u32>a + <u32>b) >>> 5)
    mixed = a ^ b
    a = rotl<u64>(a, 24) ^ mixed ^ (mixed << 16)
    b = rotl<u64>(mixed, 37)
    high = <u32>a + <u32>b
    mixed = a ^ b
    a = rotl<u64>(a, 24) ^ mixed ^ (mixed << 16)
    b = rotl<u64>(mixed, 37)
    const second = (<i64>(high >>> 6) << 27) | <i64>((<u32>a + <u32>b) >>> 5)
    mixed = a ^ b
    a = rotl<u64>(a, 24) ^ mixed ^ (mixed << 16)
    b = rotl<u64>(mixed, 37)
    const negativeFirst = first < 0x10000000000000
    const negativeSecond = second < 0x10000000000000
    const tailFirst = (<f64>(first & 0xfffffffffffff) + 0.5) * 1.1102230246251565e-16
    const tailSecond = (<f64>(second & 0xfffffffffffff) + 0.5) * 1.1102230246251565e-16
    const tails = f64x2.replace_lane(f64x2.splat(tailFirst), 1, tailSecond)
    const fromMedian = f64x2.sub(half, tails)
    const at = f64x2.sub(middle, f64x2.mul(fromMedian, fromMedian))
    let above = constant(0)
    let below = constant(1)
    above = step(above, at, 2)
    below = step(below, at, 3)
    above = step(above, at, 4)
    below = step(below, at, 5)
    above = step(above, at, 6)
    below = step(below, at, 7)
    above = step(above, at, 8)
    below = step(below, at, 9)
    above = step(above, at, 10)
    below = step(below, at, 11)
    above = step(above, at, 12)
    below = step(below, at, 13)
    above = step(above, at, 14)
    below = step(below, at, 15)
    const size = f64x2.mul(fromMedian, f64x2.div(above, below))
    const signs = i64x2.replace_lane(i64x2.splat(<i64>negativeFirst << 63), 1, <i64>negativeSecond << 63)
    v128.store(numbers + (i << 3), v128.xor(size, signs))
    // Written always and counted where it is needed: no branch to be mispredicted.
    store<f64>(tailsAt + (pending << 3), tailFirst)
    store<i32>(placesAt + (pending << 2), <i32>i)
    pending += <usize>(0.5 - tailFirst > 0.425)
    store<f64>(tailsAt + (pending << 3), tailSecond)
    store<i32>(placesAt + (pending << 2), <i32>i + 1)
    pending += <usize>(0.5 - tailSecond > 0.425)
  }
  s0 = a
  s1 = b
  // An odd one out is worked out with whatever follows it, which is a tail of before.
  if (pending & 1) store<f64>(tailsAt + (pending << 3), 0.01)
  for (let k: usize = 0; k < pending; k += 2) {
    const quantiles = shoulders(v128.load(tailsAt + (k << 3)))
    store<f64>(tailsAt + (k << 3), f64x2.extract_lane(quantiles, 0))
    store<f64>(tailsAt + (k << 3) + 8, f64x2.extract_lane(quantiles, 1))
  }
  for (let k: usize = 0; k < pending; k++) {
    const place = numbers + (<usize>load<i32>(placesAt + (k << 2)) << 3)
    // The sign is there already.
    store<f64>(place, copysign<f64>(load<f64>(tailsAt + (k << 3)), load<f64>(place)))
  }
}

/** The quantiles, without sign, of two tails below 0.075. */
function shoulders(tails: v128): v128 {
  const bits = i64x2.add(v128.and(tails, i64x2.splat(0xfffffffffffff)), i64x2.splat(0x3ff0000000000000))
  const halved = f64x2.mul(bits, f64x2.splat(0.5))
  const upper = f64x2.ge(halved, f64x2.splat(0.7071067811865476))
  const mantissa = v128.bitselect(halved, bits, upper)
  // The exponent as a double: 2^52 + e less 2^52. True is -1.
  const raised = i64x2.sub(i64x2.shr_u(tails, 52), upper)
  const exponent = f64x2.sub(
    v128.or(raised, i64x2.splat(0x4330000000000000)),
    f64x2.splat(4503599627370496 + 1023),
  )
  const excess = f64x2.sub(mantissa, f64x2.splat(1))
  const s = f64x2.div(excess, f64x2.add(f64x2.splat(2), excess))
  const z = f64x2.mul(s, s)
  let sum = f64x2.mul(constant(18), z)
  sum = f64x2.mul(f64x2.add(sum, constant(19)), z)
  sum = f64x2.mul(f64x2.add(sum, constant(20)), z)
  sum = f64x2.mul(f64x2.add(sum, constant(21)), z)
  sum = f64x2.mul(f64x2.add(sum, constant(22)), z)
  sum = f64x2.mul(f64x2.add(sum, constant(23)), z)
  sum = f64x2.mul(f64x2.add(sum, constant(24)), z)
  const square = f64x2.mul(f64x2.mul(f64x2.splat(0.5), excess), excess)
  const rest = f64x2.add(f64x2.mul(s, f64x2.add(square, sum)), f64x2.mul(exponent, constant(26)))
  const logarithms = f64x2.sub(
    f64x2.mul(exponent, constant(25)),
    f64x2.sub(f64x2.sub(square, rest), excess),
  )
  const depth = f64x2.sqrt(f64x2.neg(logarithms))
  const at = f64x2.sub(depth, constant(27))
  let above = constant(28)
  let below = constant(29)
  above = step(above, at, 30)
  below = step(below, at, 31)
  above = step(above, at, 32)
  below = step(below, at, 33)
  above = step(above, at, 34)
  below = step(below, at, 35)
  above = step(above, at, 36)
  below = step(below, at, 37)
  above = step(above, at, 38)
  below = step(below, at, 39)
  above = step(above, at, 40)
  below = step(below, at, 41)
  above = step(above, at, 42)
  below = step(below, at, 43)
  const quantiles = f64x2.div(above, below)
  if (!v128.any_true(f64x2.gt(depth, f64x2.splat(5)))) return quantiles
  const first = f64x2.extract_lane(depth, 0)
  const second = f64x2.extract_lane(depth, 1)
  return f64x2(
    first > 5 ? farQuantile(first - 5) : f64x2.extract_lane(quantiles, 0),
    second > 5 ? farQuantile(second - 5) : f64x2.extract_lane(quantiles, 1),
  )
}

function farQuantile(at: f64): f64 {
  let above = 2.0103343992922881e-7
  above = above * at + 0.000027115555687434876
  above = above * at + 0.0012426609473880784
  above = above * at + 0.026532189526576124
  above = above * at + 0.29656057182850487
  above = above * at + 1.7848265399172913
  above = above * at + 5.463784911164114
  above = above * at + 6.657904643501103
  let below = 2.0442631033899397e-15
  below = below * at + 1.421511758316446e-7
  below = below * at + 0.000018463183175100548
  below = below * at + 0.0007868691311456133
  below = below * at + 0.014875361290850615
  below = below * at + 0.1369298809227358
  below = below * at + 0.599832206555888
  below = below * at + 1
  return above / below
}
