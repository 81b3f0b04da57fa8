/*
 * Functions of each number, and their derivatives, in float32, to a few units in the last place. NaN gives NaN. V8 makes
 * vector constants anew in each turn of a loop: they are loaded from memory instead.
 */

const SIGMOID: i32 = 0
const TANH: i32 = 1
const SOFTPLUS: i32 = 2
const SWISH: i32 = 3
const ELU: i32 = 4
const GELU: i32 = 5

const table: usize = memory.data<f32>([
  // exp: bounds, log2(e), the number whose last bit is 1, log(2) in two parts, the series (Cephes, expf)
  -87.3, 88, 1.44269504088896341, 12582912, 0.693359375, -2.12194440e-4,
  1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
  // tanh near zero (Cephes, tanhf), and how near
  -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1, 0.625,
  // erfc (Press et al., Numerical Recipes, erfcc: relative error 1.2e-7), from the highest power down
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223,
  // sqrt(1/2), sqrt(1 / 2 pi)
  0.70710678118654752, 0.39894228040143268,
])

// @ts-ignore: decorator
@inline
function at(index: usize): v128 {
  return v128.load32_splat(table + (index << 2))
}

/** exp(x) - 1 if `less` is 1, exp(x) if it is 0: 2^n exp(r) for the nearest n, within the range of normal numbers. */
function exponential(given: v128, less: f32): v128 {
  const x = f32x4.min(f32x4.max(given, at(0)), at(1))
  const bits = f32x4.add(f32x4.mul(x, at(2)), at(3))
  const n = f32x4.sub(bits, at(3))
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, at(4))), f32x4.mul(n, at(5)))
  let y = f32x4.add(f32x4.mul(at(6), r), at(7))
  y = f32x4.add(f32x4.mul(y, r), at(8))
  y = f32x4.add(f32x4.mul(y, r), at(9))
  y = f32x4.add(f32x4.mul(y, r), at(10))
  y = f32x4.add(f32x4.mul(y, r), at(11))
  y = f32x4.add(f32x4.mul(y, f32x4.mul(r, r)), r)
  const power = i32x4.add(i32x4.shl(bits, 23), i32x4.splat(0x3f800000))
  return f32x4.add(f32x4.mul(y, power), f32x4.sub(power, f32x4.splat(less)))
}

/** exp(-|x|), which does not overflow. */
// @ts-ignore: decorator
@inline
function decay(x: v128): v128 {
  return exponential(f32x4.neg(f32x4.abs(x)), 0)
}

/** 1 / (1 + exp(-x)) of x and its decay. */
// @ts-ignore: decorator
@inline
function share(x: v128, e: v128): v128 {
  const one = f32x4.splat(1)
  return f32x4.div(v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0))), f32x4.add(one, e))
}

function sigmoid(x: v128): v128 {
  return share(x, decay(x))
}

function tanh(x: v128): v128 {
  const one = f32x4.splat(1)
  const size = f32x4.abs(x)
  const z = f32x4.mul(x, x)
  let near = f32x4.add(f32x4.mul(at(12), z), at(13))
  near = f32x4.add(f32x4.mul(near, z), at(14))
  near = f32x4.add(f32x4.mul(near, z), at(15))
  near = f32x4.add(f32x4.mul(near, z), at(16))
  near = f32x4.add(f32x4.mul(f32x4.mul(near, z), x), x)
  const e = decay(f32x4.add(x, x))
  const far = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e))
  const signed = v128.or(far, v128.and(x, f32x4.splat(-0.0)))
  return v128.bitselect(near, signed, f32x4.lt(size, at(17)))
}

