/*
 * Standard normal numbers by the same operations, in the same order, as src/normal.ts: the same bits. Pairs go through
 * the central part of the quantile function; those that belong to its tails are then worked out one by one.
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
  // 32: 1/2, 0.180625
  0.5, 0.5, 0.180625, 0.180625,
], 16)

let s0: u64 = 0
let s1: u64 = 0

// @ts-ignore: decorator
@inline
function next(): u32 {
  const out = <u32>s0 + <u32>s1
  const a = s0 ^ s1
  s0 = rotl<u64>(s0, 24) ^ a ^ (a << 16)
  s1 = rotl<u64>(a, 37)
  return out
}

// @ts-ignore: decorator
@inline
function whole(): i64 {
  const high = <i64>(next() >>> 6)
  return (high << 27) | <i64>(next() >>> 5)
}

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

/** The next numbers; an odd count makes one more than asked for, and loses it. */
export function fill(count: i32): void {
  let pending: usize = 0
  const half = constant(16)
  const middle = constant(17)
  for (let i: usize = 0; i < <usize>count; i += 2) {
    const first = whole()
    const second = i + 1 < <usize>count ? whole() : 0
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
  for (let k: usize = 0; k < pending; k++) {
    const place = numbers + (<usize>load<i32>(placesAt + (k << 2)) << 3)
    // The sign is there already.
    store<f64>(place, copysign<f64>(farQuantile(load<f64>(tailsAt + (k << 3))), load<f64>(place)))
  }
}

function farQuantile(tail: f64): f64 {
  const depth = sqrt<f64>(-logarithm(tail))
  if (depth <= 5) {
    const at = depth - 1.6
    let above = 0.0007745450142783414
    above = above * at + 0.022723844989269184
    above = above * at + 0.2417807251774506
    above = above * at + 1.2704582524523684
    above = above * at + 3.6478483247632045
    above = above * at + 5.769497221460691
    above = above * at + 4.630337846156546
    above = above * at + 1.4234371107496835
    let below = 1.0507500716444169e-9
    below = below * at + 0.0005475938084995345
    below = below * at + 0.015198666563616457
    below = below * at + 0.14810397642748008
    below = below * at + 0.6897673349851
    below = below * at + 1.6763848301838038
    below = below * at + 2.053191626637759
    below = below * at + 1
    return above / below
  }
  const at = depth - 5
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

function logarithm(value: f64): f64 {
  const bits = reinterpret<i64>(value)
  const whole = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000)
  const upper = whole * 0.5 >= 0.7071067811865476
  const mantissa = upper ? whole * 0.5 : whole
  const exponent = <f64>((bits >> 52) - 1023 + <i64>upper)
  const excess = mantissa - 1
  const s = excess / (2 + excess)
  const z = s * s
  let sum = 0.14798198605116586 * z
  sum = (sum + 0.15313837699209373) * z
  sum = (sum + 0.1818357216161805) * z
  sum = (sum + 0.22222198432149784) * z
  sum = (sum + 0.2857142874366239) * z
  sum = (sum + 0.3999999999940942) * z
  sum = (sum + 0.6666666666666735) * z
  const square = 0.5 * excess * excess
  return exponent * 0.6931471803691238 - (square - (s * (square + sum) + exponent * 1.9082149292705877e-10) - excess)
}
