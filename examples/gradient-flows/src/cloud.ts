import { categorical, fold, key, uniform } from '@monge/random'
import type { Density } from '@monge-tooling/stories'

/** Points in the plane. */
export type Cloud = readonly (readonly [number, number])[]

/**
 * `count` points drawn from a density: a pixel by its mass, then a place within it, so that points are spread
 * continuously. The longer side of the picture spans `[0, 1]`, the second axis points up.
 */
export const cloud = (density: Density, count: number, seed: number, stream: number): Cloud => {
  const { width, height, mass } = density
  const own = fold(stream)(key(seed))
  const pixels = categorical(mass, count)(fold(0)(own))
  const places = uniform({}, 2 * count)(fold(1)(own))
  const side = Math.max(width, height)
  return Array.from(pixels, (pixel, index) => {
    const [right = 0, up = 0] = places.subarray(2 * index, 2 * index + 2)
    return [((pixel % width) + right) / side, (height - 1 - Math.floor(pixel / width) + up) / side]
  })
}
