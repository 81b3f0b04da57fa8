import type { Corners } from '@monge/backend'
import { over } from './heap.js'
import type { Machine } from './machine.js'

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

/** Points `[count, dimension]` relative to `middle`. The kernels lay them out: in JavaScript it would take ten times as long. */
export const cloudOf = (
  { heap, layOut }: Pick<Machine, 'heap' | 'layOut'>,
  points: ArrayLike<number>,
  count: number,
  middle: Float64Array,
): Cloud => {
  const dimension = middle.length
  const given = points instanceof Float32Array ? 4 : 8
  const written = new Map<string, number>()
  const once = (key: string, bytes: number, write: (at: number) => void): number => {
    const known = written.get(key)
    if (known !== undefined) return known
    const at = heap.allocate(bytes)
    over(heap, at, write)
    written.set(key, at)
    return at
  }
  const copied = (): number =>
    once('given', points.length * given, (at) => {
      const target = given === 4 ? heap.float32(at, points.length) : heap.float64(at, points.length)
      target.set(points)
    })
  const centred = (): number => once('middle', dimension * 8, (at) => heap.float64(at, dimension).set(middle))
  const placed = (name: string, bytes: 4 | 8, length: number, apart: number): number =>
    once(`${name} ${bytes}`, length * bytes, (at) =>
      layOut(copied(), given, at, bytes, count, dimension, centred(), apart),
    )
  const stride = strideOf(count)
  return {
    count,
    dimension,
    rows: (bytes) => placed('rows', bytes, count * dimension, 0),
    columns: (bytes) => placed('columns', bytes, stride * dimension, stride),
    dispose: () => written.forEach((at) => heap.free(at)),
  }
}

/** The smallest box around two. */
export const jointBox = (one: Corners, other: Corners): Corners => {
  const low = one.low.slice()
  const high = one.high.slice()
  for (let k = 0; k < low.length; k++) {
    low[k] = Math.min(low[k], other.low[k])
    high[k] = Math.max(high[k], other.high[k])
  }
  return { low, high }
}
