/** Clouds below this size fit into the fast caches as they are. */
const smallest = 4096

/**
 * An order of the points in which neighbours in space are mostly neighbours in memory (Morton's curve through the first
 * three coordinates). Sorted along any direction, the cloud is then read almost from beginning to end.
 */
export const localOrder = (points: Float64Array, count: number, dimension: number): Int32Array => {
  const identity = Int32Array.from({ length: count }, (_, i) => i)
  if (count < smallest) return identity
  const axes = Math.min(dimension, 3)
  const bits = axes === 3 ? 10 : 15
  const codes = new Uint32Array(count)
  for (let k = 0; k < axes; k++) {
    let [low, high] = [Infinity, -Infinity]
    for (let i = 0; i < count; i++) {
      const value = points[i * dimension + k]
      if (value < low) low = value
      if (value > high) high = value
    }
    const scale = high > low ? (2 ** bits - 1) / (high - low) : 0
    for (let i = 0; i < count; i++) {
      const cell = Math.floor((points[i * dimension + k] - low) * scale)
      codes[i] |= (axes === 3 ? spreadByThree(cell) : axes === 2 ? spreadByTwo(cell) : cell) << k
    }
  }
  return [0, 10, 20].reduce<Int32Array>((order, shift) => byDigit(codes, order, shift), identity)
}

/** Puts a zero between each two of the lowest 16 bits. */
const spreadByTwo = (value: number): number => {
  let bits = (value | (value << 8)) & 0x00ff00ff
  bits = (bits | (bits << 4)) & 0x0f0f0f0f
  bits = (bits | (bits << 2)) & 0x33333333
  return (bits | (bits << 1)) & 0x55555555
}

/** Puts two zeros between each two of the lowest 10 bits. */
const spreadByThree = (value: number): number => {
  let bits = (value | (value << 16)) & 0x030000ff
  bits = (bits | (bits << 8)) & 0x0300f00f
  bits = (bits | (bits << 4)) & 0x030c30c3
  return (bits | (bits << 2)) & 0x09249249
}

/** One pass of a radix sort, by ten bits. */
const byDigit = (codes: Uint32Array, order: Int32Array, shift: number): Int32Array => {
  const starts = new Int32Array(1025)
  for (const code of codes) starts[((code >>> shift) & 1023) + 1] += 1
  for (let digit = 0; digit < 1024; digit++) starts[digit + 1] += starts[digit]
  const sorted = new Int32Array(order.length)
  for (const i of order) {
    const digit = (codes[i] >>> shift) & 1023
    sorted[starts[digit]] = i
    starts[digit] += 1
  }
  return sorted
}
