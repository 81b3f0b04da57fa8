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
  readonly update: Float32Array
  readonly mean: Float32Array
  readonly meanSquare: Float32Array
}

/** How many numbers are worked on at a time: they stay in the cache. */
const chunk = 8192

/** New moving means, and the update, of one leaf. */
export const adamStep = (
  { exports, rooms }: Machine,
  gradient: Float32Array,
  mean: Float32Array,
  meanSquare: Float32Array,
  factors: AdamFactors,
): AdamLeaf => {
  const size = gradient.length
  const after: AdamLeaf = { update: new Float32Array(size), mean: new Float32Array(size), meanSquare: new Float32Array(size) }
  const [g, m, v] = rooms([chunk, chunk, chunk]) as readonly [Float32Array, Float32Array, Float32Array]
  const { keep, take, keepSquare, takeSquare, length, floor } = factors
  for (let from = 0; from < size; from += chunk) {
    const to = Math.min(size, from + chunk)
    const count = to - from
    g.set(gradient.subarray(from, to))
    m.set(mean.subarray(from, to))
    v.set(meanSquare.subarray(from, to))
    const padded = 4 * Math.ceil(count / 4)
    exports.adam(g.byteOffset, m.byteOffset, v.byteOffset, padded, keep, take, keepSquare, takeSquare, length, floor)
    after.update.set(g.subarray(0, count), from)
    after.mean.set(m.subarray(0, count), from)
    after.meanSquare.set(v.subarray(0, count), from)
  }
  return after
}
