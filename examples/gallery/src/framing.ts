import type { Layer } from '@monge/viz'

/*
 * What pictures of several experiments share.
 */

type Range = readonly [number, number]

/** A layer that asks for a given part of the plane, so that the frame stands still while the cloud moves. */
export const framed =
  (x: Range, y: Range = x) =>
  (layer: Layer): Layer => ({ ...layer, extent: { x, y } })

/** Row-major points as plotting functions take them. */
export const planar = (points: Float32Array): { readonly data: Float32Array; readonly shape: readonly [number, number] } => ({
  data: points,
  shape: [points.length / 2, 2],
})

/** All but one in so many vectors `[n, 2]` as zero, so that at most `most` arrows are drawn. */
export const thinned = (vectors: Float32Array, most: number): Float32Array => {
  const stride = Math.ceil(vectors.length / 2 / most)
  return vectors.map((value, index) => ((index >> 1) % stride === 0 ? value : 0))
}
