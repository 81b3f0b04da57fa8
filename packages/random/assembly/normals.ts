/*
 * Standard normal numbers by the same operations, in the same order, as src/normal.ts: the same bits. Pairs go through
 * the central part of the quantile function; those that belong to its tails are then worked out again.
 *
 * Draws are made some numbers ahead of their use, in the same loop: each draw waits for the one before, and integers have
 * units of their own in the processor, so that they cost little beside the polynomials.
 */

/** The most numbers at a time; they lie at `numbersAt`. With all that they need they stay in the nearest cache. */
export const most: i32 = 1024

/** How many numbers draws are ahead: enough for a store to have come to rest when it is read. */
const ahead: usize = 16

const numbers: usize = (__heap_base + 63) & ~63
const drawsAt: usize = numbers + 8 * 1024
const placesAt: usize = drawsAt + 8 * (1024 + ahead)
const depthsAt: usize = placesAt + 4 * (1024 + 16)

/** Where memory is free, a multiple of 64. */
export const freeAt: usize = depthsAt + 8 * 1024

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
  // 44: the exponent of a whole number's double, half a unit of the tail, where the shoulders begin, 1/2 less such a unit
  4503599627370496, 4503599627370496,
  1.1102230246251565e-16, 1.1102230246251565e-16,
  0.425, 0.425,
  0.49999999999999994, 0.49999999999999994,
  // 48: the root of 1/2, 2^52 + 1023, small numbers
  0.7071067811865476, 0.7071067811865476,
  4503599627371519, 4503599627371519,
  1.0, 1.0, 2.0, 2.0, 5.0, 5.0,
], 16)

/** The sign; where a tail's upper and lower bits are after they have been shifted; a double's fraction; the exponent of 1. */
const masksAt: usize = memory.data<u64>([
  0x8000000000000000, 0x8000000000000000,
  0x000ffffff8000000, 0x000ffffff8000000,
  0x0000000007ffffff, 0x0000000007ffffff,
  0x000fffffffffffff, 0x000fffffffffffff,
  0x3ff0000000000000, 0x3ff0000000000000,
], 16)

let s0: u64 = 0
let s1: u64 = 0