/** max(x, 0) + log(1 + e) for e = exp(-|x|): the logarithm is 2 artanh(e / (2 + e)). */
function softplus(x: v128): v128 {
  const e = decay(x)
  const w = f32x4.div(e, f32x4.add(e, f32x4.splat(2)))
  const z = f32x4.mul(w, w)
  let y = f32x4.splat(<f32>(2.0 / 15))
  y = f32x4.add(f32x4.mul(y, z), f32x4.splat(<f32>(2.0 / 13)))
  y = f32x4.add(f32x4.mul(y, z), f32x4.splat(<f32>(2.0 / 11)))
  y = f32x4.add(f32x4.mul(y, z), f32x4.splat(<f32>(2.0 / 9)))
  y = f32x4.add(f32x4.mul(y, z), f32x4.splat(<f32>(2.0 / 7)))
  y = f32x4.add(f32x4.mul(y, z), f32x4.splat(<f32>(2.0 / 5)))
  y = f32x4.add(f32x4.mul(y, z), f32x4.splat(<f32>(2.0 / 3)))
  y = f32x4.add(f32x4.mul(y, z), f32x4.splat(2))
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), f32x4.mul(y, w))
}

/** The standard normal distribution function, erfc(-x / sqrt 2) / 2. */
function normal(x: v128): v128 {
  const one = f32x4.splat(1)
  const z = f32x4.mul(f32x4.abs(x), at(28))
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(z, f32x4.splat(0.5))))
  let y = f32x4.add(f32x4.mul(t, at(18)), at(19))
  for (let k: usize = 20; k < 28; k++) y = f32x4.add(f32x4.mul(t, y), at(k))
  const half = f32x4.mul(f32x4.mul(t, f32x4.splat(0.5)), exponential(f32x4.sub(y, f32x4.mul(z, z)), 0))
  return v128.bitselect(half, f32x4.sub(one, half), f32x4.lt(x, f32x4.splat(0)))
}

function value(kind: i32, x: v128): v128 {
  switch (kind) {
    case SIGMOID: return sigmoid(x)
    case TANH: return tanh(x)
    case SOFTPLUS: return softplus(x)
    case SWISH: return f32x4.mul(x, sigmoid(x))
    case ELU: return v128.bitselect(exponential(x, 1), x, f32x4.lt(x, f32x4.splat(0)))
    default: return f32x4.mul(x, normal(x))
  }
}

function slope(kind: i32, x: v128): v128 {
  const one = f32x4.splat(1)
  switch (kind) {
    case SIGMOID:
    case TANH: {
      const e = decay(kind == TANH ? f32x4.add(x, x) : x)
      const sum = f32x4.add(one, e)
      const y = f32x4.div(e, f32x4.mul(sum, sum))
      return kind == TANH ? f32x4.mul(y, f32x4.splat(4)) : y
    }
    case SOFTPLUS: return sigmoid(x)
    case SWISH: {
      const e = decay(x)
      const s = share(x, e)
      return f32x4.mul(s, f32x4.add(one, f32x4.mul(x, share(f32x4.neg(x), e))))
    }
    case ELU: return v128.bitselect(exponential(x, 0), f32x4.add(one, f32x4.sub(x, x)), f32x4.lt(x, f32x4.splat(0)))
    default: {
      const density = f32x4.mul(at(29), exponential(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)), 0))
      return f32x4.add(normal(x), f32x4.mul(x, density))
    }
  }
}

/** A function of each number, times a gain. `count` is a multiple of 4, here and below. */
export function activate(kind: i32, x: usize, gain: f32, out: usize, count: i32): void {
  const gains = f32x4.splat(gain)
  for (const end = out + (<usize>count << 2); out < end; out += 16, x += 16)
    v128.store(out, f32x4.mul(value(kind, v128.load(x)), gains))
}

/** Slopes times those of such a function at x, and its gain. */
export function slopes(kind: i32, x: usize, upstream: usize, gain: f32, out: usize, count: i32): void {
  const gains = f32x4.splat(gain)
  for (const end = out + (<usize>count << 2); out < end; out += 16, x += 16, upstream += 16)
    v128.store(out, f32x4.mul(f32x4.mul(v128.load(upstream), gains), slope(kind, v128.load(x))))
}
