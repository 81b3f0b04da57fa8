/*
 * Clouds as the kernels read them: less their middle, point by point or coordinate by coordinate, in either format. Middles
 * are taken off in float64, and what is left is rounded once.
 */

/** Two numbers from an address on, less those at another, in float64. */
// @ts-ignore: decorator
@inline function pairLess<S>(source: usize, middle: usize): v128 {
  const pair = sizeof<S>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(source)) : v128.load(source)
  return f64x2.sub(pair, v128.load(middle))
}

/** Four numbers likewise, in float32. */
// @ts-ignore: decorator
@inline function fourLess<S>(source: usize, middle: usize): v128 {
  const low = f32x4.demote_f64x2_zero(pairLess<S>(source, middle))
  const high = f32x4.demote_f64x2_zero(pairLess<S>(source + 2 * sizeof<S>(), middle + 16))
  return v128.shuffle<i32>(low, high, 0, 1, 4, 5)
}

// @ts-ignore: decorator
@inline function oneLess<S, T>(source: usize, middle: usize): T {
  return <T>(<f64>load<S>(source) - load<f64>(middle))
}

function rows<S, T>(source: usize, target: usize, count: i32, dimension: i32, middle: usize): void {
  const together = 16 / sizeof<T>()
  for (let i = 0; i < count; i++) {
    let k: usize = 0
    for (; k + together <= <usize>dimension; k += together) {
      const from = source + k * sizeof<S>()
      const less = sizeof<T>() == 4 ? fourLess<S>(from, middle + k * 8) : pairLess<S>(from, middle + k * 8)
      v128.store(target + k * sizeof<T>(), less)
    }
    for (; k < <usize>dimension; k++)
      store<T>(target + k * sizeof<T>(), oneLess<S, T>(source + k * sizeof<S>(), middle + k * 8))
    source += <usize>dimension * sizeof<S>()
    target += <usize>dimension * sizeof<T>()
  }
}

/** Four by four numbers, turned. */
// @ts-ignore: decorator
@inline function squareOfFour<S>(source: usize, row: usize, target: usize, stride: usize, middle: usize): void {
  const a = fourLess<S>(source, middle)
  const b = fourLess<S>(source + row, middle)
  const c = fourLess<S>(source + 2 * row, middle)
  const d = fourLess<S>(source + 3 * row, middle)
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5)
  const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5)
  const ef = v128.shuffle<i32>(a, b, 2, 6, 3, 7)
  const gh = v128.shuffle<i32>(c, d, 2, 6, 3, 7)
  v128.store(target, v128.shuffle<i32>(ab, cd, 0, 1, 4, 5))
  v128.store(target + stride, v128.shuffle<i32>(ab, cd, 2, 3, 6, 7))
  v128.store(target + 2 * stride, v128.shuffle<i32>(ef, gh, 0, 1, 4, 5))
  v128.store(target + 3 * stride, v128.shuffle<i32>(ef, gh, 2, 3, 6, 7))
}

/** Two by two. */
// @ts-ignore: decorator
@inline function squareOfTwo<S>(source: usize, row: usize, target: usize, stride: usize, middle: usize): void {
  const a = pairLess<S>(source, middle)
  const b = pairLess<S>(source + row, middle)
  v128.store(target, v128.shuffle<i64>(a, b, 0, 2))
  v128.store(target + stride, v128.shuffle<i64>(a, b, 1, 3))
}

function columns<S, T>(source: usize, target: usize, count: i32, dimension: i32, middle: usize, apart: i32): void {
  const together = 16 / <i32>sizeof<T>()
  const row = <usize>dimension * sizeof<S>()
  const stride = <usize>apart * sizeof<T>()
  let i = 0
  for (; i + together <= count; i += together) {
    const from = source + <usize>i * row
    const to = target + <usize>i * sizeof<T>()
    let k = 0
    for (; k + together <= dimension; k += together) {
      const start = from + <usize>k * sizeof<S>()
      if (sizeof<T>() == 4) squareOfFour<S>(start, row, to + <usize>k * stride, stride, middle + <usize>k * 8)
      else squareOfTwo<S>(start, row, to + <usize>k * stride, stride, middle + <usize>k * 8)
    }
    for (; k < dimension; k++)
      for (let r = 0; r < together; r++)
        store<T>(
          to + <usize>k * stride + <usize>r * sizeof<T>(),
          oneLess<S, T>(from + <usize>r * row + <usize>k * sizeof<S>(), middle + <usize>k * 8),
        )
  }
  for (; i < count; i++)
    for (let k = 0; k < dimension; k++)
      store<T>(
        target + <usize>k * stride + <usize>i * sizeof<T>(),
        oneLess<S, T>(source + <usize>i * row + <usize>k * sizeof<S>(), middle + <usize>k * 8),
      )
  const used = <usize>count * sizeof<T>()
  for (let k = 0; k < dimension; k++) memory.fill(target + <usize>k * stride + used, 0, stride - used)
}

/**
 * Points `[count, dimension]` at `source`, less `middle` (in float64), to `target`: point by point, or, where `apart` is
 * not 0, coordinate by coordinate, each `apart` numbers long, zeros last. Formats are bytes of a number.
 */
export function layOut(
  source: usize, sourceBytes: i32, target: usize, targetBytes: i32, count: i32, dimension: i32, middle: usize, apart: i32,
): void {
  if (sourceBytes == 4 && targetBytes == 4) placed<f32, f32>(source, target, count, dimension, middle, apart)
  else if (sourceBytes == 4) placed<f32, f64>(source, target, count, dimension, middle, apart)
  else if (targetBytes == 4) placed<f64, f32>(source, target, count, dimension, middle, apart)
  else placed<f64, f64>(source, target, count, dimension, middle, apart)
}

function placed<S, T>(source: usize, target: usize, count: i32, dimension: i32, middle: usize, apart: i32): void {
  if (apart == 0) rows<S, T>(source, target, count, dimension, middle)
  else columns<S, T>(source, target, count, dimension, middle, apart)
}
