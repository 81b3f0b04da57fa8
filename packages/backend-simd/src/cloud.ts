import type { Corners } from '@monge/backend'
import type { Heap } from './heap.js'

/** A cloud's coordinates in the heap, written there when first asked for, in the layout and format asked for. */
export interface Cloud {
  readonly count: number
  readonly dimension: number
  /** Point by point. */
  readonly rows: (bytes: 4 | 8) => number
  /** Coordinate by coordinate, each `strideOf(count)` long. */
  readonly columns: (bytes: 4 | 8) => number
  readonly dispose: () => void
}

/**
 * The length of a row of `count` numbers that vectors of any format divide. Sixteen times an odd number: equal places
 * in neighbouring rows do not fall on the same set of the cache.
 */
export const strideOf = (count: number): number => 16 * (Math.ceil(count / 16) | 1)

/** Points `[count, dimension]` relative to `middle`. */
export const cloudOf = (heap: Heap, points: ArrayLike<number>, count: number, middle: Float64Array): Cloud => {
  const dimension = middle.length
  const written = new Map<string, number>()
  const view = (at: number, bytes: 4 | 8, length: number): Float32Array | Float64Array =>
    bytes === 4 ? heap.float32(at, length) : heap.float64(at, length)
  /** Coordinate k of point i at `i * apart + k * along`. */
  const write = (name: string, bytes: 4 | 8, length: number, apart: number, along: number): number => {
    const key = `${name} ${bytes}`
    const known = written.get(key)
    if (known !== undefined) return known
    const at = heap.allocate(length * bytes)
    const target = view(at, bytes, length)
    // Only columns have places between the numbers.
    if (along !== 1) target.fill(0)
    if (target instanceof Float32Array) place32(target, points, count, middle, apart, along)
    else place64(target, points, count, middle, apart, along)
    written.set(key, at)
    return at
  }
  const stride = strideOf(count)
  return {
    count,
    dimension,
    rows: (bytes) => write('rows', bytes, count * dimension, dimension, 1),
    columns: (bytes) => write('columns', bytes, stride * dimension, 1, stride),
    dispose: () => written.forEach((at) => heap.free(at)),
  }
}

/** Points that are turned together: their rows stay in the cache from coordinate to coordinate. */
const together = 64

// One loop for each format: where one serves both, each access asks for it anew.
const place32 = (
  target: Float32Array,
  points: ArrayLike<number>,
  count: number,
  centre: Float64Array,
  apart: number,
  along: number,
): void => {
  const dimension = centre.length
  if (along === 1) {
    for (let i = 0, from = 0; i < count; i++)
      for (let k = 0, to = i * apart; k < dimension; k++, from++, to++) target[to] = points[from] - centre[k]
    return
  }
  for (let start = 0; start < count; start += together) {
    const end = Math.min(start + together, count)
    for (let k = 0; k < dimension; k++)
      for (let i = start, from = i * dimension + k, to = i * apart + k * along; i < end; i++, from += dimension, to += apart)
        target[to] = points[from] - centre[k]
  }
}

const place64 = (
  target: Float64Array,
  points: ArrayLike<number>,
  count: number,
  centre: Float64Array,
  apart: number,
  along: number,
): void => {
  const dimension = centre.length
  if (along === 1) {
    for (let i = 0, from = 0; i < count; i++)
      for (let k = 0, to = i * apart; k < dimension; k++, from++, to++) target[to] = points[from] - centre[k]
    return
  }
  for (let start = 0; start < count; start += together) {
    const end = Math.min(start + together, count)
    for (let k = 0; k < dimension; k++)
      for (let i = start, from = i * dimension + k, to = i * apart + k * along; i < end; i++, from += dimension, to += apart)
        target[to] = points[from] - centre[k]
  }
}

/** The smallest box around two. */
export const jointBox = (one: Corners, other: Corners): Corners => ({
  low: one.low.map((value, k) => Math.min(value, other.low[k])),
  high: one.high.map((value, k) => Math.max(value, other.high[k])),
})