/** The words of the state of xoroshiro128+. */
export function start(s01: u32, s00: u32, s11: u32, s10: u32): void {
  s0 = (<u64>s01 << 32) | <u64>s00
  s1 = (<u64>s11 << 32) | <u64>s10
  drawAhead()
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

// @ts-ignore: decorator
@inline
function mask(index: usize): v128 {
  return v128.load(masksAt + (index << 4))
}

/** Two tails of draws, each two words of 32 bits, of which the six and five lowest are left out; the highest is the sign. */
// @ts-ignore: decorator
@inline
function tailsOf(draws: v128): v128 {
  const bits = v128.or(v128.and(i64x2.shr_u(draws, 11), mask(1)), v128.and(i64x2.shr_u(draws, 5), mask(2)))
  // Below 2^52: with its exponent it is a double.
  const whole = f64x2.sub(v128.or(bits, constant(44)), constant(44))
  return f64x2.mul(f64x2.add(whole, constant(16)), constant(45))
}


/** How far from the median the tails of draws end, `1/2 - tail`: exactly, from the complement of the bits. */
// @ts-ignore: decorator
@inline
function fromMedianOf(draws: v128): v128 {
  const bits = v128.or(v128.andnot(mask(1), i64x2.shr_u(draws, 11)), v128.andnot(mask(2), i64x2.shr_u(draws, 5)))
  return f64x2.sub(v128.or(bits, constant(16)), constant(47))
}

// @ts-ignore: decorator
@inline
function turned(a: u64, mixed: u64): u64 {
  return rotl<u64>(a, 24) ^ mixed ^ (mixed << 16)
}

/** The first draws of a stream. */
function drawAhead(): void {
  let a = s0
  let b = s1
  for (let at = drawsAt; at < drawsAt + 8 * ahead; at += 8) {
    store<u32>(at, <u32>a + <u32>b, 4)
    let mixed = a ^ b
    a = turned(a, mixed)
    b = rotl<u64>(mixed, 37)
    store<u32>(at, <u32>a + <u32>b)
    mixed = a ^ b
    a = turned(a, mixed)
    b = rotl<u64>(mixed, 37)
  }
  s0 = a
  s1 = b
}

/** The next numbers; if they are no multiple of four, the last ones of their stream. */
export function fill(count: i32): void {
  // Locals live in registers, globals do not.
  let a = s0
  let b = s1
  let mixed: u64
  let pending: usize = 0
  const length = (<usize>count + 3) & ~3
  const end = drawsAt + (length << 3)
  // Four at a time; what is beyond the count nobody looks at.
  for (let at = drawsAt; at < end; at += 32) {
    const draws = v128.load(at)
    const others = v128.load(at, 16)
    const fromMedian = fromMedianOf(draws)
    const otherMedian = fromMedianOf(others)
    const middle = constant(17)
    const from = f64x2.sub(middle, f64x2.mul(fromMedian, fromMedian))
    const other = f64x2.sub(middle, f64x2.mul(otherMedian, otherMedian))
    let above = constant(0)
    let below = constant(1)
    let otherAbove = above
    let otherBelow = below
    above = step(above, from, 2)
    otherAbove = step(otherAbove, other, 2)
    below = step(below, from, 3)
    otherBelow = step(otherBelow, other, 3)
    store<u32>(at, <u32>a + <u32>b, 8 * ahead + 4)
    mixed = a ^ b
    a = turned(a, mixed)
    b = rotl<u64>(mixed, 37)
    store<u32>(at, <u32>a + <u32>b, 8 * ahead)
    mixed = a ^ b
    a = turned(a, mixed)
    b = rotl<u64>(mixed, 37)
    above = step(above, from, 4)
    otherAbove = step(otherAbove, other, 4)
    below = step(below, from, 5)
    otherBelow = step(otherBelow, other, 5)
    store<u32>(at, <u32>a + <u32>b, 8 * ahead + 12)
    mixed = a ^ b
    a = turned(a, mixed)
    b = rotl<u64>(mixed, 37)
    store<u32>(at, <u32>a + <u32>b, 8 * ahead + 8)
    mixed = a ^ b
    a = turned(a, mixed)
    b = rotl<u64>(mixed, 37)
    above = step(above, from, 6)
    otherAbove = step(otherAbove, other, 6)
    below = step(below, from, 7)
    otherBelow = step(otherBelow, other, 7)
    store<u32>(at, <u32>a + <u32>b, 8 * ahead + 20)
    mixed = a ^ b
    a = turned(a, mixed)
    b = rotl<u64>(mixed, 37)
    store<u32>(at, <u32>a + <u32>b, 8 * ahead + 16)
    mixed = a ^ b
    a = turned(a, mixed)
    b = rotl<u64>(mixed, 37)
    above = step(above, from, 8)
    otherAbove = step(otherAbove, other, 8)
    below = step(below, from, 9)
    otherBelow = step(otherBelow, other, 9)
    store<u32>(at, <u32>a + <u32>b, 8 * ahead + 28)
    mixed = a ^ b
    a = turned(a, mixed)
    b = rotl<u64>(mixed, 37)
    store<u32>(at, <u32>a + <u32>b, 8 * ahead + 24)
    mixed = a ^ b
    a = turned(a, mixed)
    b = rotl<u64>(mixed, 37)
    above = step(above, from, 10)
    otherAbove = step(otherAbove, other, 10)
    below = step(below, from, 11)
    otherBelow = step(otherBelow, other, 11)
    above = step(above, from, 12)
    otherAbove = step(otherAbove, other, 12)
    below = step(below, from, 13)
    otherBelow = step(otherBelow, other, 13)
    above = step(above, from, 14)
    otherAbove = step(otherAbove, other, 14)
    below = step(below, from, 15)
    otherBelow = step(otherBelow, other, 15)
    const sign = mask(0)
    const to = at - drawsAt + numbers
    v128.store(to, v128.xor(f64x2.mul(fromMedian, f64x2.div(above, below)), v128.andnot(sign, draws)))
    v128.store(to, v128.xor(f64x2.mul(otherMedian, f64x2.div(otherAbove, otherBelow)), v128.andnot(sign, others)), 16)
    // Written always and counted where it is needed: no branch to be mispredicted.
    const edge = constant(46)
    const far = i64x2.bitmask(f64x2.gt(fromMedian, edge))
    const otherFar = i64x2.bitmask(f64x2.gt(otherMedian, edge))
    const i = <i32>(at - drawsAt) >> 3
    store<i32>(placesAt + (pending << 2), i)
    pending += <usize>(far & 1)
    store<i32>(placesAt + (pending << 2), i + 1)
    pending += <usize>(far >>> 1)
    store<i32>(placesAt + (pending << 2), i + 2)
    pending += <usize>(otherFar & 1)
    store<i32>(placesAt + (pending << 2), i + 3)
    pending += <usize>(otherFar >>> 1)
  }
  s0 = a
  s1 = b
  // Four at a time as well, if need be some of before.
  for (let k: usize = 0; k < pending; k += 2) {
    const first = <usize>load<i32>(placesAt + (k << 2)) << 3
    const second = <usize>load<i32>(placesAt + (k + 1 < pending ? (k + 1) << 2 : k << 2)) << 3
    v128.store(depthsAt + (k << 3), depthsOf(tailsOf(v128.load64_lane(drawsAt + second, v128.load64_zero(drawsAt + first), 1))))
  }
  for (let k: usize = 0; k < pending; k += 4) {
    const depth = v128.load(depthsAt + (k << 3))
    const otherDepth = v128.load(depthsAt + (k << 3), 16)
    const at = f64x2.sub(depth, constant(27))
    const otherAt = f64x2.sub(otherDepth, constant(27))
    let above = constant(28)
    let below = constant(29)
    let otherAbove = above
    let otherBelow = below
    above = step(above, at, 30)
    otherAbove = step(otherAbove, otherAt, 30)
    below = step(below, at, 31)
    otherBelow = step(otherBelow, otherAt, 31)
    above = step(above, at, 32)
    otherAbove = step(otherAbove, otherAt, 32)
    below = step(below, at, 33)
    otherBelow = step(otherBelow, otherAt, 33)
    above = step(above, at, 34)
    otherAbove = step(otherAbove, otherAt, 34)
    below = step(below, at, 35)
    otherBelow = step(otherBelow, otherAt, 35)
    above = step(above, at, 36)
    otherAbove = step(otherAbove, otherAt, 36)
    below = step(below, at, 37)
    otherBelow = step(otherBelow, otherAt, 37)
    above = step(above, at, 38)
    otherAbove = step(otherAbove, otherAt, 38)
    below = step(below, at, 39)
    otherBelow = step(otherBelow, otherAt, 39)
    above = step(above, at, 40)
    otherAbove = step(otherAbove, otherAt, 40)
    below = step(below, at, 41)
    otherBelow = step(otherBelow, otherAt, 41)
    above = step(above, at, 42)
    otherAbove = step(otherAbove, otherAt, 42)
    below = step(below, at, 43)
    otherBelow = step(otherBelow, otherAt, 43)
    v128.store(depthsAt + (k << 3), f64x2.div(above, below))
    v128.store(depthsAt + (k << 3), f64x2.div(otherAbove, otherBelow), 16)
    const five = constant(52)
    if (v128.any_true(v128.or(f64x2.gt(depth, five), f64x2.gt(otherDepth, five)))) {
      farther(depthsAt + (k << 3), depth)
      farther(depthsAt + (k << 3) + 16, otherDepth)
    }
  }
  for (let k: usize = 0; k < pending; k++) {
    const place = numbers + (<usize>load<i32>(placesAt + (k << 2)) << 3)
    // The sign is there already.
    store<f64>(place, copysign<f64>(load<f64>(depthsAt + (k << 3)), load<f64>(place)))
  }
  // The next numbers are of what was drawn ahead.
  for (let at: usize = 0; at < 8 * ahead; at += 16) v128.store(drawsAt + at, v128.load(end + at))
}

/** `sqrt(-log tail)` of two tails below 0.075. */
// @ts-ignore: decorator
@inline
function depthsOf(tails: v128): v128 {
  const bits = i64x2.add(v128.and(tails, mask(3)), mask(4))
  const halved = f64x2.mul(bits, constant(16))
  const upper = f64x2.ge(halved, constant(48))
  const mantissa = v128.bitselect(halved, bits, upper)
  // The exponent as a double: 2^52 + e less 2^52. True is -1.
  const raised = i64x2.sub(i64x2.shr_u(tails, 52), upper)
  const exponent = f64x2.sub(
    v128.or(raised, constant(44)),
    constant(49),
  )
  const excess = f64x2.sub(mantissa, constant(50))
  const s = f64x2.div(excess, f64x2.add(constant(51), excess))
  const z = f64x2.mul(s, s)
  let sum = f64x2.mul(constant(18), z)
  sum = f64x2.mul(f64x2.add(sum, constant(19)), z)
  sum = f64x2.mul(f64x2.add(sum, constant(20)), z)
  sum = f64x2.mul(f64x2.add(sum, constant(21)), z)
  sum = f64x2.mul(f64x2.add(sum, constant(22)), z)
  sum = f64x2.mul(f64x2.add(sum, constant(23)), z)
  sum = f64x2.mul(f64x2.add(sum, constant(24)), z)
  const square = f64x2.mul(f64x2.mul(constant(16), excess), excess)
  const rest = f64x2.add(f64x2.mul(s, f64x2.add(square, sum)), f64x2.mul(exponent, constant(26)))
  const logarithms = f64x2.sub(
    f64x2.mul(exponent, constant(25)),
    f64x2.sub(f64x2.sub(square, rest), excess),
  )
  return f64x2.sqrt(f64x2.neg(logarithms))
}

/** Quantiles of depths above five, which are rare. */
function farther(quantiles: usize, depths: v128): void {
  const first = f64x2.extract_lane(depths, 0)
  const second = f64x2.extract_lane(depths, 1)
  if (first > 5) store<f64>(quantiles, farQuantile(first - 5))
  if (second > 5) store<f64>(quantiles, farQuantile(second - 5), 8)
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
