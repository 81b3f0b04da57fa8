import type { Machine } from './machine.js'

/** The numbers of Adam's update: see the optimiser. */
export interface AdamFactors {
  readonly keep: number
  readonly take: number
  readonly keepSquare: number
  readonly takeSquare: number
  readonly length: number
  readonly floor: number
}

/** The arrays of one leaf after Adam's step. */
export interface AdamLeaf {
  /** The update; or the parameters after it, where they were given. */
  readonly moved: Float32Array
  readonly mean: Float32Array
  readonly meanSquare: Float32Array
}

/** How many numbers are worked on at a time: they stay in the cache. */
const chunk = 8192

/** New moving means of one leaf, and where they lead. */
export const adamStep = (
  { exports, rooms }: Machine,
  gradient: Float32Array,
  mean: Float32Array,
  meanSquare: Float32Array,
  factors: AdamFactors,
  params?: Float32Array,
): AdamLeaf => {
  const size = gradient.length
  const after: AdamLeaf = { moved: new Float32Array(size), mean: new Float32Array(size), meanSquare: new Float32Array(size) }
  const [g, m, v, p] = rooms([chunk, chunk, chunk, chunk]) as readonly [Float32Array, Float32Array, Float32Array, Float32Array]
  const [places, result] = [[g, m, v].map(({ byteOffset }) => byteOffset) as [number, number, number], params === undefined ? g : p]
  const at = params === undefined ? 0 : p.byteOffset
  const { keep, take, keepSquare, takeSquare, length, floor } = factors
  for (let from = 0; from < size; from += chunk) {
    const to = Math.min(size, from + chunk)
    const count = to - from
    g.set(gradient.subarray(from, to))
    m.set(mean.subarray(from, to))
    v.set(meanSquare.subarray(from, to))
    if (params !== undefined) p.set(params.subarray(from, to))
    const padded = 4 * Math.ceil(count / 4)
    exports.adam(...places, at, padded, keep, take, keepSquare, takeSquare, length, floor)
    after.moved.set(result.subarray(0, count), from)
    after.mean.set(m.subarray(0, count), from)
    after.meanSquare.set(v.subarray(0, count), from)
  }
  return after
}
